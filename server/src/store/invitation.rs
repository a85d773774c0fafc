//! Accounts that others make: the person sets a password by a link, whoever the office, an application or an enterprise
//! invites.

use time::OffsetDateTime;

use super::Message;

/// The link by which somebody sets a password.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// SHA-256 of the token in the link.
    pub token_hash: [u8; 32],
    /// Until when it works.
    pub expires_at: OffsetDateTime,
    /// The message with the link; none where it is handed over.
    pub message: Option<Message>,
}

/// Stores an account that belongs to nothing yet, with its invitation, inside a transaction.
macro_rules! insert_invited {
    ($tx:expr, $account:expr, $invitation:expr, $at:expr) => {{
        $crate::store::account::insert_account!($tx, $account, None::<uuid::Uuid>, $at);
        $crate::store::invitation::invite!($tx, $account.id, $invitation);
    }};
}
pub(super) use insert_invited;

/// Gives an account a link in place of the one before, and queues the message with it.
macro_rules! invite {
    ($tx:expr, $account:expr, $invitation:expr) => {{
        let invitation: &$crate::store::invitation::Invitation = $invitation;
        sqlx::query(
            "INSERT INTO account_invitation (account_id, token_hash, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at",
        )
        .bind($account)
        .bind(&invitation.token_hash[..])
        .bind(invitation.expires_at)
        .execute(&mut *$tx)
        .await?;
        if let Some(message) = &invitation.message {
            $crate::store::outbox::queue!($tx, message);
        }
    }};
}
pub(super) use invite;
