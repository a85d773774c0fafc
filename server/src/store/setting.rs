//! What the administrator decides for the whole province.

use model::text::Lang;
use serde_json::{Map, Value, json};
use sqlx::FromRow;

use super::{Action, BeginWrite as _, By, Event, Result, Store, audit::audit, on};

/// The settings of the province.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who runs this, shown beside the name, in the footer and under every message.
    pub owner: String,
    /// The address that people write to.
    pub email: Option<String>,
    /// The number that people call.
    pub phone: Option<String>,
    /// Where else or when there is help, in Vietnamese …
    pub help_vi: Option<String>,
    /// … and in English.
    pub help_en: Option<String>,
    /// The language of pages for whoever has not chosen one.
    pub lang: Lang,
    /// Days between two reminders to an enterprise, 7 to 60.
    pub reminder_days: i64,
    /// Whoever takes a submission up for the province may not accept it.
    pub four_eyes: bool,
}

/// Reminders at most once a week, and often enough to be of use.
pub const REMINDER_DAYS: std::ops::RangeInclusive<i64> = 7..=60;

impl Default for Settings {
    fn default() -> Self {
        Self {
            owner: String::new(),
            email: None,
            phone: None,
            help_vi: None,
            help_en: None,
            lang: Lang::Vi,
            reminder_days: *REMINDER_DAYS.start(),
            four_eyes: false,
        }
    }
}

impl Settings {
    /// Where there is help, on one line: the text in the reader's language, the number, the address; none if nothing
    /// is set.
    #[must_use]
    pub fn help(&self, lang: Lang) -> Option<String> {
        let text = if lang == Lang::Vi { &self.help_vi } else { &self.help_en };
        let parts: Vec<&str> = [text, &self.phone, &self.email].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" · "))
    }

    /// What differs from other settings, by name: before and after.
    fn changes(&self, before: Option<&Self>) -> Value {
        let fields = |all: &Self| {
            json!({
                "owner": all.owner, "email": all.email, "phone": all.phone, "help_vi": all.help_vi,
                "help_en": all.help_en, "lang": all.lang.code(), "reminder_days": all.reminder_days,
                "four_eyes": all.four_eyes,
            })
        };
        let (now, before) = (fields(self), before.map(fields).unwrap_or_default());
        let now = now.as_object().cloned().unwrap_or_default();
        let changed = now.into_iter().filter(|(name, value)| before.get(name) != Some(value));
        let pair = |(name, value): (String, Value)| {
            let was = before.get(&name).cloned().unwrap_or_default();
            (name, json!([was, value]))
        };
        Value::Object(changed.map(pair).collect::<Map<_, _>>())
    }
}

#[derive(FromRow)]
struct Row {
    owner: String,
    email: Option<String>,
    phone: Option<String>,
    help_vi: Option<String>,
    help_en: Option<String>,
    lang: String,
    reminder_days: i64,
    four_eyes: bool,
}

impl From<Row> for Settings {
    fn from(row: Row) -> Self {
        Self {
            owner: row.owner,
            email: row.email,
            phone: row.phone,
            help_vi: row.help_vi,
            help_en: row.help_en,
            lang: row.lang.parse().unwrap_or_default(),
            reminder_days: row.reminder_days,
            four_eyes: row.four_eyes,
        }
    }
}

const SELECT: &str =
    "SELECT owner, email, phone, help_vi, help_en, lang, reminder_days, four_eyes FROM province_setting";

impl Store {
    /// The settings; none as long as nobody has changed them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settings(&self) -> Result<Option<Settings>> {
        let row: Option<Row> = on!(&self.read, pool => sqlx::query_as(SELECT).fetch_optional(pool).await)?;
        Ok(row.map(Settings::from))
    }

    /// Changes the settings; false when nothing differs from what is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_settings(&self, new: &Settings, by: &By) -> Result<bool> {
        const UPSERT: &str = "INSERT INTO province_setting
            (id, owner, email, phone, help_vi, help_en, lang, reminder_days, four_eyes, changed_at, changed_by)
            VALUES ('province', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, email = excluded.email, phone = excluded.phone,
            help_vi = excluded.help_vi, help_en = excluded.help_en, lang = excluded.lang,
            reminder_days = excluded.reminder_days, four_eyes = excluded.four_eyes,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let before: Option<Row> = sqlx::query_as(SELECT).fetch_optional(&mut *tx).await?;
            let before = before.map(Settings::from);
            if before.as_ref() == Some(new) {
                return Ok(false);
            }
            sqlx::query(UPSERT).bind(&new.owner).bind(&new.email).bind(&new.phone).bind(&new.help_vi)
                .bind(&new.help_en).bind(new.lang.code()).bind(new.reminder_days).bind(new.four_eyes)
                .bind(by.at).bind(by.account).execute(&mut *tx).await?;
            let event = Event {
                id: by.event,
                at: by.at,
                account: Some(by.account),
                action: Action::SettingsChanged,
                subject: "province",
                subject_id: None,
                detail: new.changes(before.as_ref()),
            };
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_what_is_set_in_the_readers_language() {
        assert_eq!(Settings::default().help(Lang::Vi), None);
        let settings = Settings {
            help_vi: Some("Giờ hành chính".into()),
            phone: Some("0204 385 4321".into()),
            ..Settings::default()
        };
        assert_eq!(settings.help(Lang::Vi).as_deref(), Some("Giờ hành chính · 0204 385 4321"));
        assert_eq!(settings.help(Lang::En).as_deref(), Some("0204 385 4321"));
    }

    #[test]
    fn a_change_names_what_differs_and_nothing_else() {
        let before = Settings { owner: "Tỉnh".into(), ..Settings::default() };
        let after = Settings { reminder_days: 14, ..before.clone() };
        assert_eq!(after.changes(Some(&before)), json!({ "reminder_days": [7, 14] }));
    }
}
