//! `user add`: accounts for associations and the province.

use std::{io::BufRead as _, process::ExitCode};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use model::{enterprise::Email, role::Role, text::nfc};

use crate::{
    clock, password,
    store::{Account, Store, account::Taken},
};

/// Commands on accounts.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add an account. The password is read from standard input, so that it is in no history and no process list.
    Add(Add),
}

/// What a new account needs.
#[derive(Debug, Args)]
pub struct Add {
    /// E-mail address to sign in with.
    email: String,
    /// What the person may do: administrator, officer, analyst or association.
    #[arg(long)]
    role: String,
    /// The person's name, family name first.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    database: super::DatabaseArgs,
}

/// Runs the command.
pub async fn run(user: User) -> anyhow::Result<ExitCode> {
    let User::Add(add) = user;
    let role: Role = add.role.parse().ok().filter(|role| *role != Role::Enterprise).with_context(|| {
        format!(
            "no role {:?}; use administrator, officer, analyst or association (enterprises register themselves)",
            add.role
        )
    })?;
    let email = Email::parse(&add.email).with_context(|| format!("{:?} is no e-mail address", add.email))?;
    eprintln!("Password for {} (at least 10 characters), then Enter:", email.as_str());
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed).context("cannot read the password from standard input")?;
    let typed = typed.trim_end_matches(['\r', '\n']);
    if typed.chars().count() < 10 {
        bail!("the password is shorter than 10 characters; nothing was changed");
    }
    let account = Account {
        id: clock::id(),
        role,
        full_name: nfc(&add.name),
        email: Some(email.as_str().to_owned()),
        phone: None,
        password_hash: password::hash(typed.to_owned()).await?,
    };
    let store = Store::open(&add.database.database).await.context("cannot open the database; check --database")?;
    let added = store.add_account(&account, clock::id(), clock::now()).await?;
    store.close().await;
    match added {
        Ok(()) => {
            println!("Added {} as {}.", email.as_str(), role.as_str());
            Ok(ExitCode::SUCCESS)
        }
        Err(Taken::Email | Taken::Phone | Taken::TaxCode) => bail!("{} has an account already", email.as_str()),
    }
}
