//! Computing and issuing releases: from the database to a draft, from a draft to what is public.

use std::{borrow::Cow, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use model::{
    classification,
    indicator::Indicators,
    questionnaire::Questionnaire,
    release::{
        self, Draft, Earlier, Figure, Frame, FrameCell, FrameKind, Measures, Microdata, Parameters,
        QuestionnaireVersion, Release, Request, Wave, WaveFigure, archive, canonical, compute, sealed,
    },
    text::Text,
};
use time::OffsetDateTime;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    clock::{self, VIETNAM},
    http::App,
    store::{Issued, MeasuredRow, NewRelease, ReleaseHead, ReleaseJob, SourceCampaign, Store},
};

/// How many submissions are read at once: the memory that reading needs does not grow with the province.
const PAGE: i64 = 20_000;

/// How many respondents one piece of the archive holds.
const PART: usize = 5_000;

/// How often a computation says that it lives.
const BEAT: Duration = Duration::from_secs(2);

/// How often issuing tries another number when somebody else was faster.
const TRIES: usize = 5;

/// Computes a job to its end and stores what came out, or why nothing did.
pub async fn run(app: App, job: Uuid) {
    let outcome = work(&app, job).await;
    let stored = match &outcome {
        Ok(()) => Ok(()),
        Err(error) => {
            tracing::warn!(%job, error = format!("{error:#}"), "a release was not computed");
            app.store().fail_release_job(job, &format!("{error:#}"), clock::now()).await
        }
    };
    if let Err(error) = stored {
        tracing::error!(%job, %error, "the failure of a release could not be stored");
    }
}

/// Issues the draft of a job under the next number. Answers the number; that of the first time when it is issued twice.
///
/// # Errors
/// When there is no draft, or the database fails.
pub async fn issue(store: &Store, job: &ReleaseJob, account: Option<Uuid>, at: OffsetDateTime) -> anyhow::Result<i64> {
    let (draft, _) = store.release_draft(job.id).await?.context("the computation is not finished")?;
    let draft: Release = serde_json::from_str(&draft)?;
    let note = Text { vi: job.note_vi.clone(), en: job.note_en.clone() };
    for _ in 0..TRIES {
        let number = store.latest_release().await? + 1;
        let release = sealed(draft.clone(), u32::try_from(number)?, &day(at), note.clone());
        let document = canonical(&release);
        let new = NewRelease {
            number,
            job: job.id,
            campaign: job.campaign_id,
            account,
            hash: &release.hash,
            document: &document,
            event: clock::id(),
            at,
        };
        match store.add_release(&new).await? {
            Issued::Done => return Ok(number),
            Issued::Already { number } => return Ok(number),
            Issued::NumberTaken => {}
        }
    }
    bail!("releases are being issued all the time; try again")
}

async fn work(app: &App, id: Uuid) -> anyhow::Result<()> {
    let store = app.store();
    let job = store.release_job(id).await?.context("no such computation")?;
    let campaign = store.source_campaign(job.campaign_id).await?.context("no such campaign")?;
    let questionnaire = app.questionnaire(&campaign.questionnaire_id, &campaign.questionnaire_version).await;
    let questionnaire = questionnaire.map_err(|error| anyhow!("{error}"))?;
    let indicators = Indicators::builtin(&questionnaire.id)
        .with_context(|| format!("there is no file of indicators for the questionnaire {}", questionnaire.id))?;
    let microdata = read(app, &job, &campaign, (&questionnaire, indicators)).await?;
    let earlier = earlier(store, job.campaign_id).await?;
    let (waves, before) = waves(store, &campaign, microdata.frame.kind).await?;
    let past = Past { earlier, waves, before };
    let (draft, microdata) = computed(store, &job, &campaign, microdata, past).await?;
    let review = serde_json::to_string(&draft.review)?;
    store.beat_release_job(id, "storing", count(&microdata), clock::now()).await?;
    let rows = microdata.respondents.len();
    let head = std::iter::once(archive::head(&microdata));
    let pieces = (0..rows).step_by(PART).map(|from| archive::rows(&microdata, from..(from + PART).min(rows)));
    store.finish_release_job(id, (&canonical(&draft.release), &review), head.chain(pieces), clock::now()).await?;
    Ok(())
}

fn count(microdata: &Microdata) -> i64 {
    i64::try_from(microdata.respondents.len()).unwrap_or(i64::MAX)
}

/// The frame and the columns of all respondents, page by page; while a page is put into columns, the next one is read.
///
/// # Errors
/// When the database fails, or a respondent's codes are in no classification.
pub async fn read(
    app: &App,
    job: &ReleaseJob,
    campaign: &SourceCampaign,
    (questionnaire, indicators): (&Questionnaire, &Indicators),
) -> anyhow::Result<Microdata> {
    let store = app.store();
    let measures = Measures::new(questionnaire, indicators);
    store.measure_again(campaign.id, &measures.version()).await?;
    crate::measure::drain(app).await?;
    let frame = frame(store, job).await?;
    let mut microdata = Microdata::new(frame, measures.items().to_vec())?;
    let page = |after: Uuid| store.measured_rows(campaign.id, job.snapshot_id, after, PAGE);
    let mut rows = page(Uuid::nil()).await?;
    while let Some(last) = rows.last() {
        let next = page(last.id);
        let pushed = tokio::task::spawn_blocking(move || push(microdata, &rows));
        let (next, pushed) = tokio::join!(next, pushed);
        (rows, microdata) = (next?, pushed??);
        store.beat_release_job(job.id, "reading", count(&microdata), clock::now()).await?;
    }
    Ok(microdata)
}

fn push(mut microdata: Microdata, rows: &[MeasuredRow]) -> anyhow::Result<Microdata> {
    let mut values = Vec::new();
    for row in rows {
        archive::read_values(row.content.split(','), &mut values)
            .map_err(|problem| anyhow!("{}: {problem}", row.id))?;
        match codes(row) {
            Some(codes) => microdata.push(row.id.to_string(), codes.each_ref().map(|code| &**code), &values)?,
            None => microdata.respondents.misses += 1,
        }
    }
    Ok(microdata)
}

/// District, unit, section and size of a respondent in the frame.
fn codes(row: &MeasuredRow) -> Option<[Cow<'_, str>; 4]> {
    let (unit, section, size) = (row.unit.as_deref()?, row.section.as_deref()?, row.size.as_deref()?);
    match row.district.as_deref()? {
        "" => registered(unit, section).map(|codes| codes.map(Cow::Owned)),
        district => Some([district, unit, section, size].map(Cow::Borrowed)),
    }
}

/// The codes of an enterprise as it registered itself, which says nothing of its size.
fn registered(unit: &str, division: &str) -> Option<[String; 4]> {
    let district = classification::unit(unit)?.former_district_code.clone();
    let section = classification::division(division)?.section.clone();
    Some([district, unit.to_owned(), section, "unknown".to_owned()])
}

async fn frame(store: &Store, job: &ReleaseJob) -> anyhow::Result<Frame> {
    let Some(id) = job.snapshot_id else {
        return registered_frame(store, job).await;
    };
    let snapshot = store.snapshot(id).await?.context("no such snapshot")?;
    let cell = |cell: crate::store::FrameCell| -> anyhow::Result<FrameCell> {
        Ok(FrameCell {
            district: cell.district,
            unit: cell.unit.unwrap_or_default(),
            section: cell.section,
            size: cell.size.unwrap_or_else(|| "unknown".to_owned()),
            enterprises: u32::try_from(cell.entries)?,
        })
    };
    let cells = store.snapshot_cells(id).await?.into_iter().map(cell).collect::<Result<_, _>>()?;
    Ok(Frame { kind: FrameKind::Register, date: day(snapshot.taken_at), cells })
}

/// The registered enterprises: a census of those who registered, not of the province, and the release says so.
async fn registered_frame(store: &Store, job: &ReleaseJob) -> anyhow::Result<Frame> {
    let mut cells: Vec<FrameCell> = Vec::new();
    for found in store.registered_cells().await? {
        let Some([district, unit, section, size]) = registered(&found.unit, &found.division) else { continue };
        let enterprises = u32::try_from(found.enterprises)?;
        match cells.iter_mut().find(|cell| cell.unit == unit && cell.section == section) {
            Some(cell) => cell.enterprises += enterprises,
            None => cells.push(FrameCell { district, unit, section, size, enterprises }),
        }
    }
    Ok(Frame { kind: FrameKind::Registered, date: day(job.created_at), cells })
}

async fn earlier(store: &Store, campaign: Uuid) -> anyhow::Result<Vec<Earlier>> {
    let mut all = Vec::new();
    for head in store.releases_of(campaign).await? {
        let release = document(store, &head).await?;
        let microdata = microdata(store, head.job_id).await?;
        all.push(Earlier { release, microdata });
    }
    Ok(all)
}

/// The archived microdata of a job.
async fn microdata(store: &Store, job: Uuid) -> anyhow::Result<Microdata> {
    let head = store.release_part(job, 0).await?.context("the archive of an earlier release is missing")?;
    let mut lines = String::new();
    let mut number = 1;
    while let Some(part) = store.release_part(job, number).await? {
        lines.push_str(&part);
        number += 1;
    }
    Ok(archive::microdata(&head, lines.lines().map(str::to_owned))?)
}

async fn document(store: &Store, head: &ReleaseHead) -> anyhow::Result<Release> {
    let document = store.release(head.number).await?.context("a release is missing")?;
    Ok(serde_json::from_str(&document)?)
}

/// What was released before.
struct Past {
    /// Releases of the same campaign, oldest first.
    earlier: Vec<Earlier>,
    /// Earlier campaigns, oldest first.
    waves: Vec<Wave>,
    /// The last of them, where it may be compared.
    before: Option<Earlier>,
}

/// The provincial figures of earlier campaigns, and the last of them with its answers unless something changed since: what
/// was asked, or whom the figures are about.
async fn waves(
    store: &Store,
    campaign: &SourceCampaign,
    frame: FrameKind,
) -> anyhow::Result<(Vec<Wave>, Option<Earlier>)> {
    let mut waves: Vec<Wave> = Vec::new();
    let mut about: Vec<(QuestionnaireVersion, FrameKind)> = Vec::new();
    let mut last = None;
    for head in store.releases_before(campaign.opens_at).await? {
        let release = document(store, &head).await?;
        let figure = |indicator: &release::Indicator| match indicator.province() {
            Figure::Published { value, low, high, .. } => Some((indicator.id.clone(), WaveFigure { value, low, high })),
            Figure::Confidential | Figure::Unreliable => None,
        };
        waves.push(Wave {
            number: release.number,
            title: release.campaign.title.clone(),
            opens: release.campaign.opens.clone(),
            breaks: false,
            figures: release.indicators.iter().filter_map(figure).collect(),
        });
        about.push((release.questionnaire.clone(), release.frame.kind));
        last = Some((release, head.job_id));
    }
    let version =
        QuestionnaireVersion { id: campaign.questionnaire_id.clone(), version: campaign.questionnaire_version.clone() };
    about.push((version, frame));
    for (wave, pair) in waves.iter_mut().zip(about.windows(2)) {
        wave.breaks = pair[0] != pair[1];
    }
    let before = match last.filter(|_| waves.last().is_some_and(|wave| !wave.breaks)) {
        Some((release, job)) => Some(Earlier { release, microdata: microdata(store, job).await? }),
        None => None,
    };
    Ok((waves, before))
}

/// Computes on a thread of its own, saying how far it is.
async fn computed(
    store: &Store,
    job: &ReleaseJob,
    campaign: &SourceCampaign,
    microdata: Microdata,
    past: Past,
) -> anyhow::Result<(Draft, Microdata)> {
    let parameters: Parameters = serde_json::from_value(job.parameters.0.clone())?;
    let about = release::Campaign {
        id: campaign.id.to_string(),
        title: Text { vi: campaign.title_vi.clone(), en: campaign.title_en.clone() },
        opens: day(campaign.opens_at),
        closes: day(campaign.closes_at),
    };
    let version =
        QuestionnaireVersion { id: campaign.questionnaire_id.clone(), version: campaign.questionnaire_version.clone() };
    let corrects = job.corrects.map(u32::try_from).transpose()?;
    let done = count(&microdata);
    let (step, seen) = watch::channel("weights");
    let mut running = tokio::task::spawn_blocking(move || {
        let request = Request {
            campaign: &about,
            questionnaire: &version,
            parameters: &parameters,
            microdata: &microdata,
            waves: &past.waves,
            before: past.before.as_ref(),
            earlier: &past.earlier,
            corrects,
            threads: threads(),
        };
        compute(&request, &|name| step.send_modify(|at| *at = name)).map(|draft| (draft, microdata))
    });
    let mut beat = tokio::time::interval(BEAT);
    loop {
        tokio::select! {
            finished = &mut running => return Ok(finished??),
            _ = beat.tick() => {
                let step = *seen.borrow();
                store.beat_release_job(job.id, step, done, clock::now()).await?;
            }
        }
    }
}

/// How many threads may compute.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(4)
}

/// A day in Viet Nam, `2026-11-15`.
fn day(at: OffsetDateTime) -> String {
    let date = at.to_offset(VIETNAM).date();
    format!("{}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}
