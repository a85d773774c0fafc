//! The frame of every page: head, masthead, footer.

use leptos::{config::LeptosOptions, hydration::HydrationScripts, prelude::*};
use model::{role::Role, text::Lang};

use crate::{i18n::Tr, ui::province_nav::province_nav};

/// What the frame shows, the same for all pages of a request.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Interface texts.
    pub tr: Tr,
    /// Nonce of this response's scripts.
    pub nonce: String,
    /// Name of the script and wasm files, without extension; empty when they were not built.
    pub script: &'static str,
    /// File name of the stylesheet; empty when it was not built.
    pub stylesheet: &'static str,
    /// File name of the icon; empty when it was not built.
    pub icon: &'static str,
    /// Who runs this.
    pub owner: String,
    /// Where to get help.
    pub help: Option<String>,
    /// The page's own path.
    pub path: String,
    /// Who is signed in.
    pub person: Option<Person>,
}

/// Who is signed in, as the masthead shows it.
#[derive(Clone, Debug)]
pub struct Person {
    /// The enterprise's or the person's name.
    pub name: String,
    /// Which links the masthead offers.
    pub role: Role,
}

/// What is particular to one page.
#[derive(Clone, Debug)]
pub struct Head {
    title: String,
    islands: bool,
}

impl Head {
    /// A page without islands: it carries no script.
    #[must_use]
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), islands: false }
    }

    /// The same page with islands.
    #[must_use]
    pub fn with_islands(self) -> Self {
        Self { islands: true, ..self }
    }
}

/// A whole page around its body.
pub fn page<V: IntoView + 'static>(
    shell: &Shell,
    head: &Head,
    options: LeptosOptions,
    body: V,
) -> impl IntoView + use<V> {
    let islands = head.islands && !shell.script.is_empty();
    let icon = (!shell.icon.is_empty()).then(|| format!("/pkg/{}", shell.icon));
    let stylesheet = (!shell.stylesheet.is_empty()).then(|| format!("/pkg/{}", shell.stylesheet));
    view! {
        <!DOCTYPE html>
        <html lang=shell.tr.lang.code()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="theme-color" content="#fbf9f4" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#0e1b1f" media="(prefers-color-scheme: dark)"/>
                <title>{format!("{} | Thước Số", head.title)}</title>
                <meta name="description" content=shell.tr.t("footer-about")/>
                {stylesheet.map(|href| view! { <link rel="stylesheet" href=href/> })}
                {icon.map(|href| view! { <link rel="icon" type="image/svg+xml" href=href/> })}
                {islands.then(|| view! { <HydrationScripts options=options islands=true/> })}
            </head>
            <body>
                <a class="c-skip" href="#content">{shell.tr.t("skip")}</a>
                {masthead(shell)}
                {shell.person.as_ref().map(|person| province_nav(shell.tr, person.role, &shell.path))}
                <main class="l-wrap l-main" id="content">{body}</main>
                {footer(shell)}
            </body>
        </html>
    }
}

fn masthead(shell: &Shell) -> impl IntoView + use<> {
    let tr = shell.tr;
    let home = if shell.person.is_some() { "/home" } else { "/" };
    view! {
        <header class="c-masthead">
            <div class="l-wrap c-masthead__inner">
                <a class="c-brand" href=home>
                    <svg class="c-brand__mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false">
                        <rect class="c-brand__ground" width="40" height="40" rx="3"></rect>
                        <path class="c-brand__tick" d="M5 40V24M11 40v-7M17 40v-7M23 40v-7M29 40v-7M35 40V24"></path>
                        <path class="c-brand__needle" d="M19 20 26.5 8.5"></path>
                    </svg>
                    <span>
                        <span class="c-brand__name">"Thước Số"</span>
                        <span class="c-brand__owner">{shell.owner.clone()}</span>
                    </span>
                </a>
                <nav class="c-masthead__nav" aria-label=tr.t("nav-main")>{links(shell)}</nav>
            </div>
            <div class="c-ruler" aria-hidden="true"></div>
        </header>
    }
}

fn links(shell: &Shell) -> AnyView {
    let tr = shell.tr;
    let link = |href: &'static str, text: &'static str| {
        let current = shell.path.split('?').next() == Some(href);
        view! { <a class="c-masthead__link" href=href aria-current=current.then_some("page")>{tr.t(text)}</a> }
    };
    let Some(person) = shell.person.clone() else {
        return (
            link("/method", "nav-method"),
            link("/indicators", "nav-indicators"),
            link("/register", "nav-register"),
            link("/sign-in", "nav-sign-in"),
        )
            .into_any();
    };
    let work = match person.role {
        Role::Enterprise => vec![
            link("/assessments", "nav-assessment"),
            link("/review", "nav-review"),
            link("/memberships", "nav-memberships"),
        ],
        Role::Colleague => vec![link("/assessments", "nav-assessment"), link("/review", "nav-review")],
        Role::Officer | Role::Analyst | Role::Administrator => vec![link("/province", "nav-province")],
        Role::Association => {
            vec![link("/association", "nav-association"), link("/association/members", "nav-members")]
        }
    };
    view! {
        <span class="c-masthead__who">{person.name}</span>
        {work}
        {link("/account", "nav-account")}
        <form method="post" action="/sign-out">
            <button class="c-linkbutton" type="submit">{tr.t("nav-sign-out")}</button>
        </form>
    }
    .into_any()
}

fn footer(shell: &Shell) -> impl IntoView + use<> {
    let tr = shell.tr;
    let help = match &shell.help {
        Some(help) => tr.with("help-with", [("contact", help)]),
        None => tr.t("help-without").into_owned(),
    };
    let (code, name) = match tr.lang {
        Lang::Vi => ("en", "English"),
        Lang::En => ("vi", "Tiếng Việt"),
    };
    // A page that came from a posted form has no address of its own to go back to.
    let to = shell.path.clone();
    view! {
        <footer class="c-footer">
            <div class="l-wrap c-footer__inner">
                <div>
                    <p class="c-footer__help">{help}</p>
                    <p class="u-quiet">{tr.t("footer-about")}</p>
                </div>
                <nav class="c-footer__links" aria-label=tr.t("nav-more")>
                    <a href="/indicators">{tr.t("nav-indicators")}</a>
                    <a href="/method">{tr.t("nav-method")}</a>
                    <a href="/glossary">{tr.t("glossary-title")}</a>
                    <a href="/privacy">{tr.t("nav-privacy")}</a>
                    <a href="/accessibility">{tr.t("nav-accessibility")}</a>
                    <form class="c-langs" method="post" action="/language">
                        <input type="hidden" name="lang" value=code/>
                        <input type="hidden" name="to" value=to/>
                        <button class="c-langs__button" type="submit" lang=code>{name}</button>
                    </form>
                </nav>
            </div>
        </footer>
    }
}
