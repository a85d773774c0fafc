//! What members that agreed have submitted, beside each other.

use serde::Deserialize;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use super::{Result, Store, board::Filter, on};

/// More members than any association of a province has; a comparison is sorted in memory.
const MOST: i64 = 5_000;

/// The last submission of a member.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Compared {
    /// Key of the assessment.
    pub assessment: Uuid,
    /// The enterprise's name.
    pub name: String,
    /// The name as it is sorted.
    pub name_sort: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its VSIC division.
    pub industry_code: String,
    /// The overall score, 0–100.
    pub overall: Option<f64>,
    /// The level, 0–5.
    pub level: Option<i64>,
    score: Json<Kept>,
}

/// What is read of a stored score.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Kept {
    pillars: Vec<Pillar>,
}

/// A pillar of a stored score.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Pillar {
    /// The id of the section.
    pub id: String,
    /// 0–100; none when too little was answered.
    pub score: Option<f64>,
}

impl Compared {
    /// The score of a pillar, 0–100.
    #[must_use]
    pub fn pillar(&self, id: &str) -> Option<f64> {
        self.score.pillars.iter().find(|pillar| pillar.id == id)?.score
    }
}

impl Store {
    /// The last submissions of the members that agreed, by name; the state of the filter does not count.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn compared(&self, association: Uuid, campaign: Uuid, filter: &Filter) -> Result<Vec<Compared>> {
        const SQL: &str = "SELECT a.id AS assessment, e.name, e.name_sort, e.tax_code, e.industry_code, s.overall, s.level,
            s.score
            FROM membership m JOIN enterprise e ON e.tax_code = m.tax_code
            JOIN assessment a ON a.enterprise_id = e.id AND a.campaign_id = $2
            JOIN submission s ON s.assessment_id = a.id AND s.number = a.version
            WHERE m.association_id = $1 AND m.state = 'agreed' AND a.state <> 'withdrawn' AND ($3 = '' OR e.industry_code = $3)
            AND ($4 = '' OR replace(e.name_search, $4, '') <> e.name_search OR replace(e.tax_code, $4, '') <> e.tax_code)
            ORDER BY e.name_sort, e.id LIMIT $5";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(association).bind(campaign).bind(&filter.industry)
            .bind(&filter.search).bind(MOST).fetch_all(pool).await)
    }
}
