//! The province's first page.

use app::pages::province::overview::{self, CampaignProgress, Overview};
use axum::{extract::State, response::Response};
use model::text::Lang;

use crate::{
    error::Error,
    http::{App, assessment::last_day, context::Cx},
};

/// `GET /province`
pub async fn overview(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let campaign = match app.store().open_campaign(cx.now).await? {
        None => None,
        Some(open) => {
            let progress = app.store().progress(open.id).await?;
            Some(CampaignProgress {
                title: if cx.lang == Lang::Vi { open.title_vi } else { open.title_en },
                last_day: last_day(open.closes_at),
                questionnaire: format!("{} {}", open.questionnaire_id, open.questionnaire_version),
                enterprises: progress.enterprises,
                drafts: progress.drafts,
                submitted: progress.submitted,
            })
        }
    };
    let title = cx.tr().t("province-title");
    Ok(cx.page(&title, || overview::overview(cx.tr(), Overview { campaign })))
}
