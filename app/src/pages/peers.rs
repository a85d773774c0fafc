//! What a release says about firms like the reader's, in words.

use leptos::prelude::*;
use model::{
    format,
    release::{NClass, NoPeers, PEERS, Peers, TableKind},
};

use super::indicators::words;
use crate::i18n::Tr;

/// The last release, seen from one enterprise.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Its number.
    pub release: i64,
    /// The day it was issued.
    pub day: String,
    /// The group, or why there is none.
    pub peers: Result<Peers, NoPeers>,
}

/// Whether the enterprise is above, in or below the middle of its group, with the numbers; which group this is; or why
/// there is none. `score` is the enterprise's overall score, 0–100.
pub fn lead(tr: Tr, compared: &Compared, score: Option<f64>) -> AnyView {
    let number = compared.release.to_string();
    let least = PEERS.to_string();
    let href = format!("/indicators/{number}");
    let release = view! { <a href=href>{tr.with("peers-release", [("number", &number), ("day", &compared.day)])}</a> };
    match (&compared.peers, score) {
        (Ok(peers), Some(score)) => view! {
            <p class="l-text"><strong>{tr.t(standing(peers.overall, score))}</strong>" "{numbers(tr, peers, score)}</p>
            <details class="c-details l-text">
                <summary>{tr.t("peers-which")}</summary>
                <p>{about(tr, peers)}" "{release}</p>
            </details>
        }
        .into_any(),
        (Ok(_), None) => ().into_any(),
        (Err(NoPeers::OtherQuestions), _) => {
            view! { <p class="l-text">{tr.with("peers-other", [("number", &number)])}" "{release}</p> }.into_any()
        }
        (Err(NoPeers::TooFew), _) => {
            let text = tr.with("peers-few", [("number", &number), ("least", &least)]);
            view! { <p class="l-text">{text}" "{release}</p> }.into_any()
        }
    }
}

/// Where a score stands beside the quartiles of a group: outside of the middle half, a quarter is further out still.
fn standing(quartiles: [u32; 3], score: f64) -> &'static str {
    let [low, _, high] = quartiles.map(f64::from);
    if score > high {
        "peers-above"
    } else if score < low {
        "peers-below"
    } else {
        "peers-middle"
    }
}

fn numbers(tr: Tr, peers: &Peers, score: f64) -> String {
    let score = format::score(tr.lang, score);
    let [low, median, high] = peers.overall.map(|points| points.to_string());
    tr.with("peers-numbers", [("score", &score), ("median", &median), ("low", &low), ("high", &high)])
}

fn about(tr: Tr, peers: &Peers) -> String {
    let group = words::domain(tr, &peers.domain);
    let mut text = tr.with("peers-group", [("group", group.as_str()), ("n", respondents(peers.n))]);
    if peers.domain.table != TableKind::SectionSize {
        text = format!("{text} {}", tr.with("peers-wider", [("least", &PEERS.to_string())]));
    }
    format!("{text} {}", tr.t("peers-self"))
}

/// How many answered: a group with quartiles has [`PEERS`] at least.
fn respondents(n: NClass) -> &'static str {
    match n {
        NClass::From5 | NClass::From10 | NClass::From20 => "30–49",
        NClass::From50 | NClass::From100 => n.label(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_on_a_quartile_is_in_the_middle() {
        let quartiles = [27, 35, 44];
        for (score, expected) in [
            (26.9, "peers-below"),
            (27.0, "peers-middle"),
            (35.0, "peers-middle"),
            (44.0, "peers-middle"),
            (44.1, "peers-above"),
        ] {
            assert_eq!(standing(quartiles, score), expected, "{score}");
        }
    }
}
