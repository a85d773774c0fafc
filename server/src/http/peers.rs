//! The last release, seen from one enterprise.

use app::{date, pages::peers::Compared};
use model::{classification, questionnaire::Questionnaire, release::peers};

use super::{context::Cx, forms};
use crate::{error::Error, store::Assessment};

/// What the last release says about firms like the one of this assessment; none until there is a release. Nothing but
/// the release is read: a comparison with live answers could be asked again and again until it tells of one firm.
///
/// # Errors
/// When the database fails.
pub async fn compared(
    cx: &Cx,
    assessment: &Assessment,
    questionnaire: &Questionnaire,
) -> Result<Option<Compared>, Error> {
    let number = cx.app.store().latest_release().await?;
    if number == 0 {
        return Ok(None);
    }
    let release = cx.app.document(number).await?;
    // Where the register knows the enterprise, its codes are those that the release counted it under.
    let known = cx.app.store().register_entry(&assessment.tax_code).await?;
    let codes = known.map(|entry| (entry.section, entry.size)).unwrap_or_else(|| {
        let division = classification::division(&assessment.industry_code);
        (division.map(|division| division.section.clone()).unwrap_or_default(), String::new())
    });
    Ok(Some(Compared {
        release: number,
        day: forms::day(&release.issued).map(date::date).unwrap_or_default(),
        peers: peers(&release, questionnaire, (&codes.0, &codes.1)),
    }))
}
