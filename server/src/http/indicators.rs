//! The public pages of releases. A release never changes, so that its pages are rendered once.

use std::{
    collections::HashMap,
    io::Write as _,
    sync::{Arc, RwLock},
};

use anyhow::Context as _;
use app::pages::indicators::{self, Issue, Shown};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use model::{release::Release, text::Lang};
use sha2::{Digest as _, Sha256};

use super::{App, context::Cx};
use crate::{clock::VIETNAM, error::Error};

/// More pages than this are not kept; a province has a few releases with a few dozen indicators.
const MOST: usize = 400;

/// Documents, pages and files of releases, each made once.
#[derive(Default)]
pub struct Published {
    documents: RwLock<HashMap<i64, Arc<Release>>>,
    pages: RwLock<HashMap<Key, Arc<Made>>>,
}

/// Which page or file: its path, the language, and the newest release when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    path: String,
    lang: Lang,
    latest: i64,
}

/// Something that was made once, in every form it is sent in.
pub(super) struct Made {
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
    etag: HeaderValue,
    media: HeaderValue,
}

/// `GET /indicators`: the newest release.
pub async fn latest(State(app): State<App>, cx: Cx, headers: HeaderMap) -> Result<Response, Error> {
    match app.store().latest_release().await? {
        0 => {
            let title = cx.tr().t("indicators-title");
            Ok(cx.page(&title, || indicators::none(cx.tr())))
        }
        number => page(&app, &cx, &headers, number, None).await,
    }
}

/// `GET /indicators/{number}`
pub async fn release(
    State(app): State<App>,
    cx: Cx,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    page(&app, &cx, &headers, parse(&number)?, None).await
}

/// `GET /indicators/{number}/{indicator}`
pub async fn indicator(
    State(app): State<App>,
    cx: Cx,
    headers: HeaderMap,
    Path((number, indicator)): Path<(String, String)>,
) -> Result<Response, Error> {
    page(&app, &cx, &headers, parse(&number)?, Some(indicator)).await
}

/// `GET /indicators/releases`
pub async fn list(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let issue = |head: crate::store::ReleaseHead| Issue {
        number: head.number,
        title: if cx.lang == Lang::Vi { head.title_vi } else { head.title_en },
        day: app::date::date(head.issued_at.to_offset(VIETNAM).date()),
    };
    let issues = app.store().releases().await?.into_iter().map(issue).collect();
    let title = cx.tr().t("releases-public-title");
    Ok(cx.page(&title, || indicators::list(cx.tr(), issues)))
}

/// The number in an address.
pub(super) fn parse(number: &str) -> Result<i64, Error> {
    number.parse().map_err(|_| Error::NotFound)
}

async fn page(
    app: &App,
    cx: &Cx,
    headers: &HeaderMap,
    number: i64,
    indicator: Option<String>,
) -> Result<Response, Error> {
    let latest = app.store().latest_release().await?;
    let path = match &indicator {
        Some(indicator) => format!("/indicators/{number}/{indicator}"),
        None => format!("/indicators/{number}"),
    };
    if cx.visitor.is_some() {
        // The masthead names who is signed in.
        return render(cx, &*app.document(number).await?, indicator.as_deref(), latest);
    }
    let key = Key { path, lang: cx.lang, latest };
    if let Some(made) = app.published().page(&key) {
        return Ok(made.answer(headers, "no-cache"));
    }
    let document = app.document(number).await?;
    let stranger = Cx { path: key.path.clone(), ..cx.clone() };
    let response = render(&stranger, &document, indicator.as_deref(), latest)?;
    let html = to_bytes(response.into_body(), usize::MAX).await.context("a rendered page")?;
    let made = Made::new(html, "text/html; charset=utf-8").await?;
    Ok(app.published().keep(key, made).answer(headers, "no-cache"))
}

fn render(cx: &Cx, release: &Release, indicator: Option<&str>, latest: i64) -> Result<Response, Error> {
    let tr = cx.tr();
    let shown = Shown {
        release,
        owner: &cx.settings.owner,
        is_draft: false,
        newer: (i64::from(release.number) < latest).then_some(latest),
    };
    match indicator {
        None => {
            let title = tr.t("indicators-title");
            Ok(cx.page(&title, || indicators::dashboard(tr, &shown)))
        }
        Some(id) => {
            let indicator = release.indicator(id).ok_or(Error::NotFound)?;
            Ok(cx.page(indicator.name.get(tr.lang), || indicators::detail(tr, &shown, indicator)))
        }
    }
}

impl App {
    /// The document of a release, read once.
    pub(super) async fn document(&self, number: i64) -> Result<Arc<Release>, Error> {
        let known = self.published().documents.read().ok().and_then(|known| known.get(&number).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let text = self.store().release(number).await?.ok_or(Error::NotFound)?;
        let release: Arc<Release> = Arc::new(serde_json::from_str(&text).context("a stored release")?);
        if let Ok(mut documents) = self.published().documents.write() {
            documents.insert(number, release.clone());
        }
        Ok(release)
    }
}

impl Published {
    pub(super) fn page(&self, key: &Key) -> Option<Arc<Made>> {
        self.pages.read().ok()?.get(key).cloned()
    }

    /// Forgets what was made: the frame of all pages has changed.
    pub(super) fn forget(&self) {
        if let Ok(mut pages) = self.pages.write() {
            pages.clear();
        }
    }

    pub(super) fn keep(&self, key: Key, made: Made) -> Arc<Made> {
        let made = Arc::new(made);
        if let Ok(mut pages) = self.pages.write() {
            if pages.len() >= MOST {
                pages.clear();
            }
            pages.insert(key, made.clone());
        }
        made
    }
}

impl Key {
    /// The key of a file, which is the same in every language and forever.
    pub(super) fn file(path: &str) -> Self {
        Self { path: path.to_owned(), lang: Lang::Vi, latest: 0 }
    }
}

impl Made {
    /// Compresses once, away from the threads that answer requests.
    pub(super) async fn new(plain: Bytes, media: &'static str) -> Result<Self, Error> {
        let made = tokio::task::spawn_blocking(move || -> anyhow::Result<Self> {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(7));
            gzip.write_all(&plain)?;
            let mut brotli = Vec::new();
            let parameters = brotli::enc::BrotliEncoderParams { quality: 6, ..Default::default() };
            brotli::BrotliCompress(&mut plain.as_ref(), &mut brotli, &parameters)?;
            let hash = Sha256::digest(&plain);
            let short = hash.iter().take(12).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            Ok(Self {
                gzip: gzip.finish()?.into(),
                brotli: brotli.into(),
                etag: HeaderValue::from_str(&format!("\"{short}\""))?,
                media: HeaderValue::from_static(media),
                plain,
            })
        });
        Ok(made.await.context("compressing")??)
    }

    /// The response: nothing but a header when the reader has it already.
    pub(super) fn answer(&self, request: &HeaderMap, caching: &'static str) -> Response {
        let known = request.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let etag = self.etag.to_str().unwrap_or_default();
        let is_known = known.is_some_and(|tags| {
            tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*")
        });
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let (body, encoding) = self.encoded(request);
            let mut response = Body::from(body).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, self.media.clone());
            if let Some(encoding) = encoding {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
        response
    }

    fn encoded(&self, request: &HeaderMap) -> (Bytes, Option<&'static str>) {
        let accepted = request.get(header::ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok());
        let accepts = |name: &str| {
            let codings = accepted.unwrap_or_default().split(',').map(str::trim);
            codings.into_iter().any(|coding| {
                let mut parts = coding.split(';').map(str::trim);
                parts.next() == Some(name) && !parts.any(|part| part == "q=0")
            })
        };
        if accepts("br") {
            (self.brotli.clone(), Some("br"))
        } else if accepts("gzip") {
            (self.gzip.clone(), Some("gzip"))
        } else {
            (self.plain.clone(), None)
        }
    }
}
