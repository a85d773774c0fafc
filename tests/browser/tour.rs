//! A walk through every page and its states, for whatever has to hold on all of them. A new page is one more line in
//! `tour/enterprise.rs` or `tour/office.rs`; a route that is neither walked nor excused in `tour/routes.rs` fails.

mod enterprise;
mod office;
mod routes;

use std::{cell::RefCell, collections::BTreeSet};

use tests::{Page, TestServer};

use crate::{Chromium, Person};

/// A page as it is shown.
pub struct Stop<'a> {
    /// What it is called in messages: its address, or the state that it is in.
    pub name: &'a str,
    /// It says what is wrong.
    pub is_refused: bool,
}

/// Opens what visitors and enterprises see and calls `look` on each page and state.
pub async fn of_enterprises(chromium: &Chromium, look: impl AsyncFn(Stop<'_>)) {
    let server = TestServer::sqlite().await;
    let tour = Tour { chromium, server: &server, look, seen: RefCell::default() };
    tour.visitor().await;
    tour.enterprise().await;
    routes::assert_all_seen(&tour.seen.borrow(), |path| !routes::is_of_offices(path));
}

/// Opens what those see who work for the province or an association, and what a release makes public.
pub async fn of_offices(chromium: &Chromium, look: impl AsyncFn(Stop<'_>)) {
    let server = TestServer::sqlite().await;
    let tour = Tour { chromium, server: &server, look, seen: RefCell::default() };
    tour.offices().await;
    routes::assert_all_seen(&tour.seen.borrow(), routes::is_of_offices);
}

struct Tour<'a, L> {
    chromium: &'a Chromium,
    server: &'a TestServer,
    look: L,
    /// The paths of all pages that were looked at.
    seen: RefCell<BTreeSet<String>>,
}

impl<L: AsyncFn(Stop<'_>)> Tour<'_, L> {
    /// Opens a page and looks at it.
    async fn page(&self, path: &str) {
        self.open(path).await;
        let shown = path.split(['?', '#']).next().unwrap_or_default();
        assert_eq!(self.chromium.path().await, shown, "the page itself is looked at");
        self.state(path).await;
    }

    /// Opens a page and looks at it, again and again.
    async fn pages(&self, paths: &[&str]) {
        for path in paths {
            self.page(path).await;
        }
    }

    /// Opens a page, uses a button of it and looks at what comes, which says what is wrong.
    async fn refused_by(&self, path: &str, button: &str) {
        self.open(path).await;
        self.chromium.leave(button).await;
        self.refused(&format!("{path}, refused")).await;
    }

    /// Looks at the page that is open.
    async fn state(&self, name: &str) {
        self.look(Stop { name, is_refused: false }).await;
    }

    /// Looks at the page that is open, which says what is wrong.
    async fn refused(&self, name: &str) {
        self.look(Stop { name, is_refused: true }).await;
    }

    async fn open(&self, path: &str) {
        self.chromium.open(&self.server.url(path)).await;
    }

    async fn look(&self, stop: Stop<'_>) {
        // A page of questions that stores nothing has no save state to wait for.
        if self.chromium.script("return !!document.getElementById('revision')", &[]).await == true {
            self.chromium.awake().await;
        }
        let path = self.chromium.path().await;
        self.seen.borrow_mut().insert(path);
        (self.look)(stop).await;
    }

    /// The browser goes on as whoever this answer of the server signed in.
    async fn go_on_as(&self, session: &Page) {
        Person::use_session(session, self.chromium, self.server).await;
    }

    async fn in_english(&self, paths: &[&str]) {
        for lang in ["en", "vi"] {
            self.chromium.leave(&format!(".c-langs__button[lang={lang}]")).await;
            for path in paths.iter().filter(|_| lang == "en") {
                self.open(path).await;
                self.state(&format!("{path} in English")).await;
            }
        }
    }
}
