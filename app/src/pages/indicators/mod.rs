//! What the province publishes: one release, read from its document and nothing else.
//!
//! Every number on these pages stands in the document; charts round to whole numbers and have their table beside them.

mod corrections;
mod dashboard;
mod detail;
pub mod order;
mod sure;
mod table;
mod targets;
mod trend;
pub mod words;

use leptos::prelude::*;
use model::release::Release;

use crate::{i18n::Tr, ui::notice};

pub use dashboard::dashboard;
pub use detail::detail;

/// A release with its place among the others.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The document.
    pub release: &'a Release,
    /// Who publishes.
    pub owner: &'a str,
    /// Whether this is a draft that only the analyst sees: it has no files and no addresses of its own.
    pub is_draft: bool,
    /// The number of the newest release, if there is a newer one.
    pub newer: Option<i64>,
}

/// A release in a list.
#[derive(Clone, Debug)]
pub struct Issue {
    /// Its number.
    pub number: i64,
    /// The campaign's title.
    pub title: String,
    /// The day it was issued.
    pub day: String,
}

impl Shown<'_> {
    /// The address of the page of an indicator.
    fn indicator(&self, id: &str) -> String {
        format!("/indicators/{}/{id}", self.release.number)
    }

    /// The address of a file with all tables.
    fn file(&self, name: &str) -> String {
        format!("/data/releases/{}/{name}", self.release.number)
    }
}

/// The page while nothing was released.
pub fn none(tr: Tr) -> AnyView {
    view! {
        <h1>{tr.t("indicators-title")}</h1>
        <p class="c-empty">{tr.t("indicators-none")}</p>
    }
    .into_any()
}

/// All releases.
pub fn list(tr: Tr, issues: Vec<Issue>) -> AnyView {
    let row = |issue: Issue| {
        let name = tr.with("release-number", [("number", &issue.number.to_string())]);
        view! {
            <tr>
                <th scope="row"><a href=format!("/indicators/{}", issue.number)>{name}</a></th>
                <td>{issue.title}</td>
                <td class="is-num">{issue.day}</td>
            </tr>
        }
    };
    let rows: Vec<_> = issues.into_iter().map(row).collect();
    view! {
        <h1>{tr.t("releases-public-title")}</h1>
        <p class="l-text">{tr.t("releases-public-lead")}</p>
        <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("releases-public-title")>
            <table class="c-table">
                <thead><tr>
                    <th scope="col">{tr.t("release-column")}</th>
                    <th scope="col">{tr.t("release-campaign")}</th>
                    <th scope="col" class="is-num">{tr.t("release-issued")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What the reader must know before the first number: another frame than the province, a correction, a draft.
fn notices(tr: Tr, shown: &Shown<'_>) -> AnyView {
    use model::release::FrameKind;
    let registered = (shown.release.frame.kind == FrameKind::Registered).then(|| {
        notice::warn(tr.t("frame-registered-title").into_owned(), view! { <p>{tr.t("frame-registered")}</p> })
    });
    let low = shown.release.response.low.then(|| {
        notice::warn(
            tr.t("representativeness-low-title").into_owned(),
            view! { <p>{tr.t("representativeness-low")}</p> },
        )
    });
    let correction = shown.release.correction.as_ref().map(|correction| {
        let of = correction.of.to_string();
        let changes = correction.changes.len().to_string();
        let text = tr.with("correction-text", [("of", &of), ("changes", &changes)]);
        let href = format!("/indicators/{of}");
        let link = tr.with("release-number", [("number", &of)]);
        let body = view! { <p>{text}</p><p><a href=href>{link}</a></p> };
        notice::plain(tr.t("correction-title").into_owned(), body)
    });
    let newer = shown.newer.map(|number| {
        let body = view! {
            <p>{tr.t("release-not-latest")}" "<a href=format!("/indicators/{number}")>{tr.t("release-latest-link")}</a></p>
        };
        notice::plain(tr.t("release-not-latest-title").into_owned(), body)
    });
    view! { {newer}{registered}{low}{correction} }.into_any()
}
