//! Sends the answers that wait, one save after the other, and knows how it stands.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlElement, HtmlFormElement, VisibilityState};

use super::{
    page,
    post::{Answer, post},
    queue::{self, Kept, Queue},
    shown::{self, Words},
};

/// How long to wait for the next answer before saving.
const PAUSE: Duration = Duration::from_millis(600);
/// The longest wait between two tries while the server cannot be reached.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// What is listened to, all by one function.
const EVENTS: [&str; 8] = ["input", "change", "click", "submit", "online", "offline", "pagehide", "visibilitychange"];

/// What kind of page the answers are sent from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// No questions on it: it only sends what other pages left behind.
    #[default]
    Elsewhere,
    /// Questions with their stored answers.
    Fresh,
    /// Questions with what was typed and refused.
    Refused,
    /// The reader has to decide something first; nothing of this page is sent before the button is pressed.
    Undecided,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Nothing was saved yet.
    Idle,
    /// Something is not stored yet.
    Saving,
    /// Everything is stored, since this time of day.
    Saved(String),
    /// The server cannot be reached or failed; it is tried again.
    Failed,
    /// The device has no network.
    Offline,
    /// The session has ended.
    Expired,
    /// Somebody else answered the same questions, on this page or on the one with this address.
    Conflict(Option<String>),
    /// Something typed on this page or on the one with this address cannot be read.
    Invalid(Option<String>),
    /// The server will never take it: why, and the answers in words.
    Refused(String, String),
    /// The reader has to decide something first.
    Undecided,
}

/// The one that sends.
pub struct Saver {
    state: RefCell<State>,
    words: Words,
    mode: Mode,
    queue: Queue,
    /// The address of the page's questions; empty when it has none.
    own: String,
    /// Where to sign in and come back.
    sign_in: String,
    /// The item with the newest state of this page, while it can still be replaced: it was never on its way.
    newest: RefCell<Option<String>>,
    last: RefCell<Option<String>>,
    /// Saves are under way; there is never a second row of them, so that they arrive in order.
    busy: Cell<bool>,
    failures: Cell<u32>,
    timer: Cell<Option<TimeoutHandle>>,
    /// Form and button that wait for the saves to be done.
    pressed: RefCell<Option<(HtmlFormElement, Option<HtmlElement>)>>,
    /// The form goes now and is not to be held up again.
    leaving: Cell<bool>,
}

impl Mode {
    /// The mode as a word, for the way into the browser.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Elsewhere => "Elsewhere",
            Self::Fresh => "Fresh",
            Self::Refused => "Refused",
            Self::Undecided => "Undecided",
        }
    }

    /// The mode of a word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "Fresh" => Self::Fresh,
            "Refused" => Self::Refused,
            "Undecided" => Self::Undecided,
            _ => Self::Elsewhere,
        }
    }
}

impl Saver {
    /// Takes up what waits and listens from now on.
    pub fn start(words: Words, queue: String, mode: Mode, sign_in: String, last: Option<String>) {
        let form = page::form();
        let saver = Rc::new(Self {
            state: RefCell::new(State::Idle),
            words,
            mode,
            queue: Queue(queue),
            own: form.as_ref().and_then(|form| form.get_attribute("action")).unwrap_or_default(),
            sign_in,
            newest: RefCell::default(),
            last: RefCell::new(last),
            busy: Cell::new(false),
            failures: Cell::new(0),
            timer: Cell::new(None),
            pressed: RefCell::default(),
            leaving: Cell::new(false),
        });
        if let Some(form) = form {
            saver.take_up(&form);
        }
        saver.rest();
        saver.save();
        let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| saver.heard(&event)).into_js_value();
        for kind in EVENTS {
            drop(window().add_event_listener_with_callback(kind, hear.unchecked_ref()));
        }
    }

    fn set(&self, state: State) {
        shown::show(&state, &self.words, self.mode, &self.sign_in);
        self.state.replace(state);
    }

    fn take_up(self: &Rc<Self>, form: &HtmlFormElement) {
        // On a slow line answers are given before this listens.
        let early = page::fields(form).is_some_and(|fields| !queue::changes(&page::was(), &fields).is_empty());
        for kept in self.waiting().iter().filter(|kept| kept.path == self.own) {
            match self.mode {
                Mode::Fresh => page::restore(form, kept),
                // The page came back with what was typed: that is the newest.
                Mode::Refused => kept.remove(),
                Mode::Elsewhere | Mode::Undecided => {}
            }
        }
        if early && self.mode != Mode::Undecided {
            self.keep();
            self.save_after(PAUSE);
        }
    }

    fn heard(self: &Rc<Self>, event: &Event) {
        match &*event.type_() {
            "submit" => self.submitted(event),
            "online" => {
                self.failures.set(0);
                self.rest();
                self.save();
            }
            "offline" if self.mode != Mode::Elsewhere || !self.waiting().is_empty() => self.set(State::Offline),
            "pagehide" => self.hidden(),
            "visibilitychange" if document().visibility_state() == VisibilityState::Hidden => self.hidden(),
            "input" | "change" if page::holds(event) => self.answered(),
            "click" if page::is_file(event) => self.forget(),
            _ => {}
        }
    }

    /// The reader has in a file what will never be stored.
    fn forget(&self) {
        self.queue.clear();
        self.newest.take();
        self.rest();
    }

    /// What can be sent.
    fn waiting(&self) -> Vec<Kept> {
        let mut all = self.queue.list();
        all.retain(|kept| self.mode != Mode::Undecided || kept.path != self.own);
        all
    }

    fn is_newest(&self, kept: &Kept) -> bool {
        self.newest.borrow().as_ref() == Some(&kept.item)
    }

    fn answered(self: &Rc<Self>) {
        if self.mode != Mode::Undecided {
            self.keep();
            self.save_after(PAUSE);
        }
    }

    /// Keeps the state of this page, before anything is sent: from now on it outlives the page.
    fn keep(&self) {
        let Some(fields) = page::form().and_then(|form| page::fields(&form)) else { return };
        page::own_what_changed(&fields);
        let was = page::was();
        let waiting = self.waiting();
        let on_its_way = waiting.iter().any(|kept| kept.path == self.own && !self.is_newest(kept));
        if queue::changes(&was, &fields).is_empty() && !on_its_way {
            // Back to what is stored: nothing to send.
            waiting.iter().filter(|kept| self.is_newest(kept)).for_each(Kept::remove);
            self.newest.take();
            return self.rest();
        }
        let old = self.newest.take();
        let kept = self.queue.keep(old, &self.own, page::hidden("revision"), was, fields);
        self.newest.replace(Some(kept.item));
        if matches!(*self.state.borrow(), State::Idle | State::Saved(_)) {
            self.set(State::Saving);
        }
    }

    /// A form goes. Saves are waited for: their answers could otherwise arrive after those of the form, or get lost
    /// behind the browser's own error page.
    fn submitted(self: &Rc<Self>, event: &Event) {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form.filter(|_| !self.leaving.get()) else { return };
        let button = event.unchecked_ref::<web_sys::SubmitEvent>().submitter();
        self.stop_timer();
        if form.id() == "topic" {
            if self.mode == Mode::Undecided {
                return self.decided(&form);
            }
            self.keep();
            // The reader wants to see what stands against it.
            if button.as_ref().is_some_and(|button| button.get_attribute("name").as_deref() == Some("_stay")) {
                return;
            }
        }
        if self.waiting().is_empty() && !self.busy.get() {
            return;
        }
        event.prevent_default();
        self.pressed.replace(Some((form, button)));
        self.save();
    }

    /// The reader has decided: this is what waits from now on, under the key with which the form goes.
    fn decided(&self, form: &HtmlFormElement) {
        let Some(fields) = page::fields(form) else { return };
        self.queue.list().iter().filter(|kept| kept.path == self.own).for_each(Kept::remove);
        let kept = self.queue.keep(None, &self.own, page::hidden("revision"), page::was(), fields);
        page::set_hidden("key", kept.key());
    }

    fn hidden(self: &Rc<Self>) {
        self.stop_timer();
        self.save();
    }

    /// Says how it stands when nothing is under way.
    fn rest(&self) {
        self.set(self.at_rest());
    }

    fn at_rest(&self) -> State {
        match self.last.borrow().clone() {
            _ if self.mode == Mode::Undecided => State::Undecided,
            _ if !self.waiting().is_empty() => State::Saving,
            Some(time) => State::Saved(time),
            None => State::Idle,
        }
    }

    fn save_after(self: &Rc<Self>, pause: Duration) {
        self.stop_timer();
        let saver = self.clone();
        let later = move || {
            saver.timer.set(None);
            saver.save();
        };
        self.timer.set(set_timeout_with_handle(later, pause).ok());
    }

    fn stop_timer(&self) {
        if let Some(handle) = self.timer.take() {
            handle.clear();
        }
    }

    fn save(self: &Rc<Self>) {
        if self.busy.get() || self.waiting().is_empty() {
            return;
        }
        self.busy.set(true);
        self.set(State::Saving);
        let saver = self.clone();
        spawn_local(async move {
            let end = saver.send_all().await;
            saver.busy.set(false);
            saver.ended(end);
        });
    }

    fn ended(self: &Rc<Self>, end: State) {
        self.set(end.clone());
        let pressed = self.pressed.take();
        if matches!(end, State::Failed | State::Offline) {
            let failures = self.failures.get().min(5);
            self.failures.set(failures + 1);
            return self.save_after((PAUSE * 2_u32.pow(failures)).min(LONGEST_WAIT));
        }
        match pressed {
            Some((form, button)) => self.go(&form, button.as_ref(), &end),
            // The page shows what is stored, which is more now.
            None if self.mode == Mode::Elsewhere && matches!(end, State::Saved(_)) => {
                drop(window().location().reload());
            }
            None => {}
        }
    }

    /// Sends all that waits and answers how it stands then.
    async fn send_all(&self) -> State {
        let mut refused: Vec<String> = Vec::new();
        let mut end = None;
        loop {
            // What is still being typed waits for its pause.
            let timer = self.timer.take();
            let is_typing = timer.is_some();
            self.timer.set(timer);
            let mut waiting = self.waiting();
            waiting.retain(|kept| !(refused.contains(&kept.item) || is_typing && self.is_newest(kept)));
            if waiting.is_empty() {
                return end.unwrap_or_else(|| self.at_rest());
            }
            let kept = waiting.swap_remove(0);
            if self.is_newest(&kept) {
                self.newest.take();
            }
            let other = (kept.path != self.own).then(|| kept.path.clone());
            let is_own = other.is_none();
            let stands = match post(&kept).await {
                Answer::Saved { revision, time } => {
                    self.acknowledged(&kept, &revision, time);
                    continue;
                }
                Answer::Unreachable if window().navigator().on_line() => return State::Failed,
                Answer::Unreachable => return State::Offline,
                Answer::Expired => return State::Expired,
                Answer::Conflict => State::Conflict(other),
                Answer::Invalid => State::Invalid(other),
                Answer::Refused(why) => State::Refused(why, page::in_words(&kept)),
            };
            self.rejected(&kept);
            refused.push(kept.item);
            // What happens on this page comes first.
            if is_own || end.is_none() {
                end = Some(stands);
            }
        }
    }

    /// What is stored now is what later saves of the page build on.
    fn acknowledged(&self, kept: &Kept, revision: &str, time: String) {
        kept.remove();
        for mut later in self.queue.list() {
            if later.path == kept.path {
                later.was = kept.done_in(&later.was);
                later.revision = revision.to_owned();
                later.rewrite();
            }
        }
        if kept.path == self.own && self.mode != Mode::Undecided {
            page::set_hidden("was", &kept.done_in(&page::was()));
            page::set_hidden("revision", revision);
        }
        self.failures.set(0);
        self.last.replace(Some(time));
    }

    /// Nothing of it was stored, so that a newer state of the page can take its place.
    fn rejected(&self, kept: &Kept) {
        if kept.path != self.own {
            return;
        }
        if self.newest.borrow().is_some() {
            kept.remove();
        } else {
            self.newest.replace(Some(kept.item.clone()));
        }
    }

    fn go(&self, form: &HtmlFormElement, button: Option<&HtmlElement>, end: &State) {
        if *end == State::Expired && form.id() == "topic" && queue::is_safe() {
            // The answers wait here; they are sent after the sign-in.
            drop(window().location().set_href(&self.sign_in));
            return;
        }
        if form.get_attribute("action").as_deref() == Some("/sign-out") {
            self.queue.clear();
        }
        self.leaving.set(true);
        drop(form.request_submit_with_submitter(button.map(AsRef::as_ref)));
        self.leaving.set(false);
    }
}
