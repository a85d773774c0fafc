//! Computes the values of indicators behind the submissions, so that a release finds them ready.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use model::{
    indicator::Indicators,
    release::{Measures, archive},
    statistics::estimate::cell::in_parallel,
};
use tokio::sync::watch;

use crate::{
    http::App,
    store::{Measured, Unmeasured},
};

/// How many submissions are measured in one transaction.
const BATCH: i64 = 500;

/// How often the list is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// Measures what has been submitted until `stop` is gone.
pub async fn follow(app: App, mut stop: watch::Receiver<()>) {
    loop {
        if let Err(error) = drain(&app).await {
            tracing::error!(error = format!("{error:#}"), "submissions cannot be measured");
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Measures everything that is on the list.
///
/// # Errors
/// When the database fails or a questionnaire is missing.
pub async fn drain(app: &App) -> anyhow::Result<()> {
    loop {
        let all = app.store().unmeasured(BATCH).await?;
        if all.is_empty() {
            return Ok(());
        }
        let asked = |one: &Unmeasured| (one.questionnaire_id.clone(), one.questionnaire_version.clone());
        for some in all.chunk_by(|a, b| asked(a) == asked(b)) {
            measure(app, some.to_vec()).await?;
        }
    }
}

/// Measures submissions of one questionnaire. Without a file of indicators for it there is nothing to measure.
async fn measure(app: &App, all: Vec<Unmeasured>) -> anyhow::Result<()> {
    let (id, version) = (&all[0].questionnaire_id, &all[0].questionnaire_version);
    let questionnaire = app.questionnaire(id, version).await.map_err(|error| anyhow!("{error}"))?;
    let measured = tokio::task::spawn_blocking(move || {
        let Some(indicators) = Indicators::builtin(&questionnaire.id) else {
            return (all.into_iter().map(|one| (one, String::new())).collect(), String::new());
        };
        let measures = Measures::new(&questionnaire, indicators);
        let texts = in_parallel(all.len(), crate::release::threads(), |row| {
            let mut text = String::new();
            archive::write_values(&measures.values(&all[row].answers), &mut text);
            text
        });
        (all.into_iter().zip(texts).collect::<Vec<_>>(), measures.version())
    });
    let (measured, version): (Vec<(Unmeasured, String)>, String) = measured.await.context("measuring")?;
    let rows = measured.iter().map(|(of, content)| Measured { of, version: &version, content });
    app.store().add_measured(&rows.collect::<Vec<_>>()).await?;
    Ok(())
}
