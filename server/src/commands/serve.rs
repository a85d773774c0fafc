//! `serve`: the server, on its database or on a throw-away demonstration.

use std::{process::ExitCode, time::Instant};

use anyhow::Context as _;
use clap::Args;
use model::release::Parameters;

use crate::{
    config::Config,
    demo::{self, Demo},
    http::App,
    start::Server,
    store::Durability,
};

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    config: Config,
    /// Serve a throw-away database filled with a synthetic province.
    #[arg(long)]
    demo: bool,
}

/// Serves until interrupted.
pub async fn run(serve: Serve) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    let mut config = serve.config;
    // Kept until the end: the folder goes away with it.
    let folder = if serve.demo { Some(tempfile::tempdir().context("cannot make a temporary folder")?) } else { None };
    if let Some(folder) = &folder {
        config.database = format!("sqlite:{}", folder.path().join("demo.sqlite").display());
        config.mail_folder = folder.path().join("mail");
        config.evidence_folder = folder.path().join("evidence");
    }
    let durability = if serve.demo { Durability::ThrowAway } else { Durability::Full };
    // A database address may hold a password; it is not printed.
    let database = match config.database.starts_with("sqlite:") {
        true => config.database.clone(),
        false => "…".to_owned(),
    };
    let server = Server::start(config, durability).await?;
    let demo = match &folder {
        Some(_) => Some(demo::fill(server.app()).await?),
        None => None,
    };
    let address = server.address()?;
    println!("Thước Số: http://{address}/  (ready after {:.2} s)", begun.elapsed().as_secs_f64());
    match demo {
        Some(demo) => {
            println!("{}Its indicators are computed now and will be at http://{address}/indicators", demo.sign_ins);
            tokio::spawn(release(server.app().clone(), demo, begun));
        }
        None => println!(
            "Next: open the address and register an enterprise.\n\
             The first administrator: thuocso user add ten@example.vn --role administrator --name \"Họ và tên\" --database {database}"
        ),
    }
    server.serve(interrupted()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Issues the releases of a demonstration while it is served.
async fn release(app: App, demo: Demo, begun: Instant) {
    match demo.release(&app, &Parameters::default()).await {
        Ok(()) => println!("The indicators are there ({:.0} s after the start)", begun.elapsed().as_secs_f64()),
        Err(error) => eprintln!("The indicators of the demonstration cannot be computed: {error:#}"),
    }
}

async fn interrupted() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {} _ = terminate.recv() => {} }
            return;
        }
    }
    drop(interrupt.await);
}
