//! What happens around every request: context, error pages, security headers.

use std::{
    net::{IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::Arc,
};

use app::pages::error::{self, Kind};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use model::text::Lang;
use time::OffsetDateTime;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate as _,
        predicate::{NotForContentType, SizeAbove},
    },
    csrf::CsrfLayer,
};

use super::{App, access::wants_json, context::Cx, sign_in::session_token};
use crate::{
    clock,
    error::{Error, ErrorPage},
    store::{Settings, Visitor, audit},
};

/// Puts the frame around the routes.
pub(super) fn around(routes: Router, app: App) -> Router {
    let mut csrf = CsrfLayer::new();
    if let Some(origin) = app.config().origin.as_deref() {
        // The settings take no origin that the layer refuses.
        csrf = csrf.clone().add_trusted_origin(origin).unwrap_or(csrf);
    }
    // Wasm is compressed when it is built, pictures and documents are by themselves: again would only cost time.
    let worth = SizeAbove::new(512)
        .and(NotForContentType::const_new("application/wasm"))
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::IMAGES);
    let compression = CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(worth);
    routes
        .layer(CatchPanicLayer::custom(|_| Error::Internal(anyhow::anyhow!("a handler panicked")).into_response()))
        .layer(csrf)
        .layer(middleware::from_fn_with_state(app, frame))
        .layer(compression)
}

async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let token = session_token(&app, request.headers()).filter(|_| !request.uri().path().starts_with("/pkg/"));
    let for_script = wants_json(&request);
    let now = clock::now();
    let settings = app.settings(now).await;
    let mut cx = context(app, &request, settings, now);
    let mut response = match visitor(&cx, token).await {
        Ok(visitor) => {
            cx.visitor = visitor;
            request.extensions_mut().insert(cx.clone());
            audit::from(cx.address, next.run(request)).await
        }
        Err(error) => error.into_response(),
    };
    if for_script {
        say_why(&cx, &mut response);
    } else if let Some(kind) = error_kind(&response) {
        let retry = response.headers_mut().remove(header::RETRY_AFTER);
        response = error_page(&cx, response.status(), kind);
        retry.map(|retry| response.headers_mut().insert(header::RETRY_AFTER, retry));
    }
    secure(&cx, response.headers_mut());
    response
}

fn context(app: App, request: &Request, settings: Arc<Settings>, now: OffsetDateTime) -> Cx {
    Cx {
        visitor: None,
        lang: language(request.headers(), settings.lang),
        settings,
        nonce: nonce(),
        path: request.uri().path_and_query().map_or_else(|| "/".into(), ToString::to_string),
        address: address(&app, request),
        now,
        app,
    }
}

async fn visitor(cx: &Cx, token: Option<[u8; 32]>) -> Result<Option<Visitor>, Error> {
    match token {
        Some(hash) => Ok(cx.app.store().visitor(hash, cx.now).await?),
        None => Ok(None),
    }
}

/// What the reader chose, else what the province decided.
fn language(headers: &HeaderMap, default: Lang) -> Lang {
    cookie(headers, "lang").and_then(|code| code.parse().ok()).unwrap_or(default)
}

/// The value of a cookie.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn nonce() -> String {
    clock::secret::<16>().iter().fold(String::with_capacity(32), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn address(app: &App, request: &Request) -> Option<IpAddr> {
    let direct = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if !app.config().behind_proxy {
        return direct;
    }
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    forwarded.rsplit(',').next()?.trim().parse().ok().or(direct)
}

/// Which error page stands for a response; none for pages and for answers to scripts.
fn error_kind(response: &Response) -> Option<Kind> {
    if let Some(ErrorPage(kind)) = response.extensions().get() {
        return Some(*kind);
    }
    let status = response.status();
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|media| {
        media.as_bytes().starts_with(b"text/html") || media.as_bytes().starts_with(b"application/json")
    });
    if is_page || !(status.is_client_error() || status.is_server_error()) || status == StatusCode::UNAUTHORIZED {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Kind::BadRequest,
        StatusCode::FORBIDDEN => Kind::Forbidden,
        StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
        status if status.is_server_error() => Kind::Internal,
        _ => Kind::BadRequest,
    })
}

/// Tells a script why, in the reader's language: it passes the words on.
fn say_why(cx: &Cx, response: &mut Response) {
    let known = response.extensions().get().map(|ErrorPage(kind)| *kind);
    let kind = known.or((response.status() == StatusCode::FORBIDDEN).then_some(Kind::Forbidden));
    if let Some(kind) = kind {
        *response.body_mut() = Body::from(error::text(cx.tr(), kind));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
}

fn error_page(cx: &Cx, status: StatusCode, kind: Kind) -> Response {
    let tr = cx.tr();
    // The page must come out even when what failed was rendering.
    let page = std::panic::catch_unwind(AssertUnwindSafe(|| {
        cx.respond(status, &app::shell::Head::new(&error::title(tr, kind)), move || error::view(tr, kind))
    }));
    page.unwrap_or_else(|_| status.into_response())
}

fn secure(cx: &Cx, headers: &mut HeaderMap) {
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        cx.nonce
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        // A file that somebody sent has a stricter one.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("permissions-policy", HeaderValue::from_static("camera=(), geolocation=(), microphone=()"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if cx.app.config().is_https() {
        let a_year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
    }
}
