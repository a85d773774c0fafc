//! Views to HTML. The only file that knows how Leptos renders.

use std::sync::Arc;

use app::shell::{self, Head, Shell};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use hydration_context::SsrSharedContext;
use leptos::{
    config::LeptosOptions,
    nonce::Nonce,
    prelude::{IntoView, Owner, RenderHtml as _, provide_context},
};

/// A whole page with a status.
pub fn page<V: IntoView + 'static>(
    status: StatusCode,
    shell: &Shell,
    head: &Head,
    body: impl FnOnce() -> V,
) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html(shell, head, body)).into_response()
}

fn html<V: IntoView + 'static>(shell: &Shell, head: &Head, body: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| {
        provide_context(Nonce::from_value(shell.nonce.as_str()));
        let options = LeptosOptions::builder().output_name(shell.script).site_pkg_dir("pkg").build();
        shell::page(shell, head, options, body()).to_html()
    })
}
