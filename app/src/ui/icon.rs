//! The few drawn signs. They always stand beside a word.

use leptos::prelude::*;

/// A tick.
pub fn tick(class: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d="M2.5 8.5 6.5 12.5 13.5 4" fill="none" stroke="currentColor" stroke-width="2.5"></path>
        </svg>
    }
}

/// A cross.
pub fn cross(class: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" fill="none" stroke="currentColor" stroke-width="2.5"></path>
        </svg>
    }
}

/// A triangle with an exclamation mark.
pub fn warning(class: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 28 28" aria-hidden="true" focusable="false">
            <path d="M14 2.5 26.5 25h-25z" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linejoin="round"></path>
            <path d="M14 10.5v7" stroke="currentColor" stroke-width="2.75"></path>
            <circle cx="14" cy="21" r="1.6" fill="currentColor"></circle>
        </svg>
    }
}

/// A circle with a tick.
pub fn done(class: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 28 28" aria-hidden="true" focusable="false">
            <circle cx="14" cy="14" r="11.5" fill="none" stroke="currentColor" stroke-width="2.5"></circle>
            <path d="M8.5 14.5 12.5 18.5 19.5 10" fill="none" stroke="currentColor" stroke-width="2.5"></path>
        </svg>
    }
}
