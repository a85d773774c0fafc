//! Who may call a route, and how long a call may take.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    handler::Handler,
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use futures_util::{StreamExt as _, TryStreamExt as _};
use model::role::Role;
use tokio::time::timeout;
use tower_http::timeout::TimeoutBody;

use super::{App, context::Cx, forms, sign_in, topic, upload};
use crate::error::Error;

/// How long calls may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A page or a form: nothing a person waits for takes longer.
    pub longest: Duration,
    /// A file may take longer, as long as bytes keep arriving: never is it silent for so long …
    pub silence: Duration,
    /// … and not for ever.
    pub longest_upload: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            longest: Duration::from_secs(30),
            silence: Duration::from_secs(30),
            // 10 MB in this time are 90 kbit/s, a bad mobile network.
            longest_upload: Duration::from_secs(15 * 60),
        }
    }
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Everyone,
    /// Anybody with a session.
    SignedIn,
    /// People with one of these roles.
    Roles(&'static [Role]),
}

/// Who answers for an enterprise.
pub const ENTERPRISE: Access = Access::Roles(&[Role::Enterprise, Role::Colleague]);
/// Who registered it: sends, and decides who else sees or does what.
pub const OWNER: Access = Access::Roles(&[Role::Enterprise]);
/// Those who run campaigns and the register for the province.
pub const OFFICE: Access = Access::Roles(&[Role::Officer, Role::Administrator]);
/// Those who look after accounts, questionnaires and settings.
pub const ADMINISTRATOR: Access = Access::Roles(&[Role::Administrator]);
/// Who computes and issues releases.
pub const ANALYST: Access = Access::Roles(&[Role::Analyst]);
/// Everybody who works for the province.
pub const PROVINCE: Access = Access::Roles(&[Role::Officer, Role::Analyst, Role::Administrator]);

/// Those who review what was submitted: associations their members', the province everybody's.
pub const REVIEWER: Access = Access::Roles(&[Role::Association, Role::Officer]);
/// Those who look at everybody's submissions for the province.
pub const OFFICER: Access = Access::Roles(&[Role::Officer]);
/// Associations.
pub const ASSOCIATION: Access = Access::Roles(&[Role::Association]);
/// Those between whom a review goes on; each sees its own part.
pub const PARTIES: Access = Access::Roles(&[Role::Enterprise, Role::Colleague, Role::Association, Role::Officer]);

impl Access {
    /// Whether somebody with this role (none: not signed in) may pass.
    #[must_use]
    pub fn allows(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Everyone, _) | (Self::SignedIn, Some(_)) => true,
            (Self::Roles(roles), Some(role)) => roles.contains(&role),
            (Self::SignedIn | Self::Roles(_), None) => false,
        }
    }
}

/// One line of the route table.
#[derive(Clone, Debug)]
pub struct Route {
    /// Method of the call.
    pub method: Method,
    /// Path with placeholders.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
}

/// How long a call may take.
#[derive(Clone, Copy)]
enum Pace {
    /// A page or a form.
    Prompt,
    /// A file, which arrives as fast as the sender's network allows.
    Upload,
}

/// Routes, each with its access; there is no way to add one without.
pub struct Routes {
    router: Router<App>,
    /// The lines in the order they were added.
    pub table: Vec<Route>,
}

impl Routes {
    pub(super) fn new() -> Self {
        Self { router: Router::new(), table: Vec::new() }
    }

    pub(super) fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add((Method::GET, MethodFilter::GET), path, access, Pace::Prompt, handler)
    }

    pub(super) fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add((Method::POST, MethodFilter::POST), path, access, Pace::Prompt, handler)
    }

    /// A route that takes a file; whoever signs in on the way is led to the page at the same address.
    pub(super) fn upload<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add((Method::POST, MethodFilter::POST), path, access, Pace::Upload, handler)
    }

    fn add<H, T>(
        mut self,
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        access: Access,
        pace: Pace,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let guarded: MethodRouter<App> = on(filter, handler).layer(middleware::from_fn_with_state(access, guard));
        let bounded = guarded.layer(middleware::from_fn_with_state(pace, bound));
        self.router = self.router.route(path, bounded);
        self.table.push(Route { method, path, access });
        self
    }

    pub(super) fn into_router(self, app: &App) -> Router {
        self.router.fallback(async || Error::NotFound).with_state(app.clone())
    }
}

/// Ends a call that takes longer than its pace allows.
async fn bound(State(pace): State<Pace>, cx: Cx, request: Request, next: Next) -> Response {
    let limits = cx.app.config().limits;
    match pace {
        Pace::Prompt => {
            let answer = timeout(limits.longest, next.run(request)).await;
            answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
        }
        Pace::Upload => {
            // Whoever reads the body sees that it breaks off, and cannot tell why.
            let is_silent = Arc::new(AtomicBool::new(false));
            let seen = is_silent.clone();
            let request = request.map(|body| {
                let pieces = Body::new(TimeoutBody::new(limits.silence, body)).into_data_stream();
                Body::from_stream(pieces.inspect_err(move |_| seen.store(true, Ordering::Relaxed)))
            });
            match timeout(limits.longest_upload, next.run(request)).await {
                Ok(answer) if !is_silent.load(Ordering::Relaxed) => answer,
                _ => Error::Stalled.into_response(),
            }
        }
    }
}

async fn guard(State(access): State<Access>, cx: Cx, request: Request, next: Next) -> Response {
    let role = cx.visitor.as_ref().map(|visitor| visitor.role);
    if access.allows(role) {
        return next.run(request).await;
    }
    if wants_json(&request) {
        return if role.is_some() {
            Error::Forbidden.into_response()
        } else {
            StatusCode::UNAUTHORIZED.into_response()
        };
    }
    if role.is_some() && !topic::is_sent(&request) {
        return Error::Forbidden.into_response();
    }
    if request.method() == Method::GET {
        return Redirect::to(&sign_in::address(&cx.path)).into_response();
    }
    if role.is_none() && is_multipart(&request) {
        // A browser shows the page only when somebody has read what it sends.
        drain(request.into_body()).await;
        return sign_in::expired_upload(&cx);
    }
    // Somebody's session ended in the middle of a page: what was typed goes along through the sign-in.
    let typed = match forms::read(request.map(Body::new)).await {
        Ok(pairs) => pairs,
        Err(error) => return error.into_response(),
    };
    if role.is_some() {
        return topic::refused(&cx, &Error::Forbidden, &typed);
    }
    sign_in::expired(&cx, typed)
}

fn is_multipart(request: &Request) -> bool {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    media.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

/// Reads a body to its end and forgets it, up to a limit.
async fn drain(body: Body) {
    let (mut pieces, mut left) = (body.into_data_stream(), upload::MOST);
    while let Some(Ok(piece)) = pieces.next().await {
        match left.checked_sub(piece.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

/// Whether the caller is a script of ours that reads JSON.
pub(super) fn wants_json(request: &Request) -> bool {
    request.headers().get(header::ACCEPT).is_some_and(|accept| accept == "application/json")
}
