//! HTTP: which address calls which function, and who may.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock as Lock},
};

use app::pages::sheet::Sheet;
use axum::Router;
use model::{
    questionnaire::Questionnaire,
    quick::{Kind, quick},
    text::Lang,
};
use time::{Duration, OffsetDateTime};
use tokio::sync::RwLock;

use crate::{
    config::Config,
    error::Error,
    evidence::Folder,
    store::{Settings, Store},
};

pub mod access;
mod account;
mod actions;
mod application;
mod assessment;
mod assets;
mod association;
mod board;
mod claim;
mod colleague;
mod comparison;
mod context;
mod evidence;
mod export;
mod forms;
mod frame;
mod history;
mod indicators;
mod invitation;
mod link;
mod member;
mod member_import;
mod member_letter;
mod membership;
mod open_data;
mod peers;
mod personal;
mod province;
mod public;
mod quick;
mod register;
mod review;
mod reviews;
pub mod routes;
mod sign_in;
mod submit;
mod takeover;
mod topic;
mod tried;
mod upload;

pub use access::Access;
pub use assessment::last_day;
pub use claim::hash as claim_hash;
pub use province::import as register_import;
pub use province::response::response_of;
pub use review::letter as review_letter;
pub use sign_in::{hex, session_hash};
pub use submit::new_receipt;

/// How long the settings of the province are believed: another process may have changed them.
const FRESH: Duration = Duration::seconds(10);

/// What every handler can reach.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    config: Config,
    evidence: Folder,
    editions: RwLock<HashMap<(String, String), Arc<Edition>>>,
    published: indicators::Published,
    settings: Lock<Option<(OffsetDateTime, Arc<Settings>)>>,
}

/// A published questionnaire version with what every reader of it gets alike.
pub struct Edition {
    /// The version.
    pub questionnaire: Arc<Questionnaire>,
    quick: Arc<Questionnaire>,
    vietnamese: Sheet,
    english: Sheet,
}

impl Edition {
    fn new(questionnaire: Questionnaire) -> Self {
        let [vietnamese, english] = [Lang::Vi, Lang::En].map(|lang| Sheet::new(&questionnaire, lang));
        Self { quick: Arc::new(quick(&questionnaire)), questionnaire: Arc::new(questionnaire), vietnamese, english }
    }

    /// The version as an assessment of this kind asks it.
    #[must_use]
    pub fn asked_by(&self, kind: Kind) -> Arc<Questionnaire> {
        match kind {
            Kind::Full => self.questionnaire.clone(),
            Kind::Quick => self.quick.clone(),
        }
    }

    /// Its items in a language.
    #[must_use]
    pub fn sheet(&self, lang: Lang) -> &Sheet {
        match lang {
            Lang::Vi => &self.vietnamese,
            Lang::En => &self.english,
        }
    }
}

impl App {
    /// An application on an open store.
    #[must_use]
    pub fn new(store: Store, config: Config) -> Self {
        let published = indicators::Published::default();
        let evidence = Folder::new(&config.evidence_folder);
        Self(Arc::new(Inner {
            store,
            config,
            evidence,
            editions: RwLock::default(),
            published,
            settings: Lock::default(),
        }))
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Where evidence files lie.
    #[must_use]
    pub fn evidence(&self) -> &Folder {
        &self.0.evidence
    }

    /// The settings of the province: those of the database, else those of the program.
    pub async fn settings(&self, now: OffsetDateTime) -> Arc<Settings> {
        let known = self.0.settings.read().ok().and_then(|known| known.clone());
        if let Some((at, settings)) = &known
            && now - *at < FRESH
        {
            return settings.clone();
        }
        let before = known.map(|(_, settings)| settings);
        let settings = match self.store().settings().await {
            Ok(stored) => Arc::new(stored.unwrap_or_else(|| self.config().settings())),
            Err(error) => {
                tracing::error!(%error, "the settings cannot be read");
                before.clone().unwrap_or_else(|| Arc::new(self.config().settings()))
            }
        };
        if before.is_some_and(|before| before != settings) {
            // Pages that were kept show the old ones.
            self.published().forget();
        }
        if let Ok(mut known) = self.0.settings.write() {
            *known = Some((now, settings.clone()));
        }
        settings
    }

    /// The settings were changed: the next request reads them again.
    fn settings_changed(&self) {
        if let Ok(mut known) = self.0.settings.write() {
            *known = known.take().map(|(_, settings)| (OffsetDateTime::UNIX_EPOCH, settings));
        }
    }

    /// What was made of releases so far.
    fn published(&self) -> &indicators::Published {
        &self.0.published
    }

    /// A questionnaire version; see [`App::edition`].
    ///
    /// # Errors
    /// When the database fails or holds a version that this program cannot read.
    pub async fn questionnaire(&self, id: &str, version: &str) -> Result<Arc<Questionnaire>, Error> {
        Ok(self.edition(id, version).await?.questionnaire.clone())
    }

    /// A questionnaire version with its sheets; made once, since a published version never changes.
    ///
    /// # Errors
    /// When the database fails or holds a version that this program cannot read.
    pub async fn edition(&self, id: &str, version: &str) -> Result<Arc<Edition>, Error> {
        let key = (id.to_owned(), version.to_owned());
        if let Some(known) = self.0.editions.read().await.get(&key) {
            return Ok(known.clone());
        }
        let document = self.store().questionnaire(id, version).await?.ok_or(Error::NotFound)?;
        let parsed = Questionnaire::parse(&document.to_string()).map_err(|problems| {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            anyhow::anyhow!("questionnaire {id} {version} cannot be read: {first}")
        })?;
        let edition = Arc::new(Edition::new(parsed));
        self.0.editions.write().await.insert(key, edition.clone());
        Ok(edition)
    }

    /// The whole application as a router.
    pub fn router(self) -> Router {
        frame::around(routes::all().into_router(&self), self)
    }
}
