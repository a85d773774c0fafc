//! Pages, components, charts and islands.
//!
//! A page is a function of a plain struct: nothing here sees a database, a request or a session.
//! With the feature `ssr` the whole crate is compiled for the server; with `hydrate` only the islands, for the browser.

pub mod islands;

#[cfg(feature = "ssr")]
mod chart;
#[cfg(feature = "ssr")]
pub mod date;
#[cfg(feature = "ssr")]
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod paths;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod ui;

/// Starts the islands on a page; called by the boot script that the server puts into pages with islands.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
