//! A notice: one of the few things with a ground of its own.

use leptos::prelude::*;

use super::icon;

/// Something the reader should know before going on.
pub fn plain<V: IntoView + 'static>(title: String, body: V) -> AnyView {
    view! {
        <div class="c-notice l-gap" role="note">
            {icon::warning("c-notice__icon")}
            <div><h2 class="c-notice__title">{title}</h2>{body}</div>
        </div>
    }
    .into_any()
}

/// Answers that do not fit together; not an error.
pub fn warn<V: IntoView + 'static>(title: String, body: V) -> AnyView {
    view! {
        <div class="c-notice c-notice--warn l-gap" role="note">
            {icon::warning("c-notice__icon")}
            <div><h2 class="c-notice__title">{title}</h2>{body}</div>
        </div>
    }
    .into_any()
}

/// A security gap.
pub fn alert<V: IntoView + 'static>(title: String, body: V) -> AnyView {
    view! {
        <div class="c-notice c-notice--alert l-gap" role="note">
            {icon::warning("c-notice__icon")}
            <div><h2 class="c-notice__title">{title}</h2>{body}</div>
        </div>
    }
    .into_any()
}

/// Something that has just been done.
pub fn done(text: String) -> AnyView {
    view! {
        <div class="c-notice c-notice--done l-gap" role="status">
            {icon::done("c-notice__icon")}
            <div><p class="c-notice__title">{text}</p></div>
        </div>
    }
    .into_any()
}
