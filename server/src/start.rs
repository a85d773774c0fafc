//! Starting the server: database, first campaign, socket.

use std::net::SocketAddr;

use anyhow::Context as _;
use model::questionnaire::Questionnaire;
use time::{Duration, OffsetDateTime, Time};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    clock::{self, VIETNAM},
    config::Config,
    group_mail,
    http::App,
    mail::Mailer,
    measure, password,
    store::{Campaign, Durability, Store},
};

/// How long the campaign made at the first start stays open. The province changes it when it plans its own.
const FIRST_CAMPAIGN: Duration = Duration::days(180);

/// How long rows of the audit log wait to be sealed.
const SEAL: std::time::Duration = std::time::Duration::from_secs(2);

/// How often what is of no use any more is deleted.
const PURGE: Duration = Duration::hours(1);

/// A server that is listening and not yet serving.
pub struct Server {
    listener: TcpListener,
    app: App,
    mailer: Mailer,
}

impl Server {
    /// Opens the database (making its folder), brings it up to date, makes the first campaign and listens.
    ///
    /// # Errors
    /// When the database, the questionnaire file or the address cannot be used; the message says what to do.
    pub async fn start(mut config: Config, durability: Durability) -> anyhow::Result<Self> {
        // Rendering registers with an executor; a second start in the same process finds it registered.
        drop(any_spawner::Executor::init_tokio());
        password::prepare();
        let place = || format!("cannot open the database {}; check --database", without_password(&config.database));
        let store = Store::connect(&config.database, durability).await.with_context(place)?;
        store.migrate().await.with_context(place)?;
        first_campaign(&store, &config, clock::now()).await?;
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("cannot listen on {}; choose another address with --listen", config.listen))?;
        // Port 0 has become a real one: messages name the address.
        config.listen = listener.local_addr()?;
        let mailer = Mailer::new(store.clone(), &config)?;
        Ok(Self { listener, app: App::new(store, config), mailer })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// The application, for what is done beside serving.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Serves and sends messages until `stop`; requests and the message under way are finished.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let store = self.app.store().clone();
        let (stopping, stopped) = watch::channel(());
        let evidence = self.app.evidence().clone();
        let workers = [
            tokio::spawn(self.mailer.run(stopped.clone())),
            tokio::spawn(keep_house(store.clone(), stopped.clone())),
            tokio::spawn(evidence.keep_tidy(store.clone(), stopped.clone())),
            tokio::spawn(group_mail::follow(self.app.clone(), stopped.clone())),
            tokio::spawn(measure::follow(self.app.clone(), stopped)),
        ];
        let service = self.app.router().into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(self.listener, service).with_graceful_shutdown(stop).await?;
        drop(stopping);
        for worker in workers {
            worker.await?;
        }
        store.close().await;
        Ok(())
    }
}

/// Seals the audit log behind the writers until `stop` is gone, and once more at the end; purges now and then.
async fn keep_house(store: Store, mut stop: watch::Receiver<()>) {
    let mut stopping = false;
    let mut purge_at = clock::now();
    loop {
        if !stopping && clock::now() >= purge_at {
            purge_at = clock::now() + PURGE;
            if let Err(error) = store.purge(clock::now()).await {
                tracing::error!(%error, "the database cannot be purged");
            }
        }
        match store.seal_audit().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the audit log cannot be sealed"),
        }
        if stopping {
            return;
        }
        tokio::select! {
            _ = stop.changed() => stopping = true,
            () = tokio::time::sleep(SEAL) => {}
        }
    }
}

/// The questionnaire for the first campaign: the file that was given, else the built-in one.
fn questionnaire(config: &Config) -> anyhow::Result<Questionnaire> {
    let Some(path) = &config.questionnaire else {
        return Questionnaire::builtin("bn5").cloned().context("the built-in questionnaire is missing");
    };
    let file = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Questionnaire::parse(&file).map_err(|problems| {
        anyhow::anyhow!("{} has {} mistakes; `thuocso questionnaire check` lists them", path.display(), problems.len())
    })
}

/// Publishes the questionnaire and opens a campaign, so that the first journey needs no administrator.
async fn first_campaign(store: &Store, config: &Config, now: OffsetDateTime) -> anyhow::Result<()> {
    if store.has_campaign().await? {
        return Ok(());
    }
    let questionnaire = questionnaire(config)?;
    let document = serde_json::to_value(&questionnaire)?;
    store.publish(&questionnaire.id, &questionnaire.version, &document, clock::id(), now).await?;
    let today = now.to_offset(VIETNAM);
    let year = today.year();
    let campaign = Campaign {
        id: clock::id(),
        title_vi: format!("Phiếu tự đánh giá năm {year}"),
        title_en: format!("Self-assessment {year}"),
        questionnaire_id: questionnaire.id,
        questionnaire_version: questionnaire.version,
        opens_at: now,
        closes_at: (today + FIRST_CAMPAIGN).replace_time(Time::MIDNIGHT).to_offset(time::UtcOffset::UTC),
    };
    store.add_campaign(&campaign, clock::id(), now).await?;
    Ok(())
}

fn without_password(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((_, host)) => format!("postgres://…@{host}"),
        None => url.to_owned(),
    }
}
