//! Files with which associations list their members.

use model::register::{Contact, Mapping, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{FromRow, types::Json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Action, BeginWrite as _, Result, Store, association::By, audit::audit, on};

/// Uploads that nobody ran are kept for so long.
const KEPT: Duration = Duration::days(7);

/// A file that was uploaded.
#[derive(Clone, Debug)]
pub struct NewMemberImport<'a> {
    /// Key of the import.
    pub id: Uuid,
    /// The association whose members it lists.
    pub association: Uuid,
    /// The name of the file.
    pub file_name: &'a str,
    /// Its headers.
    pub headers: &'a [String],
    /// What is proposed for its columns.
    pub mapping: &'a Mapping,
    /// The file.
    pub content: &'a [u8],
    /// Who uploaded it.
    pub account: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

/// An import.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct MemberImport {
    /// Key of the import.
    pub id: Uuid,
    /// The name of the file.
    pub file_name: String,
    /// The headers of the file.
    #[sqlx(json)]
    pub headers: Vec<String>,
    /// How its columns are read.
    #[sqlx(json)]
    pub mapping: Mapping,
    /// `uploaded` or `done`.
    pub state: String,
    /// Members that were not listed before.
    pub added: i64,
    /// Members that were, with another name, address or number.
    pub changed: i64,
    /// Members that were, with the same.
    pub unchanged: i64,
    /// The rows that were not taken.
    #[sqlx(json)]
    pub rejected: Vec<MemberRejected>,
    /// When the file was uploaded.
    pub created_at: OffsetDateTime,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRejected {
    /// Its line in the file.
    pub line: i64,
    /// The tax code as it stands there.
    pub tax_code: String,
    /// The name as it stands there.
    pub name: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberCounts {
    /// Members that were not listed before.
    pub added: i64,
    /// Members that were, with another name, address or number.
    pub changed: i64,
    /// Members that were, with the same.
    pub unchanged: i64,
}

const COLUMNS: &str = "id, file_name, headers, mapping, state, added, changed, unchanged, rejected, created_at";

impl Store {
    /// Stores an uploaded file; nothing is listed yet, so that there is no audit row. Uploads of the association that
    /// nobody ran for a week go.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_member_import(&self, new: &NewMemberImport<'_>) -> Result<()> {
        const OLD: &str =
            "DELETE FROM member_import WHERE association_id = $1 AND state = 'uploaded' AND created_at < $2";
        const INSERT: &str =
            "INSERT INTO member_import (id, association_id, file_name, headers, mapping, content, state,
            added, changed, unchanged, rejected, account_id, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, 'uploaded', 0, 0, 0, $7, $8, $9)";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(OLD).bind(new.association).bind(new.at - KEPT).execute(&mut *tx).await?;
            sqlx::query(INSERT).bind(new.id).bind(new.association).bind(new.file_name).bind(Json(new.headers))
                .bind(Json(new.mapping)).bind(new.content).bind(Json(Vec::<MemberRejected>::new())).bind(new.account)
                .bind(new.at).execute(&mut *tx).await?;
            tx.commit().await
        })
    }

    /// An import of an association.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_import(&self, import: Uuid, association: Uuid) -> Result<Option<MemberImport>> {
        let sql = format!("SELECT {COLUMNS} FROM member_import WHERE id = $1 AND association_id = $2");
        let sql = sqlx::AssertSqlSafe(sql);
        on!(&self.read, pool => sqlx::query_as(sql).bind(import).bind(association).fetch_optional(pool).await)
    }

    /// The last imports of an association that were done, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_imports(&self, association: Uuid) -> Result<Vec<MemberImport>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM member_import WHERE association_id = $1 AND state = 'done' ORDER BY id DESC LIMIT 5"
        );
        let sql = sqlx::AssertSqlSafe(sql);
        on!(&self.read, pool => sqlx::query_as(sql).bind(association).fetch_all(pool).await)
    }

    /// The file of an import that was not run yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_file(&self, import: Uuid, association: Uuid) -> Result<Option<Vec<u8>>> {
        const SQL: &str =
            "SELECT content FROM member_import WHERE id = $1 AND association_id = $2 AND content IS NOT NULL";
        on!(&self.read, pool => sqlx::query_scalar(SQL).bind(import).bind(association).fetch_optional(pool).await)
    }

    /// Sets what the columns of a file are, as long as it was not run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn map_member_import(&self, import: Uuid, association: Uuid, mapping: &Mapping) -> Result<()> {
        const SQL: &str = "UPDATE member_import SET mapping = $3
            WHERE id = $1 AND association_id = $2 AND state = 'uploaded'";
        on!(&self.write, pool => sqlx::query(SQL).bind(import).bind(association).bind(Json(mapping))
            .execute(pool).await.map(drop))
    }

    /// Lists the members of a file, all or nothing. Who is listed already keeps what it decided; name, address and
    /// number are replaced where the file has others. None when the import was run before: nothing is done then.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn run_member_import(
        &self,
        import: Uuid,
        association: Uuid,
        (taken, rejected): (&[(Uuid, Contact)], &[MemberRejected]),
        account: Uuid,
        by: By,
    ) -> Result<Option<MemberCounts>> {
        const TAKE: &str = "UPDATE member_import SET state = 'done', content = NULL, rejected = $3, finished_at = $4
            WHERE id = $1 AND association_id = $2 AND state = 'uploaded'";
        const LIST: &str = "INSERT INTO membership
            (id, association_id, tax_code, name, email, phone, state, invited_at, invited_by)
            VALUES ($1, $2, $3, $4, $5, $6, 'invited', $7, $8)
            ON CONFLICT (association_id, tax_code) DO UPDATE SET
                name = CASE WHEN excluded.name = '' THEN membership.name ELSE excluded.name END,
                email = COALESCE(excluded.email, membership.email), phone = COALESCE(excluded.phone, membership.phone)
            WHERE (excluded.name <> '' AND excluded.name <> membership.name)
                OR (excluded.email IS NOT NULL AND excluded.email <> COALESCE(membership.email, ''))
                OR (excluded.phone IS NOT NULL AND excluded.phone <> COALESCE(membership.phone, ''))
            RETURNING id";
        const COUNT: &str = "UPDATE member_import SET added = $2, changed = $3, unchanged = $4 WHERE id = $1";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let run = sqlx::query(TAKE).bind(import).bind(association).bind(Json(rejected)).bind(by.at)
                .execute(&mut *tx).await?;
            if run.rows_affected() == 0 {
                return Ok(None);
            }
            let mut counts = MemberCounts::default();
            for (id, contact) in taken {
                let listed: Option<Uuid> = sqlx::query_scalar(LIST)
                    .bind(id).bind(association).bind(contact.tax_code.as_str()).bind(&contact.name)
                    .bind(contact.email.as_ref().map(|email| email.as_str()))
                    .bind(contact.phone.as_ref().map(|phone| phone.as_str())).bind(by.at).bind(account)
                    .fetch_optional(&mut *tx).await?;
                match listed {
                    Some(listed) if listed == *id => counts.added += 1,
                    Some(_) => counts.changed += 1,
                    None => counts.unchanged += 1,
                }
            }
            sqlx::query(COUNT).bind(import).bind(counts.added).bind(counts.changed).bind(counts.unchanged)
                .execute(&mut *tx).await?;
            let detail = json!({ "import": import, "added": counts.added, "changed": counts.changed,
                "unchanged": counts.unchanged, "rejected": rejected.len() });
            audit!(tx, &by.event(Action::MembersImported, "association", association, detail));
            tx.commit().await?;
            Ok(Some(counts))
        })
    }

    /// How files of an association with the same headers were read the last time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member_mapping(&self, association: Uuid, headers: &[String]) -> Result<Option<Mapping>> {
        const SQL: &str = "SELECT mapping FROM member_import WHERE association_id = $1 AND headers = $2
            AND state = 'done' ORDER BY id DESC LIMIT 1";
        let found: Option<Json<Mapping>> = on!(&self.read, pool => sqlx::query_scalar(SQL).bind(association)
            .bind(Json(headers)).fetch_optional(pool).await)?;
        Ok(found.map(|mapping| mapping.0))
    }
}
