//! The files built for the browser: hashed names, compressed at build time, kept by browsers for good.

use axum::{
    extract::Path,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};

use crate::error::Error;

/// A file in the forms in which it can be sent.
pub struct Asset {
    name: &'static str,
    media: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// `GET /pkg/{*name}`
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let asset = FILES.iter().find(|asset| asset.name == name).ok_or(Error::NotFound)?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |coding| accepted.split(',').any(|part| part.trim().split(';').next() == Some(coding));
    let (bytes, encoding) = if accepts("br") {
        (asset.brotli, Some("br"))
    } else if accepts("gzip") {
        (asset.gzip, Some("gzip"))
    } else {
        (asset.plain, None)
    };
    let fixed = [
        (header::CONTENT_TYPE, asset.media),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((fixed, encoding.map(|encoding| [(header::CONTENT_ENCODING, encoding)]), bytes).into_response())
}
