//! Everything that can go wrong in a request, as the reader of the page is told.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use time::Duration;

/// Why a request was not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request makes no sense: no page of ours sends it.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// Nothing is there for this visitor.
    #[error("not found")]
    NotFound,
    /// The visitor's role may not do this.
    #[error("forbidden")]
    Forbidden,
    /// The assessment was submitted already.
    #[error("already submitted")]
    AlreadySubmitted,
    /// The campaign is closed.
    #[error("campaign closed")]
    CampaignClosed,
    /// The body is larger than any form.
    #[error("body too large")]
    TooLarge,
    /// A file stopped arriving.
    #[error("the upload stalled")]
    Stalled,
    /// Too many wrong passwords.
    #[error("too many attempts, wait {0}")]
    TooManyAttempts(Duration),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Something else that is our fault.
    #[error("internal: {0:#}")]
    Internal(#[from] anyhow::Error),
}

/// Left in the response so that the layer that knows the reader's language writes the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorPage(pub app::pages::error::Kind);

impl Error {
    /// The status and the kind of page with which this is said.
    #[must_use]
    pub fn page(&self) -> (StatusCode, app::pages::error::Kind) {
        use app::pages::error::Kind;
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, Kind::BadRequest),
            Self::NotFound => (StatusCode::NOT_FOUND, Kind::NotFound),
            Self::Forbidden => (StatusCode::FORBIDDEN, Kind::Forbidden),
            Self::AlreadySubmitted => (StatusCode::CONFLICT, Kind::AlreadySubmitted),
            Self::CampaignClosed => (StatusCode::CONFLICT, Kind::CampaignClosed),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, Kind::TooLarge),
            // Not 408: browsers take that for the end of an idle connection and send the file once more by themselves.
            Self::Stalled => (StatusCode::BAD_REQUEST, Kind::Stalled),
            Self::TooManyAttempts(_) => (StatusCode::TOO_MANY_REQUESTS, Kind::TooManyAttempts),
            Self::Database(_) | Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, Kind::Internal),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, page) = self.page();
        if status.is_server_error() {
            tracing::error!(error = %self, "request failed");
        }
        let mut response = status.into_response();
        if let Self::TooManyAttempts(wait) = self {
            let seconds = HeaderValue::from(wait.whole_seconds().max(1).unsigned_abs());
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response.extensions_mut().insert(ErrorPage(page));
        response
    }
}
