//! The register as it is read: a list by key, a search, an entry, counts.

use sqlx::{AssertSqlSafe, FromRow};
use time::OffsetDateTime;

use super::{Result, Store, on};

/// How many matches of a search are looked at for one page, however few of them pass the filter.
const LOOKED_AT: i64 = 500;

/// An entry as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Listed {
    /// Canonical tax code.
    pub tax_code: String,
    /// The name.
    pub name: String,
    /// Its key in the order of the list.
    pub key: String,
    /// Ward or commune; empty where only the former district is known.
    pub unit_code: String,
    /// Former district.
    pub district_code: String,
    /// Section of VSIC 2025.
    pub section: String,
    /// Division of VSIC 2025.
    pub division: String,
    /// Size class, or `unknown`.
    pub size: String,
    /// `active`, `suspended` or `closed`.
    pub status: String,
}

/// A whole entry.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct RegisterEntry {
    /// Canonical tax code.
    pub tax_code: String,
    /// The name.
    pub name: String,
    /// Code of the legal form, or what was typed.
    pub legal_form: Option<String>,
    /// Ward or commune; empty where only the former district is known.
    pub unit_code: String,
    /// Former district.
    pub district_code: String,
    /// The address as written.
    pub address: Option<String>,
    /// The version of the industry code: 2018 or 2025.
    pub industry_version: i64,
    /// The industry code as it came.
    pub industry_code: String,
    /// Division of VSIC 2025.
    pub division: String,
    /// Section of VSIC 2025.
    pub section: String,
    /// Employees.
    pub employees: Option<i64>,
    /// Revenue in đồng.
    pub revenue: Option<i64>,
    /// Capital in đồng.
    pub capital: Option<i64>,
    /// Size class computed from them, or `unknown`.
    pub size: String,
    /// `active`, `suspended` or `closed`.
    pub status: String,
    /// Mail of the contact.
    pub email: Option<String>,
    /// Telephone of the contact.
    pub phone: Option<String>,
    /// The file it last changed by.
    pub file_name: String,
    /// When it last changed.
    pub changed_at: OffsetDateTime,
}

/// Which entries are listed. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A ward or commune, or a former district.
    pub place: Option<InPlace>,
    /// Section of VSIC 2025.
    pub section: Option<String>,
    /// Size class, or `unknown`.
    pub size: Option<String>,
}

/// A place that entries are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InPlace {
    /// A ward or commune.
    Unit(String),
    /// A former district.
    District(String),
}

impl InPlace {
    /// Its code; those of wards and communes have five digits, those of former districts three.
    fn code(&self) -> &str {
        match self {
            Self::Unit(code) | Self::District(code) => code,
        }
    }
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By name, A to Y.
    #[default]
    Ascending,
    /// By name, Y to A.
    Descending,
}

/// Where a page begins: behind the entry with this key and tax code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// The key in the order of the list.
    pub key: String,
    /// The tax code.
    pub tax_code: String,
}

impl Filter {
    /// The columns that are compared, each with its value.
    pub(super) fn conditions(&self) -> Vec<(&'static str, &str)> {
        let place = self.place.as_ref().map(|place| match place {
            InPlace::Unit(code) => ("unit_code", code.as_str()),
            InPlace::District(code) => ("district_code", code.as_str()),
        });
        let section = self.section.as_deref().map(|section| ("section", section));
        let size = self.size.as_deref().map(|size| ("size", size));
        [place, section, size].into_iter().flatten().collect()
    }

    /// ` AND e.unit_code = $n …`, from the placeholder given. The columns are our own words, the values are bound.
    pub(super) fn sql(&self, first: usize) -> String {
        let conditions = self.conditions().into_iter().enumerate();
        conditions.map(|(at, (column, _))| format!(" AND e.{column} = ${}", first + at)).collect()
    }
}

/// The condition that matches `n` of a search are not behind the last one to be looked at, from the placeholder given.
fn until(first: usize) -> String {
    format!(" AND (n.tail, n.tax_code) <= (${first}, ${})", first + 1)
}

const LISTED: &str = "e.tax_code, e.name, e.unit_code, e.district_code, e.section, e.division, e.size, e.status";

impl Store {
    /// A page of the register in the order of names. Every filter has its index: a page costs the same in any register.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn register_page(
        &self,
        filter: &Filter,
        order: Order,
        after: Option<&After>,
        limit: i64,
    ) -> Result<Vec<Listed>> {
        let (compare, direction) = match order {
            Order::Ascending => (">", "ASC"),
            Order::Descending => ("<", "DESC"),
        };
        // The conditions that are asked for and no others, and the limit as a number: one plan is the best one whatever
        // the values, and the database need not look for another one each time.
        let places = filter.conditions().len();
        let behind = match after {
            Some(_) => format!(" AND (e.name_sort, e.tax_code) {compare} (${}, ${})", places + 1, places + 2),
            None => String::new(),
        };
        let sql = format!(
            "SELECT {LISTED}, e.name_sort AS key FROM register_entry e WHERE TRUE{}{behind}
             ORDER BY e.name_sort {direction}, e.tax_code {direction} LIMIT {limit}",
            filter.sql(1)
        );
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for (_, value) in filter.conditions() {
                query = query.bind(value);
            }
            if let Some(after) = after {
                query = query.bind(&after.key).bind(&after.tax_code);
            }
            query.fetch_all(pool).await
        })
    }

    /// The entries whose name holds these words in their order, by the name from there on; `words` are folded. Of each
    /// page's matches only so many are looked at that it costs the same in any register: the second answer says where to
    /// go on, none when there is nothing more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search_register(
        &self,
        words: &str,
        filter: &Filter,
        after: Option<&After>,
        limit: i64,
    ) -> Result<(Vec<Listed>, Option<After>)> {
        let (key, tax_code) = after.map_or((words, ""), |after| (after.key.as_str(), after.tax_code.as_str()));
        // Behind every text that begins with the words: folded text has no such character.
        let behind_all = format!("{words}\u{10ffff}");
        let range = "n.tail >= $1 AND n.tail < $2 AND (n.tail, n.tax_code) > ($3, $4)";
        let end = if filter.conditions().is_empty() {
            // Every match is shown: no more are looked at than the page holds.
            None
        } else {
            let sql = format!(
                "SELECT n.tail, n.tax_code FROM register_name n WHERE {range} ORDER BY n.tail, n.tax_code
                 LIMIT 1 OFFSET {}",
                LOOKED_AT - 1
            );
            on!(&self.read, pool => sqlx::query_as(AssertSqlSafe(sql))
                .bind(words).bind(&behind_all).bind(key).bind(tax_code).fetch_optional(pool).await)?
        };
        let end = end.map(|(key, tax_code)| After { key, tax_code });
        let sql = format!(
            "SELECT {LISTED}, n.tail AS key FROM register_name n JOIN register_entry e ON e.tax_code = n.tax_code
             WHERE {range}{}{} ORDER BY n.tail, n.tax_code LIMIT {limit}",
            filter.sql(5),
            if end.is_some() { until(filter.conditions().len() + 5) } else { String::new() },
        );
        let found: Vec<Listed> = on!(&self.read, pool => {
            let mut query =
                sqlx::query_as(AssertSqlSafe(sql)).bind(words).bind(&behind_all).bind(key).bind(tax_code);
            for (_, value) in filter.conditions() {
                query = query.bind(value);
            }
            if let Some(end) = &end {
                query = query.bind(&end.key).bind(&end.tax_code);
            }
            query.fetch_all(pool).await
        })?;
        let is_full = i64::try_from(found.len()).is_ok_and(|found| found == limit);
        let next = match found.last() {
            Some(last) if is_full => Some(After { key: last.key.clone(), tax_code: last.tax_code.clone() }),
            _ => end,
        };
        Ok((found, next))
    }

    /// An entry by its tax code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn register_entry(&self, tax_code: &str) -> Result<Option<RegisterEntry>> {
        const SQL: &str = "SELECT e.tax_code, e.name, e.legal_form, e.unit_code, e.district_code, e.address,
            e.industry_version, e.industry_code, e.division, e.section, e.employees, e.revenue, e.capital, e.size,
            e.status, e.email, e.phone, i.file_name, e.changed_at
            FROM register_entry e JOIN register_import i ON i.id = e.import_id WHERE e.tax_code = $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(tax_code).fetch_optional(pool).await)
    }

    /// How many entries pass a filter, and how many of them are active: one row, whatever the filter.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn register_count(&self, filter: &Filter) -> Result<(i64, i64)> {
        const SQL: &str = "SELECT entries, active FROM register_total WHERE place = $1 AND section = $2 AND size = $3";
        let place = filter.place.as_ref().map_or("", InPlace::code);
        let (section, size) =
            (filter.section.as_deref().unwrap_or_default(), filter.size.as_deref().unwrap_or_default());
        let counted = on!(&self.read, pool => sqlx::query_as(SQL).bind(place).bind(section).bind(size)
            .fetch_optional(pool).await)?;
        Ok(counted.unwrap_or_default())
    }
}
