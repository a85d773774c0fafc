//! One save on its way to the server.

use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

use super::queue::Kept;

/// How long to wait for the server's answer, in milliseconds.
const PATIENCE: u32 = 10_000;

/// How the server answered.
pub enum Answer {
    /// Stored: the revision from now on, and when.
    Saved {
        /// The revision that the next save builds on.
        revision: String,
        /// The server's time of day.
        time: String,
    },
    /// The session has ended.
    Expired,
    /// Somebody else answered the same questions.
    Conflict,
    /// Something typed cannot be read.
    Invalid,
    /// It will never be stored; why, in the reader's language.
    Refused(String),
    /// No answer, or none of this server.
    Unreachable,
}

/// Sends a save.
pub async fn post(kept: &Kept) -> Answer {
    send(kept).await.unwrap_or(Answer::Unreachable)
}

async fn send(kept: &Kept) -> Result<Answer, JsValue> {
    let was = String::from(js_sys::encode_uri_component(&kept.was));
    let body = format!("{}&_revision={}&_key={}&_was={was}", kept.fields, kept.revision, kept.key());
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body.into());
    request.set_signal(Some(&web_sys::AbortSignal::timeout_with_u32(PATIENCE)));
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "application/json")?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    request.set_headers(&headers);
    // Lets the request finish when the tab is closed right after an answer.
    js_sys::Reflect::set(&request, &"keepalive".into(), &true.into())?;
    let response: Response =
        JsFuture::from(window().fetch_with_str_and_init(&kept.path, &request)).await?.dyn_into()?;
    let revision = response.headers().get("x-revision")?;
    Ok(match (response.status(), revision) {
        // A page that some hotel's network puts in between is no acknowledgement.
        (200, Some(revision)) => {
            Answer::Saved { revision, time: response.headers().get("x-saved-at")?.unwrap_or_default() }
        }
        (401, _) => Answer::Expired,
        (409, Some(_)) => Answer::Conflict,
        (422, _) => Answer::Invalid,
        (408 | 429, _) => Answer::Unreachable,
        (400..=499, _) => Answer::Refused(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default()),
        _ => Answer::Unreachable,
    })
}
