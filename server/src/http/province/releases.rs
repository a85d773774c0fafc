//! The analyst's pages of releases.

use app::pages::{
    indicators::{self, Shown},
    releases::{self, Choice, DraftPage, Job, Overview, Progress, Running},
};
use app::ui::errors::Mistake;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    release::{Parameters, Release, Review, TableKind},
    text::{Lang, nfc_lines},
};
use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::super::{App, context::Cx, forms::Pairs};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    release,
    store::{Action, Event, NewReleaseJob, ReleaseJob},
};

/// A computation without a sign of life for so long is lost.
const LOST: Duration = Duration::seconds(120);

/// The longest note, in characters.
const LONGEST: usize = 2_500;

/// `GET /province/releases`
pub async fn overview(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let title = |vi: String, en: String| if cx.lang == Lang::Vi { vi } else { en };
    let issued = app.store().releases().await?.into_iter();
    let issued = issued
        .map(|head| (head.number, title(head.title_vi, head.title_en), day(head.issued_at), address(head.job_id)));
    let issued = issued.collect();
    let jobs = app.store().release_jobs().await?.into_iter().filter(|job| job.number.is_none());
    let jobs = jobs.map(|job| Job {
        href: address(job.id),
        state: progress(&job, cx.now),
        when: moment(job.created_at),
        campaign: title(job.title_vi, job.title_en),
    });
    let page = Overview { issued, jobs: jobs.collect() };
    let heading = cx.tr().t("releases-title");
    Ok(cx.page(&heading, || releases::overview(cx.tr(), page)))
}

/// `GET /province/releases/new`
pub async fn choose(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let page = choice(&app, &cx, "", "", TableKind::ALL.to_vec(), Vec::new()).await?;
    let heading = cx.tr().t("releases-new");
    Ok(cx.page(&heading, || releases::choose(cx.tr(), page)))
}

/// `POST /province/releases/new`: begins to compute and leads to the progress.
pub async fn begin(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let tables: Vec<TableKind> = TableKind::ALL
        .into_iter()
        .filter(|table| form.all("table").iter().any(|name| name == table.as_str()))
        .collect();
    let campaign = form.get("campaign").parse::<Uuid>().map_err(|_| Error::BadRequest("no campaign"))?;
    let campaign = app.store().source_campaign(campaign).await?.ok_or(Error::BadRequest("no such campaign"))?;
    let snapshot = match form.get("snapshot") {
        "" => None,
        id => {
            let id: Uuid = id.parse().map_err(|_| Error::BadRequest("no snapshot"))?;
            Some(app.store().snapshot(id).await?.ok_or(Error::BadRequest("no such snapshot"))?.id)
        }
    };
    if campaign.submitted == 0 {
        let message = cx.tr().t("release-no-answers").into_owned();
        let mistakes = vec![Mistake { field: "campaign".into(), message }];
        let page = choice(&app, &cx, &campaign.id.to_string(), form.get("snapshot"), tables, mistakes).await?;
        let heading = cx.tr().t("releases-new");
        return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &heading, || releases::choose(cx.tr(), page)));
    }
    let corrects = app.store().releases_of(campaign.id).await?.last().map(|head| head.number);
    let parameters = Parameters { tables, ..Parameters::default() };
    let new = NewReleaseJob {
        id: clock::id(),
        campaign: campaign.id,
        snapshot,
        corrects,
        parameters: serde_json::to_value(&parameters).map_err(anyhow::Error::from)?,
        account: cx.visitor.as_ref().map(|visitor| visitor.account),
        event: clock::id(),
        at: cx.now,
    };
    app.store().add_release_job(&new).await?;
    tokio::spawn(release::run(app, new.id));
    Ok(Redirect::to(&address(new.id)).into_response())
}

/// `GET /province/releases/jobs/{id}`: the progress, then the draft.
pub async fn job(State(app): State<App>, cx: Cx, Path(id): Path<String>) -> Result<Response, Error> {
    let job = find(&app, &id).await?;
    match progress(&job, cx.now) {
        Progress::Done => show(&app, &cx, job, None).await,
        state => {
            let page = Running {
                campaign: if cx.lang == Lang::Vi { job.title_vi } else { job.title_en },
                step: job.step,
                done: job.done,
                failure: job.failure,
                state,
            };
            let heading = cx.tr().t("job-title");
            let mut response = cx.page(&heading, || releases::running(cx.tr(), page));
            if state == Progress::Running {
                response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
            }
            Ok(response)
        }
    }
}

/// `GET /province/releases/jobs/{id}/preview`: what the public would see.
pub async fn preview(State(app): State<App>, cx: Cx, Path(id): Path<String>) -> Result<Response, Error> {
    let job = find(&app, &id).await?;
    let (mut release, _) = stored(&app, &job).await?;
    release.note = model::text::Text { vi: job.note_vi, en: job.note_en };
    let shown = Shown { release: &release, owner: &cx.settings.owner, is_draft: true, newer: None };
    let heading = cx.tr().t("draft-over");
    Ok(cx.page(&heading, || indicators::dashboard(cx.tr(), &shown)))
}

/// `POST /province/releases/jobs/{id}/note`
pub async fn note(State(app): State<App>, cx: Cx, Path(id): Path<String>, form: Pairs) -> Result<Response, Error> {
    let job = find(&app, &id).await?;
    let notes = [nfc_lines(form.get("note_vi")), nfc_lines(form.get("note_en"))];
    let names = ["note_vi", "note_en"];
    let too_long = notes.iter().zip(names).filter(|(note, _)| note.chars().count() > LONGEST);
    let mistakes: Vec<Mistake> = too_long
        .map(|(_, field)| Mistake { field: field.to_owned(), message: cx.tr().t("note-too-long").into_owned() })
        .collect();
    if !mistakes.is_empty() {
        return show(&app, &cx, job, Some((notes, mistakes))).await;
    }
    let event = Event {
        id: clock::id(),
        at: cx.now,
        account: cx.visitor.as_ref().map(|visitor| visitor.account),
        action: Action::ReleaseNoted,
        subject: "release",
        subject_id: Some(job.id),
        detail: json!({}),
    };
    app.store().save_release_note(job.id, (&notes[0], &notes[1]), &event).await?;
    Ok(Redirect::to(&format!("{}?saved=1#note", address(job.id))).into_response())
}

/// `POST /province/releases/jobs/{id}/issue`: makes the draft public; sent twice, the second finds the first.
pub async fn issue(State(app): State<App>, cx: Cx, Path(id): Path<String>) -> Result<Response, Error> {
    let job = find(&app, &id).await?;
    if job.state != "done" {
        return Err(Error::BadRequest("the computation is not finished"));
    }
    let account = cx.visitor.as_ref().map(|visitor| visitor.account);
    let number = release::issue(app.store(), &job, account, cx.now).await?;
    Ok(Redirect::to(&format!("/indicators/{number}")).into_response())
}

/// `GET /province/releases/jobs/{id}/archive`: release and microdata, to verify the one by the other.
pub async fn archive(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Error> {
    let job = find(&app, &id).await?;
    let number = job.number.ok_or(Error::NotFound)?;
    let document = app.store().release(number).await?.ok_or(Error::NotFound)?;
    let state = (app, job.id, 0_i64, Some(format!("{document}\n")));
    let body = futures_util::stream::try_unfold(state, async |(app, job, next, first)| {
        if let Some(first) = first {
            return Ok(Some((first, (app, job, next, None))));
        }
        let part = app.store().release_part(job, next).await?;
        let line_end = if next == 0 { "\n" } else { "" };
        Ok::<_, sqlx::Error>(part.map(|part| (format!("{part}{line_end}"), (app, job, next + 1, None))))
    });
    let mut response = Body::from_stream(body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    let name = format!("attachment; filename=\"release-{number}.archive\"");
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(anyhow::Error::from)?);
    Ok(response)
}

async fn find(app: &App, id: &str) -> Result<ReleaseJob, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    app.store().release_job(id).await?.ok_or(Error::NotFound)
}

async fn stored(app: &App, job: &ReleaseJob) -> Result<(Release, Review), Error> {
    let (draft, review) = app.store().release_draft(job.id).await?.ok_or(Error::NotFound)?;
    let draft = serde_json::from_str(&draft).map_err(anyhow::Error::from)?;
    Ok((draft, serde_json::from_str(&review).map_err(anyhow::Error::from)?))
}

async fn show(
    app: &App,
    cx: &Cx,
    job: ReleaseJob,
    refused: Option<([String; 2], Vec<Mistake>)>,
) -> Result<Response, Error> {
    let (release, review) = stored(app, &job).await?;
    let query = Pairs::decode(cx.path.split_once('?').map_or("", |(_, query)| query));
    let table = TableKind::ALL.into_iter().find(|table| query.get("table") == table.as_str());
    let indicator = release.indicators.iter().position(|one| query.get("indicator") == one.id);
    let is_refused = refused.is_some();
    let (note, mistakes) = refused.unwrap_or(([job.note_vi, job.note_en], Vec::new()));
    let page = DraftPage {
        href: address(job.id),
        release: &release,
        review: &review,
        table: table.unwrap_or(TableKind::District),
        indicator: indicator.unwrap_or(0),
        note,
        number: job.number,
        saved: query.has("saved"),
        mistakes,
    };
    let heading = cx.tr().t("draft-title");
    let view = || releases::draft(cx.tr(), &page);
    Ok(match is_refused {
        true => cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &heading, view),
        false => cx.page(&heading, view),
    })
}

async fn choice(
    app: &App,
    cx: &Cx,
    campaign: &str,
    snapshot: &str,
    tables: Vec<TableKind>,
    mistakes: Vec<Mistake>,
) -> Result<Choice, Error> {
    let campaigns = app.store().source_campaigns(cx.now).await?;
    let title = |vi: String, en: String| if cx.lang == Lang::Vi { vi } else { en };
    let chosen = match campaign {
        "" => campaigns.first().map(|campaign| campaign.id),
        id => id.parse().ok(),
    };
    let attached = match chosen {
        Some(campaign) if snapshot.is_empty() && mistakes.is_empty() => app.store().campaign_snapshot(campaign).await?,
        _ => None,
    };
    let snapshots = app.store().snapshots().await?.into_iter();
    Ok(Choice {
        campaigns: campaigns
            .into_iter()
            .map(|one| (one.id.to_string(), title(one.title_vi, one.title_en), one.submitted))
            .collect(),
        snapshots: snapshots.map(|one| (one.id.to_string(), one.title, one.entries)).collect(),
        campaign: chosen.map(|id| id.to_string()).unwrap_or_default(),
        snapshot: attached.map_or_else(|| snapshot.to_owned(), |snapshot| snapshot.id.to_string()),
        tables,
        mistakes,
    })
}

fn progress(job: &ReleaseJob, now: OffsetDateTime) -> Progress {
    match job.state.as_str() {
        "done" => Progress::Done,
        "failed" => Progress::Failed,
        _ if now - job.beat_at > LOST => Progress::Lost,
        _ => Progress::Running,
    }
}

fn address(job: Uuid) -> String {
    format!("/province/releases/jobs/{job}")
}

fn day(at: OffsetDateTime) -> String {
    app::date::date(at.to_offset(VIETNAM).date())
}

fn moment(at: OffsetDateTime) -> String {
    let local = at.to_offset(VIETNAM);
    format!("{} {}", app::date::time(local.time()), app::date::date(local.date()))
}
