//! A batch of an import: entries, what is searched, counts and rejected rows in one transaction.

use std::collections::{BTreeMap, HashMap};

use model::{
    register::{Entry, Status, short_name, tails},
    text::sort_key,
};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{BeginWrite as _, Rejected, Result, Store, on};

/// Letters of a name that count for the order of the list.
const SORTED_LETTERS: usize = 24;
/// Placeholders of one statement, at most. SQLite finds each by going through those before it, so one statement of ten
/// thousand takes as long as hundreds of small ones; to PostgreSQL every statement is a journey. The driver writes slow
/// statements to the log, which none of them may fill.
const MOST_PLACES: usize = 400;

/// Rows of an import that go into the database together.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Entries, no tax code twice.
    pub entries: Vec<Entry>,
    /// Rows that are not taken.
    pub rejected: Vec<Rejected>,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries that were not there before.
    pub added: i64,
    /// Entries that were there and are different now.
    pub changed: i64,
    /// Entries that were there and are the same.
    pub unchanged: i64,
    /// Rows that were not taken.
    pub rejected: i64,
}

impl Counts {
    /// Adds what another batch did.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.rejected += other.rejected;
    }

    /// All rows.
    #[must_use]
    pub fn rows(self) -> i64 {
        self.added + self.changed + self.unchanged + self.rejected
    }
}

/// An entry as it is stored.
struct Row<'a> {
    entry: &'a Entry,
    name_sort: String,
    cell: CellKey,
    fingerprint: Vec<u8>,
}

/// What an entry is counted by: district, unit, section, size, status.
type CellKey = [String; 5];

/// Where it is counted: place, section and size, each of them empty where all are counted.
type TotalKey = [String; 3];

/// How many more or fewer entries there are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Total {
    entries: i64,
    /// Of them, those that are active.
    active: i64,
}

/// What is known of an entry that is stored.
#[derive(FromRow)]
struct Stored {
    tax_code: String,
    name: String,
    fingerprint: Vec<u8>,
    district_code: String,
    unit_code: String,
    section: String,
    size: String,
    status: String,
}

/// What a batch changes.
#[derive(Default)]
struct Changes<'a> {
    /// Rows to write, new or different.
    rows: Vec<&'a Row<'a>>,
    /// What is no longer searched: the tail of a name and the tax code.
    old_tails: Vec<(String, String)>,
    new_tails: Vec<(String, &'a str)>,
    totals: BTreeMap<TotalKey, Total>,
    counts: Counts,
}

impl Stored {
    fn cell(&self) -> CellKey {
        [&self.district_code, &self.unit_code, &self.section, &self.size, &self.status].map(Clone::clone)
    }
}

impl<'a> Row<'a> {
    fn of(entry: &'a Entry) -> Self {
        let size = entry.size.map_or("unknown", model::SizeClass::as_str);
        let unit = entry.place.unit.map(|unit| unit.code.clone()).unwrap_or_default();
        let (district, section) = (entry.place.district.code.clone(), entry.activity.division.section.clone());
        let cell = [district, unit, section, size.to_owned(), entry.status.as_str().to_owned()];
        let begin: String = short_name(&entry.name).chars().take(SORTED_LETTERS).collect();
        Self { entry, name_sort: sort_key(&begin), fingerprint: fingerprint(entry, &cell), cell }
    }
}

/// The same for equal entries only, so that a repeated import can tell what is new without reading every column.
fn fingerprint(entry: &Entry, cell: &CellKey) -> Vec<u8> {
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let inputs = entry.inputs;
    let texts = [
        entry.tax_code.as_str(),
        &entry.name,
        entry.legal_form.as_deref().unwrap_or_default(),
        entry.address.as_deref().unwrap_or_default(),
        &entry.activity.version.year().to_string(),
        &entry.activity.code,
        &entry.activity.division.code,
        &number(inputs.employees),
        &number(inputs.revenue),
        &number(inputs.capital),
        entry.email.as_deref().unwrap_or_default(),
        entry.phone.as_deref().unwrap_or_default(),
    ]
    .map(ToOwned::to_owned);
    // Stored texts hold no control characters: the separator occurs in none of them.
    let joined = texts.into_iter().chain(cell.iter().cloned()).collect::<Vec<_>>().join("\u{1f}");
    Sha256::digest(joined.as_bytes())[..16].to_vec()
}

fn changes<'a>(rows: &'a [Row<'a>], stored: &HashMap<String, Stored>) -> Changes<'a> {
    let mut changes = Changes::default();
    let mut cells = BTreeMap::<CellKey, i64>::new();
    for row in rows {
        let code = row.entry.tax_code.as_str();
        match stored.get(code) {
            Some(known) if known.fingerprint == row.fingerprint => {
                changes.counts.unchanged += 1;
                continue;
            }
            Some(known) => {
                changes.counts.changed += 1;
                *cells.entry(known.cell()).or_default() -= 1;
                if known.name != row.entry.name {
                    changes.old_tails.extend(tails(&known.name).into_iter().map(|tail| (tail, code.to_owned())));
                    changes.new_tails.extend(tails(&row.entry.name).into_iter().map(|tail| (tail, code)));
                }
            }
            None => {
                changes.counts.added += 1;
                changes.new_tails.extend(tails(&row.entry.name).into_iter().map(|tail| (tail, code)));
            }
        }
        *cells.entry(row.cell.clone()).or_default() += 1;
        changes.rows.push(row);
    }
    // Neighbours of an index go into the same pages.
    changes.rows.sort_unstable_by(|one, other| one.name_sort.cmp(&other.name_sort));
    changes.new_tails.sort_unstable();
    changes.totals = totals(&cells);
    changes
}

/// What changes in the counts of places, sections and sizes when cells change: every one counts for itself and for all
/// that hold it.
fn totals(cells: &BTreeMap<CellKey, i64>) -> BTreeMap<TotalKey, Total> {
    let mut totals = BTreeMap::<TotalKey, Total>::new();
    for ([district, unit, section, size, status], change) in cells {
        // An entry of which only the district is known is in no ward or commune.
        let unit = (!unit.is_empty()).then_some(unit.as_str());
        for place in ["", district].into_iter().chain(unit) {
            for section in ["", section] {
                for size in ["", size] {
                    let total = totals.entry([place, section, size].map(ToOwned::to_owned)).or_default();
                    total.entries += change;
                    if status == Status::Active.as_str() {
                        total.active += change;
                    }
                }
            }
        }
    }
    totals.retain(|_, total| *total != Total::default());
    totals
}

/// `($1, $2), ($3, $4)`: placeholders of so many rows.
fn values(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// A statement with so many rows in the place of its `{}`.
fn with_rows(sql: &str, rows: usize, columns: usize) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql.replace("{}", &values(rows, columns)))
}

impl Store {
    /// Stores a batch of a running import, all or nothing, and answers what it did; none when the import no longer runs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn apply_batch(&self, import: Uuid, batch: &Batch, at: OffsetDateTime) -> Result<Option<Counts>> {
        const PROGRESS: &str = "UPDATE register_import SET position = position + $2, added = added + $3,
            changed = changed + $4, unchanged = unchanged + $5, rejected = rejected + $6, beat_at = $7
            WHERE id = $1 AND state = 'running'";
        let rows: Vec<Row<'_>> = batch.entries.iter().map(Row::of).collect();
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let stored = stored!(tx, rows);
            let mut changes = changes(&rows, &stored);
            changes.counts.rejected = i64::try_from(batch.rejected.len()).unwrap_or(i64::MAX);
            write_entries!(tx, changes.rows, import, at);
            write_tails!(tx, changes);
            write_totals!(tx, changes.totals);
            write_rejected!(tx, batch.rejected, import);
            let counts = changes.counts;
            let progress = sqlx::query(PROGRESS)
                .bind(import).bind(counts.rows()).bind(counts.added).bind(counts.changed).bind(counts.unchanged)
                .bind(counts.rejected).bind(at)
                .execute(&mut *tx).await?;
            if progress.rows_affected() == 0 {
                tx.rollback().await?;
                return Ok(None);
            }
            tx.commit().await?;
            Ok(Some(counts))
        })
    }
}

/// Runs a statement with rows for its `{}`, again and again until all are done, as many rows at once as have room.
macro_rules! for_rows {
    ($tx:expr, $sql:expr, $columns:expr, $rows:expr, |$query:ident, $row:pat_param| $bound:expr) => {
        let most = MOST_PLACES / $columns;
        for some in $rows.chunks(most) {
            // What has another length than most is not kept prepared: it would drive out what is needed every moment.
            let mut $query = sqlx::query(with_rows($sql, some.len(), $columns)).persistent(some.len() == most);
            for $row in some {
                $query = $bound;
            }
            $query.execute(&mut *$tx).await?;
        }
    };
}
use for_rows;

/// What is stored of the rows' tax codes.
macro_rules! stored {
    ($tx:expr, $rows:expr) => {{
        const SQL: &str = "SELECT tax_code, name, fingerprint, district_code, unit_code, section, size, status
            FROM register_entry WHERE tax_code IN (VALUES {})";
        let mut stored = HashMap::new();
        for some in $rows.chunks(MOST_PLACES) {
            let mut query = sqlx::query_as(with_rows(SQL, some.len(), 1)).persistent(some.len() == MOST_PLACES);
            for row in some {
                query = query.bind(row.entry.tax_code.as_str());
            }
            let found: Vec<Stored> = query.fetch_all(&mut *$tx).await?;
            stored.extend(found.into_iter().map(|one| (one.tax_code.clone(), one)));
        }
        stored
    }};
}
use stored;

macro_rules! write_entries {
    ($tx:expr, $rows:expr, $import:expr, $at:expr) => {
        const ENTRIES: &str = "INSERT INTO register_entry (tax_code, name, name_sort, legal_form, unit_code, district_code,
                address, industry_version, industry_code, division, section, employees, revenue, capital, size, status,
                email, phone, fingerprint, import_id, changed_at) VALUES {}
            ON CONFLICT (tax_code) DO UPDATE SET name = excluded.name, name_sort = excluded.name_sort,
                legal_form = excluded.legal_form, unit_code = excluded.unit_code,
                district_code = excluded.district_code, address = excluded.address,
                industry_version = excluded.industry_version, industry_code = excluded.industry_code,
                division = excluded.division, section = excluded.section, employees = excluded.employees,
                revenue = excluded.revenue, capital = excluded.capital, size = excluded.size, status = excluded.status,
                email = excluded.email, phone = excluded.phone, fingerprint = excluded.fingerprint,
                import_id = excluded.import_id, changed_at = excluded.changed_at";
        for_rows!($tx, ENTRIES, 21, $rows, |query, row| {
            let (entry, [district, unit, section, size, status]) = (row.entry, &row.cell);
            query
                .bind(entry.tax_code.as_str())
                .bind(&entry.name)
                .bind(&row.name_sort)
                .bind(entry.legal_form.as_deref())
                .bind(unit)
                .bind(district)
                .bind(entry.address.as_deref())
                .bind(entry.activity.version.year())
                .bind(&entry.activity.code)
                .bind(&entry.activity.division.code)
                .bind(section)
                .bind(entry.inputs.employees)
                .bind(entry.inputs.revenue)
                .bind(entry.inputs.capital)
                .bind(size)
                .bind(status)
                .bind(entry.email.as_deref())
                .bind(entry.phone.as_deref())
                .bind(&row.fingerprint)
                .bind($import)
                .bind($at)
        });
    };
}
use write_entries;

macro_rules! write_tails {
    ($tx:expr, $changes:expr) => {
        const GONE: &str = "DELETE FROM register_name WHERE (tail, tax_code) IN (VALUES {})";
        const NEW: &str = "INSERT INTO register_name (tail, tax_code) VALUES {}";
        for_rows!($tx, GONE, 2, $changes.old_tails, |query, (tail, tax_code)| query.bind(tail).bind(tax_code));
        for_rows!($tx, NEW, 2, $changes.new_tails, |query, (tail, tax_code)| query.bind(tail).bind(*tax_code));
    };
}
use write_tails;

macro_rules! write_totals {
    ($tx:expr, $totals:expr) => {
        const TOTALS: &str = "INSERT INTO register_total (place, section, size, entries, active) VALUES {}
            ON CONFLICT (place, section, size) DO UPDATE SET entries = register_total.entries + excluded.entries,
            active = register_total.active + excluded.active";
        let totals: Vec<(&TotalKey, &Total)> = $totals.iter().collect();
        for_rows!($tx, TOTALS, 5, totals, |query, (key, total)| {
            key.iter().fold(query, |query, part| query.bind(part)).bind(total.entries).bind(total.active)
        });
    };
}
use write_totals;

macro_rules! write_rejected {
    ($tx:expr, $rejected:expr, $import:expr) => {
        const REJECTED: &str = "INSERT INTO register_rejection (import_id, line, tax_code, name, problems) VALUES {}";
        for_rows!($tx, REJECTED, 5, $rejected, |query, row| {
            query.bind($import).bind(row.line).bind(&row.tax_code).bind(&row.name).bind(Json(&row.problems))
        });
    };
}
use write_rejected;

#[cfg(test)]
mod tests {
    use super::{MOST_PLACES, values};

    #[test]
    fn no_statement_fills_the_log() {
        for columns in [1, 2, 5, 21] {
            assert!(values(MOST_PLACES / columns, columns).len() < 4_000, "{columns}");
        }
    }
}
