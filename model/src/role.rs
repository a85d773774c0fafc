//! Who somebody is to the system.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What an account is for. What a role may do stands in the server's route table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Registered an enterprise: fills its assessment, sends it, decides who sees what.
    Enterprise,
    /// Fills the assessment of the enterprise that invited them.
    Colleague,
    /// Helps and reviews the members that agreed.
    Association,
    /// Runs campaigns and the business register for the province.
    Officer,
    /// Estimates and publishes for the province; sees no accounts.
    Analyst,
    /// Looks after users, questionnaires, settings and backups.
    Administrator,
}

impl Role {
    /// Every role, in the order of the descriptions.
    pub const ALL: [Role; 6] =
        [Role::Enterprise, Role::Colleague, Role::Association, Role::Officer, Role::Analyst, Role::Administrator];

    /// The stored and typed form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Enterprise => "enterprise",
            Role::Colleague => "colleague",
            Role::Association => "association",
            Role::Officer => "officer",
            Role::Analyst => "analyst",
            Role::Administrator => "administrator",
        }
    }
}

/// A word that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no role; use enterprise, colleague, association, officer, analyst or administrator")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Role, UnknownRole> {
        Role::ALL.into_iter().find(|role| role.as_str() == word).ok_or_else(|| UnknownRole(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_roles_are_one_to_one() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.as_str()));
        }
        assert!("root".parse::<Role>().is_err());
    }
}
