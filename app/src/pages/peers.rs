//! What a release says about firms like the reader's, in words.

use leptos::prelude::*;
use model::release::{NClass, NoPeers, PEERS, Peers, TableKind};

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

/// Which group this is and where its numbers come from, or why there is none.
pub fn lead(tr: Tr, compared: &Compared) -> AnyView {
    let number = compared.release.to_string();
    let least = PEERS.to_string();
    let text = match &compared.peers {
        Ok(peers) => about(tr, peers),
        Err(NoPeers::OtherQuestions) => tr.with("peers-other", [("number", &number)]),
        Err(NoPeers::TooFew) => tr.with("peers-few", [("number", &number), ("least", &least)]),
    };
    let href = format!("/indicators/{number}");
    view! {
        <p class="l-text">
            {text}" "<a href=href>{tr.with("peers-release", [("number", &number), ("day", &compared.day)])}</a>
        </p>
    }
    .into_any()
}

fn about(tr: Tr, peers: &Peers) -> String {
    let group = words::domain(tr, &peers.domain);
    let about = [("group", group.as_str()), ("n", respondents(peers.n))];
    let mut text = tr.with("peers-group", about);
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
