//! The chain over the audit log: every sealed row carries its place, the hash of the row before it, and its own hash.
//!
//! Rows are written by transactions that know nothing of each other and are sealed shortly after their commit, by one
//! sealer at a time: it holds the row of the chain's end, on both databases, so that the chain cannot fork, and writers
//! never wait for it. The place of a row is the order of sealing, which is the order of commits to within a sealing.
//!
//! What it guarantees: a sealed row that is changed or deleted, and a row put between sealed ones, is found by
//! `thuocso check`. What it does not: a row deleted in the seconds before it is sealed is not missed, and whoever may
//! write to the database can make a whole new chain. `thuocso check` therefore prints the end of the chain; kept
//! elsewhere and given to a later check, it shows that everything up to there is still the same.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{BeginWrite as _, Result, Store, on};

/// Rows sealed in one transaction, and read at once when the chain is verified.
const BATCH: i64 = 500;

/// A row of the log as it is hashed.
#[derive(Clone, Debug, FromRow)]
struct Row {
    id: Uuid,
    at: OffsetDateTime,
    account_id: Option<Uuid>,
    action: String,
    subject: String,
    subject_id: Option<Uuid>,
    detail: Json<Value>,
    origin: Option<String>,
}

/// A row of the log with its place in the chain.
#[derive(Clone, Debug, FromRow)]
struct Link {
    #[sqlx(flatten)]
    row: Row,
    seq: i64,
    previous_hash: Option<Vec<u8>>,
    hash: Option<Vec<u8>>,
}

/// The end of a chain: how many rows it has, and the hash of the last.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Head {
    /// How many rows are sealed.
    pub seq: i64,
    /// The hash of the last of them.
    pub hash: Vec<u8>,
}

impl Row {
    /// SHA-256 over the place, the hash before, and all fields, each with its length.
    fn hash(&self, seq: i64, previous: &[u8]) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(b"thuocso audit 1");
        hash.update(seq.to_be_bytes());
        hash.update(previous);
        let mut field = |bytes: Option<&[u8]>| {
            // An absent field is not an empty one.
            let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
            hash.update(length.to_be_bytes());
            hash.update(bytes.unwrap_or_default());
        };
        field(Some(self.id.as_bytes()));
        field(Some(&self.at.unix_timestamp_nanos().to_be_bytes()));
        field(self.account_id.as_ref().map(|id| &id.as_bytes()[..]));
        field(Some(self.action.as_bytes()));
        field(Some(self.subject.as_bytes()));
        field(self.subject_id.as_ref().map(|id| &id.as_bytes()[..]));
        field(Some(canonical(&self.detail).to_string().as_bytes()));
        field(self.origin.as_deref().map(str::as_bytes));
        hash.finalize().to_vec()
    }
}

/// The same document with its keys in order, whatever order the database keeps.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, Value> = fields.iter().map(|(key, value)| (key, canonical(value))).collect();
            Value::Object(sorted.into_iter().map(|(key, value)| (key.clone(), value)).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

impl Store {
    /// Seals committed rows of the log, a batch at most. Answers whether there may be more.
    ///
    /// # Errors
    /// When the database fails: nothing was sealed then.
    pub async fn seal_audit(&self) -> Result<bool> {
        const OPEN: &str = "SELECT 1 FROM audit WHERE hash IS NULL LIMIT 1";
        // An update, so that the next sealer waits here until this one has committed.
        const END: &str = "UPDATE audit_head SET seq = seq WHERE name = 'audit' RETURNING seq, hash";
        const ROWS: &str = "SELECT id, at, account_id, action, subject, subject_id, detail, origin
            FROM audit WHERE hash IS NULL ORDER BY id LIMIT $1";
        const SEAL: &str = "UPDATE audit SET seq = $1, previous_hash = $2, hash = $3 WHERE id = $4 AND hash IS NULL";
        const NEW_END: &str = "UPDATE audit_head SET seq = $1, hash = $2 WHERE name = 'audit'";
        let open: Option<i32> = on!(&self.read, pool => sqlx::query_scalar(OPEN).fetch_optional(pool).await)?;
        if open.is_none() {
            return Ok(false);
        }
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let mut end: Head = sqlx::query_as(END).fetch_one(&mut *tx).await?;
            let rows: Vec<Row> = sqlx::query_as(ROWS).bind(BATCH).fetch_all(&mut *tx).await?;
            for row in &rows {
                let seq = end.seq + 1;
                let hash = row.hash(seq, &end.hash);
                sqlx::query(SEAL).bind(seq).bind(&end.hash).bind(&hash).bind(row.id).execute(&mut *tx).await?;
                end = Head { seq, hash };
            }
            sqlx::query(NEW_END).bind(end.seq).bind(&end.hash).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(i64::try_from(rows.len()).is_ok_and(|sealed| sealed == BATCH))
        })
    }

    /// The end of the chain.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_head(&self) -> Result<Head> {
        const SQL: &str = "SELECT seq, hash FROM audit_head WHERE name = 'audit'";
        on!(&self.read, pool => sqlx::query_as(SQL).fetch_one(pool).await)
    }

    /// Whether the chain has this hash at this place: whether it still begins as it did when its end was noted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_has(&self, head: &Head) -> Result<bool> {
        const SQL: &str = "SELECT hash FROM audit WHERE seq = $1";
        let found: Vec<Option<Vec<u8>>> =
            on!(&self.read, pool => sqlx::query_scalar(SQL).bind(head.seq).fetch_all(pool).await)?;
        Ok(found == [Some(head.hash.clone())])
    }

    /// Follows the chain from its beginning; answers the first place where it is broken, in words.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_audit(&self) -> Result<Option<String>> {
        const LINKS: &str = "SELECT id, at, account_id, action, subject, subject_id, detail, origin,
            seq, previous_hash, hash FROM audit WHERE seq > $1 ORDER BY seq, id LIMIT $2";
        let head = self.audit_head().await?;
        let mut last = Head { seq: 0, hash: vec![0; 32] };
        while last.seq < head.seq {
            let links: Vec<Link> = on!(&self.read, pool => sqlx::query_as(LINKS).bind(last.seq).bind(BATCH)
                .fetch_all(pool).await)?;
            if links.is_empty() {
                return Ok(Some(format!("audit log: entries {} to {} are gone", last.seq + 1, head.seq)));
            }
            for link in &links {
                if let Some(broken) = break_at(&last, link) {
                    return Ok(Some(broken));
                }
                last = Head { seq: link.seq, hash: link.hash.clone().unwrap_or_default() };
            }
        }
        // Rows may have been sealed since the end was read; the end that was read is a link of the chain all the same.
        let holds = head.seq == 0 || self.audit_has(&head).await?;
        Ok((!holds).then(|| format!("audit log: the chain does not end as its end says (entry {})", head.seq)))
    }
}

/// How the chain is broken between a link and the next one; none when it is not.
fn break_at(last: &Head, link: &Link) -> Option<String> {
    let expected = last.seq + 1;
    if link.seq > expected {
        return Some(format!("audit log: entries {expected} to {} are gone", link.seq - 1));
    }
    if link.seq < expected {
        return Some(format!("audit log: entry {} stands there twice", link.seq));
    }
    let fits = link.previous_hash.as_deref() == Some(&last.hash[..])
        && link.hash.as_deref() == Some(&link.row.hash(link.seq, &last.hash)[..]);
    (!fits).then(|| format!("audit log: entry {} ({}) was changed", link.seq, link.row.id))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row() -> Row {
        Row {
            id: Uuid::from_u128(7),
            at: OffsetDateTime::UNIX_EPOCH,
            account_id: None,
            action: "signed_in".into(),
            subject: "account".into(),
            subject_id: Some(Uuid::nil()),
            detail: Json(json!({ "a": 1, "b": [{ "d": null, "c": "x" }] })),
            origin: Some("203.0.113.0/24".into()),
        }
    }

    #[test]
    fn every_field_counts_and_the_order_of_keys_does_not() {
        let hash = |change: fn(&mut Row)| {
            let mut row = row();
            change(&mut row);
            row.hash(1, &[0; 32])
        };
        let same = hash(|_| {});
        let changes: [fn(&mut Row); 9] = [
            |row| row.id = Uuid::nil(),
            |row| row.at += time::Duration::SECOND,
            |row| row.account_id = Some(Uuid::nil()),
            |row| row.action.push('x'),
            |row| row.subject.push('x'),
            |row| row.subject_id = None,
            |row| row.detail = Json(json!({ "a": 2 })),
            |row| row.origin = None,
            |row| row.origin = Some(String::new()),
        ];
        let mut all: Vec<Vec<u8>> = changes.into_iter().map(hash).collect();
        all.extend([same.clone(), row().hash(2, &[0; 32]), row().hash(1, &[1; 32])]);
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        let turned = hash(|row| row.detail = serde_json::from_str(r#"{"b":[{"c":"x","d":null}],"a":1}"#).unwrap());
        assert_eq!(turned, same);
    }

    #[test]
    fn what_ends_in_one_field_does_not_begin_the_next() {
        let (mut left, mut right) = (row(), row());
        (left.action, left.subject) = ("ab".into(), "c".into());
        (right.action, right.subject) = ("a".into(), "bc".into());
        assert_ne!(left.hash(1, &[0; 32]), right.hash(1, &[0; 32]));
    }
}
