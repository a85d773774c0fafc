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
            <p class="l-text"><strong>{standing(peers.overall, score).words(tr)}</strong>" "{numbers(tr, peers, score)}</p>
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

/// Where a score stands beside the middle half of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Above,
    Middle,
    Below,
}

impl Standing {
    fn words(self, tr: Tr) -> String {
        match self {
            Self::Above => tr.t("peers-above"),
            Self::Middle => tr.t("peers-middle"),
            Self::Below => tr.t("peers-below"),
        }
        .into_owned()
    }
}

/// Outside of the middle half, three quarters are on the other side.
fn standing(quartiles: [u32; 3], score: f64) -> Standing {
    let [low, _, high] = quartiles.map(f64::from);
    if score > high {
        Standing::Above
    } else if score < low {
        Standing::Below
    } else {
        Standing::Middle
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
            (26.9, Standing::Below),
            (27.0, Standing::Middle),
            (35.0, Standing::Middle),
            (44.0, Standing::Middle),
            (44.1, Standing::Above),
        ] {
            assert_eq!(standing(quartiles, score), expected, "{score}");
        }
    }
}
