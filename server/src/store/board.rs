//! How far the members of an association are: only those that agreed, everything by its key.

use sqlx::{AssertSqlSafe, FromRow};
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

/// The agreed members of an association ($1) with how far they are in a campaign ($2). An assessment that was begun by
/// registering and has no answer is not started. Both tables hold the association's rows beside each other.
macro_rules! board {
    () => {
        "SELECT m.id, m.enterprise_name AS name, m.name_sort, m.name_search, m.tax_code, m.industry_code,
            p.assessment_id AS assessment, COALESCE(p.version, 0) AS version,
            COALESCE(p.open_questions, 0) AS open_questions, COALESCE(p.begun, FALSE) AS begun,
            CASE WHEN p.begun THEN p.state ELSE 'none' END AS state,
            p.overall, p.level, COALESCE(p.overall, -1.0) AS points,
            CASE WHEN p.begun AND p.active_at > p.saved_at THEN p.active_at WHEN p.begun THEN p.saved_at
                 ELSE m.decided_at END AS active_at
         FROM membership m LEFT JOIN member_progress p
            ON p.membership_id = m.id AND p.association_id = $1 AND p.campaign_id = $2
         WHERE m.association_id = $1 AND m.state = 'agreed'"
    };
}

/// The column that an order goes by, how what comes later compares with what came before, and its direction.
fn order(sort: Sort) -> (&'static str, char, &'static str) {
    match sort {
        Sort::Name => ("name_sort", '>', "ASC"),
        Sort::Active => ("active_at", '<', "DESC"),
        Sort::Silent => ("active_at", '>', "ASC"),
        Sort::High => ("points", '<', "DESC"),
        Sort::Low => ("points", '>', "ASC"),
    }
}

impl Filter {
    /// What is asked for: each value with its condition, in which `?` stands for the placeholder.
    fn given(&self) -> Vec<(&str, &'static str)> {
        const SEARCH: &str =
            "(replace(b.name_search, ?, '') <> b.name_search OR replace(b.tax_code, ?, '') <> b.tax_code)";
        let all = [(&self.state, "b.state = ?"), (&self.search, SEARCH), (&self.industry, "b.industry_code = ?")];
        all.into_iter()
            .filter(|(value, _)| !value.is_empty())
            .map(|(value, condition)| (value.as_str(), condition))
            .collect()
    }
}

/// A page of the board with the conditions that are asked for and no others: one plan is the best one whatever the values.
/// The values of the filter are bound from $3 on, behind them the member to go on after.
fn page(filter: &Filter, sort: Sort, is_further: bool, limit: i64) -> String {
    let (column, compare, direction) = order(sort);
    let given = filter.given();
    let behind =
        format!("(b.{column}, b.id) {compare} (SELECT a.{column}, a.id FROM ({}) AS a WHERE a.id = ?)", board!());
    let conditions = given.iter().map(|(_, condition)| *condition).chain(is_further.then_some(behind.as_str()));
    let conditions: String = (3..)
        .zip(conditions)
        .map(|(at, condition)| format!(" AND {}", condition.replace('?', &format!("${at}"))))
        .collect();
    format!(
        "SELECT b.id, b.name, b.tax_code, b.industry_code, b.assessment, b.state, b.version, b.overall, b.level,
         b.open_questions, b.active_at, b.begun FROM ({}) AS b WHERE TRUE{conditions}
         ORDER BY b.{column} {direction}, b.id {direction} LIMIT {limit}",
        board!()
    )
}

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
        let sql = page(filter, sort, after.is_some(), limit);
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(association).bind(campaign);
            for (value, _) in filter.given() {
                query = query.bind(value);
            }
            if let Some(after) = after {
                query = query.bind(after);
            }
            query.fetch_all(pool).await
        })
    }

    /// How many agreed members of an association are in which state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn board_counts(&self, association: Uuid, campaign: Uuid) -> Result<Vec<StateCount>> {
        const SQL: &str = concat!("SELECT state, count(*) AS members FROM (", board!(), ") AS b GROUP BY state");
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
