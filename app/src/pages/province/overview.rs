//! The province's first page: how far the open campaign is.

use leptos::prelude::*;
use model::format;

use crate::i18n::Tr;

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The open campaign; none when nothing is open.
    pub campaign: Option<CampaignProgress>,
}

/// How far the enterprises are in a campaign.
#[derive(Clone, Debug)]
pub struct CampaignProgress {
    /// Its title.
    pub title: String,
    /// The last day to submit, as a date.
    pub last_day: String,
    /// Which questionnaire, and which version of it.
    pub questionnaire: String,
    /// Registered enterprises.
    pub enterprises: i64,
    /// With a draft.
    pub drafts: i64,
    /// With a submission.
    pub submitted: i64,
}

/// The page.
pub fn overview(tr: Tr, page: Overview) -> AnyView {
    let Some(campaign) = page.campaign else {
        return view! {
            <h1>{tr.t("province-title")}</h1>
            <p class="c-empty">{tr.t("province-none")}</p>
        }
        .into_any();
    };
    let row = |label: &'static str, count: i64| {
        view! {
            <div class="c-facts__row"><dt>{tr.t(label)}</dt><dd class="u-num">{format::number(tr.lang, count)}</dd></div>
        }
    };
    let waiting = campaign.enterprises - campaign.drafts - campaign.submitted;
    view! {
        <div class="c-head">
            <p class="c-head__over">{tr.t("province-title")}</p>
            <h1>{campaign.title}</h1>
            <p class="c-head__lead">{tr.with("province-lead", [("day", &campaign.last_day)])}</p>
        </div>
        <dl class="c-facts l-text">
            {row("province-enterprises", campaign.enterprises)}
            {row("province-submitted", campaign.submitted)}
            {row("province-drafts", campaign.drafts)}
            {row("province-waiting", waiting)}
            <div class="c-facts__row"><dt>{tr.t("province-questionnaire")}</dt><dd>{campaign.questionnaire}</dd></div>
        </dl>
    }
    .into_any()
}
