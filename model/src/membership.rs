//! Whether an association may see an enterprise: the enterprise decides, and may decide otherwise at any time.

pub mod list;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where an enterprise stands towards an association.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// The association has listed the enterprise and waits for its word.
    Invited,
    /// The enterprise lets the association see what it submits.
    Agreed,
    /// The enterprise does not.
    Refused,
    /// The enterprise no longer does.
    Withdrawn,
}

/// What an enterprise can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Let the association see.
    Agree,
    /// Not let it see.
    Refuse,
    /// No longer let it see.
    Withdraw,
}

/// A decision that does not fit: there is nothing to refuse after agreeing, and nothing to withdraw before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this cannot be decided any more, or not yet")]
pub struct NotNow;

/// A word that is no membership.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no membership; use invited, agreed, refused or withdrawn")]
pub struct UnknownMembership(pub String);

impl Membership {
    /// Every state, in the order of the descriptions.
    pub const ALL: [Membership; 4] =
        [Membership::Invited, Membership::Agreed, Membership::Refused, Membership::Withdrawn];

    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Membership::Invited => "invited",
            Membership::Agreed => "agreed",
            Membership::Refused => "refused",
            Membership::Withdrawn => "withdrawn",
        }
    }

    /// The state after a decision. Who said no may still say yes; the same decision again changes nothing.
    ///
    /// # Errors
    /// When the decision does not fit this state.
    pub fn decide(self, decision: Decision) -> Result<Membership, NotNow> {
        match (self, decision) {
            (_, Decision::Agree) => Ok(Membership::Agreed),
            (Membership::Invited | Membership::Refused, Decision::Refuse) => Ok(Membership::Refused),
            (Membership::Agreed | Membership::Withdrawn, Decision::Withdraw) => Ok(Membership::Withdrawn),
            (Membership::Agreed | Membership::Withdrawn, Decision::Refuse)
            | (Membership::Invited | Membership::Refused, Decision::Withdraw) => Err(NotNow),
        }
    }
}

impl FromStr for Membership {
    type Err = UnknownMembership;

    fn from_str(word: &str) -> Result<Membership, UnknownMembership> {
        Membership::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| UnknownMembership(word.to_owned()))
    }
}

impl FromStr for Decision {
    type Err = UnknownMembership;

    fn from_str(word: &str) -> Result<Decision, UnknownMembership> {
        match word {
            "agree" => Ok(Decision::Agree),
            "refuse" => Ok(Decision::Refuse),
            "withdraw" => Ok(Decision::Withdraw),
            _ => Err(UnknownMembership(word.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_and_states_are_one_to_one() {
        for state in Membership::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.as_str()));
        }
        assert!("member".parse::<Membership>().is_err() && "leave".parse::<Decision>().is_err());
    }

    #[test]
    fn only_what_was_agreed_can_be_withdrawn() {
        assert_eq!(Membership::Invited.decide(Decision::Withdraw), Err(NotNow));
        assert_eq!(Membership::Agreed.decide(Decision::Refuse), Err(NotNow));
        assert_eq!(Membership::Agreed.decide(Decision::Withdraw), Ok(Membership::Withdrawn));
        assert_eq!(Membership::Withdrawn.decide(Decision::Agree), Ok(Membership::Agreed));
    }

    proptest! {
        /// Whatever came before: an association sees exactly as long as the last word was yes.
        #[test]
        fn the_last_word_counts(words in prop::collection::vec(0..3_u8, 0..12)) {
            let (mut state, mut agreed) = (Membership::Invited, false);
            for word in words {
                let decision = [Decision::Agree, Decision::Refuse, Decision::Withdraw][usize::from(word)];
                if let Ok(next) = state.decide(decision) {
                    state = next;
                    agreed = decision == Decision::Agree;
                }
            }
            prop_assert_eq!(state == Membership::Agreed, agreed);
        }
    }
}
