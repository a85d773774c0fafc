//! What an enterprise sees of others: nothing before a release, then what the release says and nothing else.

use model::release::{NoPeers, PEERS, TableKind, peers};
use tests::{answers::questionnaire, each_database};

use crate::{
    VI,
    releases::{computed, document, issued, province},
};

#[tokio::test]
async fn the_result_shows_quartiles_of_firms_like_it_from_the_last_release_alone() {
    each_database(|database| async {
        let (server, analyst) = province(database).await;
        let owner = server.client();
        owner.sign_in("dn1@example.vn").await;
        let result = owner.follow(owner.get("/assessments").await).await;
        let text = result.html().main_text();
        assert!(text.contains(&*VI.t("pillars-text-unreleased")), "{text}");
        assert!(!text.contains(&*VI.t("legend-half")) && !text.contains(&*VI.t("column-median")));

        let (address, _) = computed(&analyst).await;
        let draft = owner.follow(owner.get("/assessments").await).await;
        assert!(!draft.html().main_text().contains(&*VI.t("legend-half")), "a draft is not public");
        issued(&analyst, &address).await;
        let release = document(&owner, 1).await;
        // Enterprise 1 has division 47, section G; the frame of the registered knows no sizes.
        let expected = peers(&release, questionnaire(), ("G", "")).expect("a group");
        assert_eq!((expected.domain.table, expected.domain.code.as_str()), (TableKind::Section, "G"));
        let result = owner.follow(owner.get("/assessments").await).await;
        let html = result.html();
        assert_eq!(html.problems(), [""; 0]);
        let text = html.main_text();
        assert!(text.contains(&VI.with("peers-wider", [("least", &PEERS.to_string())])), "{text}");
        assert!(text.contains(&*VI.t("peers-self")));
        let [low, median, high] = expected.overall.map(|points| points.to_string());
        // Enterprise 1 answered low: its score stands below the middle half.
        let numbers =
            VI.with("peers-numbers", [("score", "21,2"), ("median", &median), ("low", &low), ("high", &high)]);
        assert!(expected.overall[0] > 21, "{expected:?}");
        assert!(text.contains(&*VI.t("peers-below")) && text.contains(&numbers), "{numbers} in {text}");
        let cells: Vec<String> = html.named("td").map(|cell| cell.text.trim().to_owned()).collect();
        for [low, median, high] in expected.pillars.iter().chain([&expected.overall]) {
            let at = cells.windows(2).any(|pair| pair[0] == median.to_string() && pair[1] == format!("{low}–{high}"));
            assert!(at, "{low} {median} {high} in {cells:?}");
        }
        let labels: Vec<&str> = html.elements().filter_map(|element| element.attribute("aria-label")).collect();
        for [low, median, high] in &expected.pillars {
            let (low, median, high) = (low.to_string(), median.to_string(), high.to_string());
            let words = VI.with("dot-peers", [("low", &low), ("median", &median), ("high", &high)]);
            assert!(labels.iter().any(|label| label.contains(&words)), "{words} in {labels:?}");
        }

        // Narrow groups that the release does not have lead to wider ones, and no group at all is said.
        let everybody = peers(&release, questionnaire(), ("A", "micro")).expect("the province");
        assert_eq!(everybody.domain.table, TableKind::Province);
        let mut bare = release.clone();
        bare.indicators.iter_mut().for_each(|indicator| indicator.quartiles.clear());
        assert_eq!(peers(&bare, questionnaire(), ("G", "")), Err(NoPeers::TooFew));
        let mut other = release;
        other.questionnaire.version = "1999".into();
        assert_eq!(peers(&other, questionnaire(), ("G", "")), Err(NoPeers::OtherQuestions));
    })
    .await;
}
