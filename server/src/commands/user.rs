//! `user add`: accounts for associations and the province.

use std::{io::BufRead as _, process::ExitCode};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use model::{enterprise::Email, role::Role, text::nfc};

use crate::{
    clock, password,
    store::{Account, Store, account::Taken, association::By},
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
    /// The association's name, for the role association.
    #[arg(long)]
    association: Option<String>,
    #[command(flatten)]
    database: super::DatabaseArgs,
}

/// Runs the command.
pub async fn run(user: User) -> anyhow::Result<ExitCode> {
    let User::Add(add) = user;
    let role: Role = add
        .role
        .parse()
        .ok()
        .filter(|role| !matches!(role, Role::Enterprise | Role::Colleague))
        .with_context(|| {
            format!(
                "no role {:?}; use administrator, officer, analyst or association (enterprises register themselves)",
                add.role
            )
        })?;
    match (role, &add.association) {
        (Role::Association, None) => bail!("say which association with --association NAME; nothing was changed"),
        (Role::Association, Some(_)) | (_, None) => {}
        (_, Some(_)) => bail!("--association goes with --role association only; nothing was changed"),
    }
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
    let added = store_account(&store, &account, add.association.as_deref()).await;
    store.close().await;
    match added? {
        Ok(()) => {
            println!("Added {} as {}.", email.as_str(), role.as_str());
            Ok(ExitCode::SUCCESS)
        }
        Err(_) => bail!("{} has an account already", email.as_str()),
    }
}

/// Stores the account; an association is named as the province entered it.
async fn store_account(
    store: &Store,
    account: &Account,
    association: Option<&str>,
) -> anyhow::Result<Result<(), Taken>> {
    let by = By { account: None, event: clock::id(), at: clock::now() };
    let Some(name) = association.map(nfc) else { return Ok(store.add_account(account, by.event, by.at).await?) };
    let Some(known) = store.association_named(&name).await? else {
        let names: Vec<String> = store.associations().await?.into_iter().map(|known| known.name).collect();
        let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        bail!("no association {name:?} (there are: {known}); an officer enters it at /province/associations");
    };
    Ok(store.add_association_account(account, known.id, by).await?)
}
