//! Verification: the same microdata must give the same release, number by number.

use serde_json::Value;

use super::ReleaseError;
use super::compute::{Request, compute};
use super::document::Release;
use super::microdata::{Earlier, Microdata};
use super::seal::{hash_of, sealed};

/// A place where a release and its recomputation differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
    /// Where: `indicators/3/figures/0/value`.
    pub place: String,
    /// What the release says.
    pub released: String,
    /// What comes out of the microdata.
    pub computed: String,
}

/// Computes a release again and compares everything, its hash included. No mismatch: the release is what it says.
/// `earlier` are the earlier releases of the same campaign, `before` is the release of the campaign that changes are
/// counted from.
///
/// # Errors
/// Those of [`compute`], and [`ReleaseError::NothingBefore`].
pub fn verify(
    release: &Release,
    microdata: &Microdata,
    earlier: &[Earlier],
    before: Option<&Earlier>,
    threads: usize,
) -> Result<Vec<Mismatch>, ReleaseError> {
    let since = release.changes.as_ref().map(|changes| changes.since);
    let before = match since {
        Some(since) if before.is_none_or(|before| before.release.number != since) => {
            return Err(ReleaseError::NothingBefore(since));
        }
        since => before.filter(|_| since.is_some()),
    };
    let request = Request {
        campaign: &release.campaign,
        questionnaire: &release.questionnaire,
        parameters: &release.parameters,
        microdata,
        waves: &release.trend,
        before,
        earlier,
        corrects: release.correction.as_ref().map(|correction| correction.of),
        threads,
    };
    let draft = compute(&request, &|_| ())?.release;
    let again = sealed(draft, release.number, &release.issued, release.note.clone());
    let mut found = Vec::new();
    let json = |release: &Release| serde_json::to_value(release).unwrap_or_default();
    compare("", &json(release), &json(&again), &mut found);
    let hash = hash_of(release);
    if hash != release.hash {
        found.push(Mismatch { place: "hash".into(), released: release.hash.clone(), computed: hash });
    }
    Ok(found)
}

fn compare(place: &str, released: &Value, computed: &Value, found: &mut Vec<Mismatch>) {
    let within = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}/{name}") };
    match (released, computed) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(name, value)| compare(&within(name), value, &b[name], found));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (position, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&within(&position.to_string()), a, b, found);
            }
        }
        _ if released == computed => {}
        _ => found.push(Mismatch {
            place: place.to_owned(),
            released: released.to_string(),
            computed: computed.to_string(),
        }),
    }
}
