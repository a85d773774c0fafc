//! Saves a page of questions in the background and says so only when the server has it on disk.
#![allow(missing_docs, reason = "the island macro makes a public struct of the properties without a description")]

use std::time::Duration;

use leptos::{ev, prelude::*};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    FormData, HtmlElement, HtmlFormElement, HtmlInputElement, RequestInit, Response, UrlSearchParams, VisibilityState,
};

/// How long to wait for the next answer before saving.
const PAUSE: Duration = Duration::from_millis(600);
/// How long to wait for the server's answer, in milliseconds.
const PATIENCE: u32 = 10_000;
/// The longest wait between two tries while the server cannot be reached.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The few words of the save state, in the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SaveWords {
    /// While saving.
    pub saving: String,
    /// `{time}` is filled in by the server's time.
    pub saved: String,
    /// The server cannot be reached or failed; it is tried again.
    pub failed: String,
    /// The session has ended.
    pub expired: String,
    /// Somebody else answered the same questions.
    pub conflict: String,
    /// Something typed cannot be read.
    pub invalid: String,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Idle,
    Saving,
    Saved(String),
    Failed,
    Expired,
    Conflict,
    Invalid,
}

/// How the server answered.
enum Answer {
    /// With the revision from now on, the time of the save, and the fields that were saved.
    Saved {
        revision: String,
        time: String,
        fields: String,
    },
    Expired,
    Conflict,
    Invalid,
    Unreachable,
}

#[derive(Clone, Copy)]
struct Saver {
    state: RwSignal<State>,
    /// Answers changed since the last save began.
    dirty: StoredValue<bool>,
    /// A request is under way; there is never a second one, so that saves arrive in order.
    busy: StoredValue<bool>,
    failures: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// The button was pressed while a save was under way: the form goes when the save is done.
    pressed: StoredValue<Option<Pressed>, LocalStorage>,
}

/// The button that was pressed; none when the form was sent from a field.
type Pressed = Option<HtmlElement>;

/// The save state. Works on the form with the id `topic`.
#[island]
pub fn Autosave(words: SaveWords, saved_at: Option<String>) -> impl IntoView {
    let saver = Saver {
        state: RwSignal::new(saved_at.map_or(State::Idle, State::Saved)),
        dirty: StoredValue::new(false),
        busy: StoredValue::new(false),
        failures: StoredValue::new(0),
        timer: StoredValue::new(None),
        pressed: StoredValue::new_local(None),
    };
    Effect::new(move |_| saver.listen());
    let class = move || match saver.state.get() {
        State::Idle => "c-saved c-saved--idle",
        State::Saving => "c-saved c-saved--waiting",
        State::Saved(_) => "c-saved",
        State::Failed | State::Expired | State::Conflict | State::Invalid => "c-saved c-saved--failed",
    };
    let text = move || match saver.state.get() {
        State::Idle => String::new(),
        State::Saving => words.saving.clone(),
        State::Saved(time) => words.saved.replace("{time}", &time),
        State::Failed => words.failed.clone(),
        State::Expired => words.expired.clone(),
        State::Conflict => words.conflict.clone(),
        State::Invalid => words.invalid.clone(),
    };
    view! {
        <span class=class role="status">
            <svg class="c-saved__icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d="M2.5 8.5 6.5 12.5 13.5 4" fill="none" stroke="currentColor" stroke-width="2.5"></path>
            </svg>
            <svg class="c-saved__icon c-saved__icon--failed" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d="M8 2v8M8 12.5v2" fill="none" stroke="currentColor" stroke-width="2.5"></path>
            </svg>
            <span>{text}</span>
        </span>
    }
}

impl Saver {
    fn listen(self) {
        window_event_listener(ev::input, move |event| self.answered(&event));
        window_event_listener(ev::change, move |event| self.answered(&event));
        window_event_listener(ev::online, move |_| self.save_after(Duration::ZERO));
        window_event_listener(ev::visibilitychange, move |_| {
            if document().visibility_state() == VisibilityState::Hidden && self.dirty.get_value() {
                self.save();
            }
        });
        window_event_listener(ev::submit, move |event| self.button(&event));
        // On a slow line answers are given before this listens.
        if form().is_some_and(|form| is_changed(&form)) {
            self.dirty.set_value(true);
            self.save_after(PAUSE);
        }
    }

    fn answered(self, event: &web_sys::Event) {
        if in_form(event) {
            self.dirty.set_value(true);
            self.save_after(PAUSE);
        }
    }

    /// The form's own button takes over. A save that is under way is waited for: its answers could otherwise arrive
    /// after those of the form, or meet them as if they were somebody else's.
    fn button(self, event: &web_sys::SubmitEvent) {
        if !in_form(event) {
            return;
        }
        self.stop_timer();
        self.dirty.set_value(false);
        if self.busy.get_value() {
            event.prevent_default();
            self.pressed.set_value(Some(event.submitter()));
        }
    }

    fn save_after(self, pause: Duration) {
        self.stop_timer();
        let handle = set_timeout_with_handle(move || self.save(), pause).ok();
        self.timer.set_value(handle);
    }

    fn stop_timer(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    fn save(self) {
        if self.busy.get_value() || !self.dirty.get_value() {
            return;
        }
        let Some(form) = form() else { return };
        self.busy.set_value(true);
        self.dirty.set_value(false);
        self.state.set(State::Saving);
        spawn_local(async move {
            let answer = post(&form).await.unwrap_or(Answer::Unreachable);
            self.busy.set_value(false);
            self.after(answer);
            if let Some(button) = self.pressed.try_update_value(Option::take).flatten() {
                drop(form.request_submit_with_submitter(button.as_ref()));
            }
        });
    }

    fn after(self, answer: Answer) {
        match answer {
            Answer::Saved { revision, time, fields } => {
                self.failures.set_value(0);
                set_hidden("revision", &revision);
                set_hidden("was", &fields);
                self.state.set(State::Saved(time));
                if self.dirty.get_value() {
                    self.save_after(Duration::ZERO);
                }
            }
            Answer::Unreachable => {
                self.dirty.set_value(true);
                self.state.set(State::Failed);
                let failures = self.failures.get_value().min(5);
                self.failures.set_value(failures + 1);
                self.save_after((PAUSE * 2_u32.pow(failures)).min(LONGEST_WAIT));
            }
            Answer::Expired => self.state.set(State::Expired),
            Answer::Conflict => self.state.set(State::Conflict),
            Answer::Invalid => self.state.set(State::Invalid),
        }
    }
}

fn form() -> Option<HtmlFormElement> {
    document().get_element_by_id("topic")?.dyn_into().ok()
}

fn in_form(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    form().is_some_and(|form| form.contains(target.as_ref()))
}

fn set_hidden(id: &str, value: &str) {
    let field = document().get_element_by_id(id).and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_value(value);
    }
}

/// Whether a field differs from what the server sent.
fn is_changed(form: &HtmlFormElement) -> bool {
    let fields = form.elements();
    (0..fields.length()).filter_map(|index| fields.item(index)).any(|field| {
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            return input.checked() != input.default_checked() || input.value() != input.default_value();
        }
        false
    })
}

async fn post(form: &HtmlFormElement) -> Result<Answer, JsValue> {
    let fields = FormData::new_with_form(form)?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
    let saved = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
    saved.delete("_was");
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    request.set_signal(Some(&web_sys::AbortSignal::timeout_with_u32(PATIENCE)));
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "application/json")?;
    request.set_headers(&headers);
    // Lets the request finish when the tab is closed right after an answer.
    js_sys::Reflect::set(&request, &"keepalive".into(), &true.into())?;
    let response = JsFuture::from(window().fetch_with_str_and_init(&form.action(), &request)).await?;
    let response: Response = response.dyn_into()?;
    Ok(match response.status() {
        200 => Answer::Saved {
            revision: response.headers().get("x-revision")?.unwrap_or_default(),
            time: response.headers().get("x-saved-at")?.unwrap_or_default(),
            fields: String::from(saved.to_string()),
        },
        401 => Answer::Expired,
        409 => Answer::Conflict,
        422 => Answer::Invalid,
        _ => Answer::Unreachable,
    })
}
