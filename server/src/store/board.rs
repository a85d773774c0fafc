//! How far the members of an association are: only those that agreed, everything by its key.

use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Result, Store, on};

/// What the board is sorted by. There is no other way to name a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By name, A first.
    #[default]
    Name,
    /// The last activity first.
    Active,
    /// The longest silence first.
    Silent,
    /// The highest score first.
    High,
    /// The lowest score first; without a score before all.
    Low,
}

/// Which members are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those in this state: `none`, or a `model::assessment::State`; all if empty.
    pub state: String,
    /// Only those with this in their name or tax code, as `model::text::search_key` writes it; all if empty.
    pub search: String,
    /// Only those of this VSIC division; all if empty.
    pub industry: String,
}

/// A member on the board.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct BoardRow {
    /// Key of the membership.
    pub id: Uuid,
    /// The enterprise's name.
    pub name: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its VSIC division.
    pub industry_code: String,
    /// Its assessment in the campaign.
    pub assessment: Option<Uuid>,
    /// `none`, or a `model::assessment::State`.
    pub state: String,
    /// How often it was submitted.
    pub version: i64,
    /// The overall score of the last submission, 0–100.
    pub overall: Option<f64>,
    /// The level of the last submission, 0–5.
    pub level: Option<i64>,
    /// Questions of the review that are open.
    pub open_questions: i64,
    /// The last thing that happened: a save, a submission, a word of the review, or else the consent.
    pub active_at: OffsetDateTime,
    /// Whether anything but the consent happened.
    pub begun: bool,
}

/// What an association that was agreed to sees of one enterprise.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Seen {
    /// The enterprise's name.
    pub name: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its VSIC division.
    pub industry_code: String,
    /// Its assessment in the campaign.
    pub assessment: Option<Uuid>,
    /// `none`, or a `model::assessment::State`.
    pub state: String,
    /// How often it was submitted.
    pub version: i64,
    /// The overall score of the last submission, 0–100.
    pub overall: Option<f64>,
    /// The level of the last submission, 0–5.
    pub level: Option<i64>,
    /// The last thing that happened, if anything did.
    pub active_at: Option<OffsetDateTime>,
}

/// How many members are in one state.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StateCount {
    /// `none`, or a `model::assessment::State`.
    pub state: String,
    /// How many.
    pub members: i64,
}

/// The agreed members of an association ($1) in a campaign ($2), and what is asked about them. An assessment that was
/// begun by registering and has no answer is not started.
macro_rules! board {
    ($($rest:literal),+) => {
        concat!(
            "WITH board AS (SELECT m.id, e.name, e.name_sort, e.name_search, e.tax_code, e.industry_code,
                a.id AS assessment, COALESCE(a.version, 0) AS version, COALESCE(a.open_questions, 0) AS open_questions,
                CASE WHEN a.id IS NULL OR (a.state = 'draft' AND a.revision = 0) THEN 'none' ELSE a.state END AS state,
                s.overall, s.level, COALESCE(s.overall, -1.0) AS points,
                CASE WHEN a.id IS NULL OR (a.state = 'draft' AND a.revision = 0) THEN m.decided_at
                     WHEN a.active_at > a.saved_at THEN a.active_at ELSE a.saved_at END AS active_at,
                a.id IS NOT NULL AND (a.state <> 'draft' OR a.revision > 0) AS begun
             FROM membership m JOIN enterprise e ON e.tax_code = m.tax_code
             LEFT JOIN assessment a ON a.enterprise_id = e.id AND a.campaign_id = $2
             LEFT JOIN submission s ON s.assessment_id = a.id AND s.number = a.version
             WHERE m.association_id = $1 AND m.state = 'agreed') ",
            $($rest),+
        )
    };
}

/// One page of the board: filters $3 to $5, after the member $6, at most $7.
macro_rules! page {
    ($column:literal, $compare:literal, $direction:literal) => {
        board!(
            "SELECT id, name, tax_code, industry_code, assessment, state, version, overall, level, open_questions,
             active_at, begun FROM board
             WHERE ($3 = '' OR state = $3) AND ($5 = '' OR industry_code = $5)
             AND ($4 = '' OR replace(name_search, $4, '') <> name_search OR replace(tax_code, $4, '') <> tax_code)
             AND ($6 IS NULL OR (",
            $column,
            ", id) ",
            $compare,
            " (SELECT ",
            $column,
            ", id FROM board WHERE id = $6)) ORDER BY ",
            $column,
            " ",
            $direction,
            ", id ",
            $direction,
            " LIMIT $7"
        )
    };
}

const NAME: &str = page!("name_sort", ">", "ASC");
const ACTIVE: &str = page!("active_at", "<", "DESC");
const SILENT: &str = page!("active_at", ">", "ASC");
const HIGH: &str = page!("points", "<", "DESC");
const LOW: &str = page!("points", ">", "ASC");

impl Store {
    /// A page of the board, after a given member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn board(
        &self,
        association: Uuid,
        campaign: Uuid,
        filter: &Filter,
        sort: Sort,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<BoardRow>> {
        let sql = match sort {
            Sort::Name => NAME,
            Sort::Active => ACTIVE,
            Sort::Silent => SILENT,
            Sort::High => HIGH,
            Sort::Low => LOW,
        };
        on!(&self.read, pool => sqlx::query_as(sql)
            .bind(association).bind(campaign).bind(&filter.state).bind(&filter.search).bind(&filter.industry)
            .bind(after).bind(limit).fetch_all(pool).await)
    }

    /// How many agreed members of an association are in which state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn board_counts(&self, association: Uuid, campaign: Uuid) -> Result<Vec<StateCount>> {
        const SQL: &str = board!("SELECT state, count(*) AS members FROM board GROUP BY state");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(association).bind(campaign).fetch_all(pool).await)
    }

    /// What an association that was agreed to sees of an enterprise in a campaign.
    ///
    /// # Errors
    /// When the database fails or there is no such enterprise.
    pub async fn seen_by_associations(&self, enterprise: Uuid, campaign: Uuid) -> Result<Seen> {
        const SQL: &str = "SELECT e.name, e.tax_code, e.industry_code, a.id AS assessment,
            CASE WHEN a.id IS NULL OR (a.state = 'draft' AND a.revision = 0) THEN 'none' ELSE a.state END AS state,
            COALESCE(a.version, 0) AS version, s.overall, s.level,
            CASE WHEN a.id IS NULL OR (a.state = 'draft' AND a.revision = 0) THEN NULL
                 WHEN a.active_at > a.saved_at THEN a.active_at ELSE a.saved_at END AS active_at
            FROM enterprise e LEFT JOIN assessment a ON a.enterprise_id = e.id AND a.campaign_id = $2
            LEFT JOIN submission s ON s.assessment_id = a.id AND s.number = a.version WHERE e.id = $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(enterprise).bind(campaign).fetch_one(pool).await)
    }
}
