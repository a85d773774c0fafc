//! Who of a snapshot has answered in a campaign, and who has not.

use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use super::{Result, Store, on};

/// How many enterprises of a snapshot are looked at at once: two pages of a list of which half have answered.
const LOOKED_AT: usize = 100;
/// How often, at most, for one page.
const MOST_LOOKS: usize = 100;

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

impl Silent {
    /// Its place in the order of the list.
    #[must_use]
    pub fn place(&self) -> SilentAfter {
        [&self.district, &self.section, &self.size, &self.tax_code].map(Clone::clone)
    }
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

    /// What is looked at, in its order: `$1` is the snapshot, `$2` to `$5` the place to begin after, then what is
    /// compared. The columns are our own words, the values are bound.
    fn looked_at(&self) -> String {
        let conditions = (6..).zip(self.conditions());
        let only: String = conditions.map(|(at, (column, _))| format!(" AND {column} = ${at}")).collect();
        format!(
            "FROM register_snapshot_entry
             WHERE snapshot_id = $1 AND (district_code, section, size, tax_code) > ($2, $3, $4, $5){only}
             ORDER BY district_code, section, size, tax_code"
        )
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
    /// codes, after the one given. Only so many are looked at that it costs the same in any register, however many of
    /// them have answered: the second answer says where to go on, none when there is nothing more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn silent(
        &self,
        campaign: Uuid,
        snapshot: Uuid,
        part: &Part,
        after: Option<&SilentAfter>,
        limit: usize,
    ) -> Result<(Vec<Silent>, Option<SilentAfter>)> {
        let mut found = Vec::new();
        let mut from = after.cloned().unwrap_or_default();
        for _ in 0..MOST_LOOKS {
            found.extend(self.silent_of_a_look(campaign, snapshot, part, &from, limit).await?);
            if found.len() >= limit {
                found.truncate(limit);
                let next = found.last().map(Silent::place);
                return Ok((found, next));
            }
            match self.end_of_a_look(snapshot, part, &from).await? {
                Some(end) => from = end,
                None => return Ok((found, None)),
            }
        }
        Ok((found, Some(from)))
    }

    /// Those of the next enterprises of a part that have not answered, so many at most.
    async fn silent_of_a_look(
        &self,
        campaign: Uuid,
        snapshot: Uuid,
        part: &Part,
        from: &SilentAfter,
        limit: usize,
    ) -> Result<Vec<Silent>> {
        // The limits are numbers, and the first comes before the joins: a plan that knows how few rows there are looks
        // each of them up, and no more than the page holds; one that does not joins and sorts the whole register.
        let sql = format!(
            "SELECT e.tax_code, COALESCE(r.name, e.tax_code) AS name, e.unit_code AS unit, e.district_code AS district,
                e.section, e.size, r.phone, r.email, a.id IS NOT NULL AS has_begun
             FROM (SELECT tax_code, unit_code, district_code, section, size {} LIMIT {LOOKED_AT}) AS e
             LEFT JOIN register_entry r ON r.tax_code = e.tax_code
             LEFT JOIN enterprise p ON p.tax_code = e.tax_code
             LEFT JOIN assessment a ON a.enterprise_id = p.id AND a.campaign_id = ${}
             WHERE NOT EXISTS (SELECT 1 FROM submission s WHERE s.assessment_id = a.id)
             ORDER BY e.district_code, e.section, e.size, e.tax_code LIMIT {limit}",
            part.looked_at(),
            part.conditions().len() + 6
        );
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(snapshot);
            for value in from.iter().map(String::as_str).chain(part.conditions().into_iter().map(|(_, value)| value)) {
                query = query.bind(value);
            }
            query.bind(campaign).fetch_all(pool).await
        })
    }

    /// The last of the next enterprises of a part; none when they are its last ones.
    async fn end_of_a_look(&self, snapshot: Uuid, part: &Part, from: &SilentAfter) -> Result<Option<SilentAfter>> {
        let sql = format!(
            "SELECT district_code, section, size, tax_code {} LIMIT 1 OFFSET {}",
            part.looked_at(),
            LOOKED_AT - 1
        );
        let end: Option<(String, String, String, String)> = on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(snapshot);
            for value in from.iter().map(String::as_str).chain(part.conditions().into_iter().map(|(_, value)| value)) {
                query = query.bind(value);
            }
            query.fetch_optional(pool).await
        })?;
        Ok(end.map(|(district, section, size, tax_code)| [district, section, size, tax_code]))
    }
}
