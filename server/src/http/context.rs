//! What a handler knows about its request.

use std::{net::IpAddr, sync::Arc};

use app::{
    date,
    i18n::Tr,
    shell::{Head, Person, Shell},
};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::IntoView;
use model::{role::Role, text::Lang};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{App, assets, forms::Pairs};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    render,
    store::{Settings, Visitor, association::By, review::Scope},
};

/// The context of one request, made by the frame around all routes.
#[derive(Clone)]
pub struct Cx {
    /// The application.
    pub app: App,
    /// Who asks, if signed in.
    pub visitor: Option<Visitor>,
    /// The language of the page.
    pub lang: Lang,
    /// The settings of the province.
    pub settings: Arc<Settings>,
    /// The nonce of this page's scripts.
    pub nonce: String,
    /// Path and query of the request.
    pub path: String,
    /// The caller's network address.
    pub address: Option<IpAddr>,
    /// When the request came.
    pub now: OffsetDateTime,
}

/// An enterprise's account: who asks on a route that only enterprises may call.
#[derive(Clone, Copy, Debug)]
pub struct Respondent {
    /// Key of the account.
    pub account: Uuid,
    /// Key of the enterprise: the scope of every query.
    pub enterprise: Uuid,
}

/// Who works for an association.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Key of the account.
    pub account: Uuid,
    /// Key of the association: the scope of every query.
    pub association: Uuid,
    /// The association's name.
    pub name: String,
}

impl Cx {
    /// The interface texts.
    #[must_use]
    pub fn tr(&self) -> Tr {
        Tr::new(self.lang)
    }

    /// The respondent, or an error that the route table should have made impossible.
    ///
    /// # Errors
    /// `Forbidden` when no enterprise is signed in.
    pub fn respondent(&self) -> Result<Respondent, Error> {
        let visitor = self.visitor.as_ref().ok_or(Error::Forbidden)?;
        let enterprise = visitor.enterprise.ok_or(Error::Forbidden)?;
        Ok(Respondent { account: visitor.account, enterprise })
    }

    /// Whether whoever asks registered the enterprise: colleagues answer, the owner sends and decides.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.visitor.as_ref().is_some_and(|visitor| visitor.role == Role::Enterprise)
    }

    /// The query of the address.
    #[must_use]
    pub fn query(&self) -> Pairs {
        Pairs::decode(self.path.split_once('?').map_or("", |(_, query)| query))
    }

    /// Who works for an association, or an error that the route table should have made impossible.
    ///
    /// # Errors
    /// `Forbidden` when nobody of an association is signed in.
    pub fn staff(&self) -> Result<Staff, Error> {
        let visitor = self.visitor.as_ref().ok_or(Error::Forbidden)?;
        let association = visitor.association.ok_or(Error::Forbidden)?;
        Ok(Staff { account: visitor.account, association, name: visitor.association_name.clone().unwrap_or_default() })
    }

    /// On whose behalf somebody reviews, or an error that the route table should have made impossible.
    ///
    /// # Errors
    /// `Forbidden` when neither an association nor an officer is signed in.
    pub fn reviewer(&self) -> Result<Scope, Error> {
        let visitor = self.visitor.as_ref().ok_or(Error::Forbidden)?;
        match (visitor.role, visitor.association) {
            (Role::Association, Some(association)) => Ok(Scope::Association(association)),
            (Role::Officer, None) => Ok(Scope::Province),
            _ => Err(Error::Forbidden),
        }
    }

    /// Who changes something now, for the audit log.
    #[must_use]
    pub fn by(&self) -> By {
        By { account: self.visitor.as_ref().map(|visitor| visitor.account), event: clock::id(), at: self.now }
    }

    /// A page without islands.
    pub fn page<V: IntoView + 'static>(&self, title: &str, body: impl FnOnce() -> V) -> Response {
        self.respond(StatusCode::OK, &Head::new(title), body)
    }

    /// A page that says what is wrong with what was typed; its title says so too.
    pub fn refused<V: IntoView + 'static>(
        &self,
        status: StatusCode,
        title: &str,
        body: impl FnOnce() -> V,
    ) -> Response {
        let title = self.tr().with("title-error", [("title", title)]);
        self.respond(status, &Head::new(&title), body)
    }

    /// A page with everything chosen by the caller.
    pub fn respond<V: IntoView + 'static>(
        &self,
        status: StatusCode,
        head: &Head,
        body: impl FnOnce() -> V,
    ) -> Response {
        render::page(status, &self.shell(), head, body)
    }

    fn shell(&self) -> Shell {
        Shell {
            tr: self.tr(),
            nonce: self.nonce.clone(),
            script: assets::SCRIPT,
            stylesheet: assets::STYLESHEET,
            icon: assets::ICON,
            owner: self.settings.owner.clone(),
            help: self.settings.help(self.lang),
            path: self.path.clone(),
            person: self.visitor.as_ref().map(|visitor| Person {
                name: visitor.enterprise_name.clone().unwrap_or_else(|| visitor.full_name.clone()),
                role: visitor.role,
            }),
        }
    }
}

/// A time as the pages show it, in Viet Nam's time.
#[must_use]
pub fn moment(at: OffsetDateTime) -> String {
    date::moment(at.to_offset(VIETNAM))
}

impl<S> FromRequestParts<S> for Cx
where
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| anyhow::anyhow!("a route outside the frame").into())
    }
}
