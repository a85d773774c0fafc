//! Who of a snapshot has answered in a campaign, and who has not.

use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use super::{Result, Store, on};

/// How many enterprises of the same classes have answered.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Answered {
    /// Former district.
    pub district: String,
    /// Section of VSIC 2025.
    pub section: String,
    /// Size class, or `unknown`.
    pub size: String,
    /// How many.
    pub respondents: i64,
}

/// An enterprise of a snapshot that has not answered.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Silent {
    /// Canonical tax code.
    pub tax_code: String,
    /// The name in the register today; the tax code when it has left.
    pub name: String,
    /// Ward or commune; may be empty.
    pub unit: String,
    /// Former district.
    pub district: String,
    /// Section of VSIC 2025.
    pub section: String,
    /// Size class, or `unknown`.
    pub size: String,
    /// Telephone of the contact.
    pub phone: Option<String>,
    /// Mail of the contact.
    pub email: Option<String>,
    /// Whether an assessment was begun.
    pub has_begun: bool,
}

/// How many members of an association are in a snapshot, and how many of them have answered.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AnsweredOf {
    /// The association's name.
    pub association: String,
    /// Its members of the snapshot: those that agreed and those that have not decided.
    pub members: i64,
    /// Of them, those that have answered.
    pub respondents: i64,
}

/// A part of a snapshot: everything, a former district, a section in it, or one cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Former district.
    pub district: Option<String>,
    /// Section; only within a district.
    pub section: Option<String>,
    /// Size; only within a section.
    pub size: Option<String>,
}

impl Part {
    /// The columns that are compared, as far as the order of the index allows.
    fn conditions(&self) -> Vec<(&'static str, &str)> {
        let all = [("district_code", &self.district), ("section", &self.section), ("size", &self.size)];
        all.into_iter().map_while(|(column, value)| value.as_deref().map(|value| (column, value))).collect()
    }
}

/// Where a page begins: behind the enterprise with these classes and this tax code.
pub type SilentAfter = [String; 4];

impl Store {
    /// The respondents of a campaign by the classes of its snapshot. An assessment counts once it was submitted, whatever
    /// became of it later.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered(&self, campaign: Uuid, snapshot: Uuid) -> Result<Vec<Answered>> {
        const SQL: &str = "SELECT e.district_code AS district, e.section, e.size, count(*) AS respondents
            FROM assessment a JOIN enterprise p ON p.id = a.enterprise_id
            JOIN register_snapshot_entry e ON e.snapshot_id = $2 AND e.tax_code = p.tax_code
            WHERE a.campaign_id = $1 AND EXISTS (SELECT 1 FROM submission s WHERE s.assessment_id = a.id)
            GROUP BY e.district_code, e.section, e.size";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(campaign).bind(snapshot).fetch_all(pool).await)
    }

    /// How many enterprises have answered in a campaign, in its snapshot or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered_in_all(&self, campaign: Uuid) -> Result<i64> {
        const SQL: &str = "SELECT count(*) FROM assessment a WHERE a.campaign_id = $1
            AND EXISTS (SELECT 1 FROM submission s WHERE s.assessment_id = a.id)";
        on!(&self.read, pool => sqlx::query_scalar(SQL).bind(campaign).fetch_one(pool).await)
    }

    /// The respondents of a campaign by association, in the order of names; members outside of the snapshot do not count.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered_by_association(&self, campaign: Uuid, snapshot: Uuid) -> Result<Vec<AnsweredOf>> {
        const SQL: &str = "SELECT o.name AS association, count(*) AS members,
                count(*) FILTER (WHERE a.version > 0) AS respondents
            FROM association o JOIN membership m ON m.association_id = o.id AND m.state IN ('invited', 'agreed')
            JOIN register_snapshot_entry e ON e.snapshot_id = $2 AND e.tax_code = m.tax_code
            LEFT JOIN enterprise p ON p.tax_code = m.tax_code
            LEFT JOIN assessment a ON a.enterprise_id = p.id AND a.campaign_id = $1
            GROUP BY o.id, o.name, o.name_sort ORDER BY o.name_sort, o.id";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(campaign).bind(snapshot).fetch_all(pool).await)
    }

    /// The enterprises of a part of a snapshot that have not answered in a campaign, in the order of their classes and tax
    /// codes, after the one given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn silent(
        &self,
        campaign: Uuid,
        snapshot: Uuid,
        part: &Part,
        after: Option<&SilentAfter>,
        limit: i64,
    ) -> Result<Vec<Silent>> {
        let conditions = part.conditions();
        let only: String = (8..).zip(&conditions).map(|(at, (column, _))| format!(" AND e.{column} = ${at}")).collect();
        let sql = format!(
            "SELECT e.tax_code, COALESCE(r.name, e.tax_code) AS name, e.unit_code AS unit, e.district_code AS district,
                e.section, e.size, r.phone, r.email, a.id IS NOT NULL AS has_begun
             FROM register_snapshot_entry e
             LEFT JOIN register_entry r ON r.tax_code = e.tax_code
             LEFT JOIN enterprise p ON p.tax_code = e.tax_code
             LEFT JOIN assessment a ON a.enterprise_id = p.id AND a.campaign_id = $2
             WHERE e.snapshot_id = $1 AND (e.district_code, e.section, e.size, e.tax_code) > ($3, $4, $5, $6)
             AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.assessment_id = a.id){only}
             ORDER BY e.district_code, e.section, e.size, e.tax_code LIMIT $7"
        );
        let begin = SilentAfter::default();
        let [district, section, size, tax_code] = after.unwrap_or(&begin);
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql))
                .bind(snapshot).bind(campaign).bind(district).bind(section).bind(size).bind(tax_code).bind(limit);
            for (_, value) in conditions {
                query = query.bind(value);
            }
            query.fetch_all(pool).await
        })
    }
}
