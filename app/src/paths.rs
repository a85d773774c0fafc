//! The addresses of the enterprise's pages, in one place.

/// The sign-in page that leads back to a path of this server.
#[must_use]
pub fn sign_in(back_to: &str) -> String {
    format!("/sign-in?to={back_to}")
}

/// An address with those parts of a query that say something.
#[must_use]
pub fn with_query(base: &str, parts: &[(&str, &str)]) -> String {
    let given: Vec<String> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", quoted(value)))
        .collect();
    if given.is_empty() { base.to_owned() } else { format!("{base}?{}", given.join("&")) }
}

/// The task list of an assessment.
#[must_use]
pub fn tasks(assessment: &str) -> String {
    format!("/assessments/{assessment}")
}

/// The first page of a section that is worth opening.
#[must_use]
pub fn section(assessment: &str, section: &str) -> String {
    format!("/assessments/{assessment}/sections/{section}")
}

/// A page of questions.
#[must_use]
pub fn topic(assessment: &str, section: &str, topic: &str) -> String {
    format!("/assessments/{assessment}/sections/{section}/{topic}")
}

/// Whether the assessment is a quick check; posted there.
#[must_use]
pub fn kind(assessment: &str) -> String {
    format!("/assessments/{assessment}/kind")
}

/// The result of a quick check.
#[must_use]
pub fn quick(assessment: &str) -> String {
    format!("/assessments/{assessment}/quick")
}

/// The answers before they are sent; the declaration is sent there too.
#[must_use]
pub fn check(assessment: &str) -> String {
    format!("/assessments/{assessment}/check")
}

/// Who answers which section of an assessment.
#[must_use]
pub fn people(assessment: &str) -> String {
    format!("/assessments/{assessment}/people")
}

/// Items that two people answered far apart.
#[must_use]
pub fn agree(assessment: &str) -> String {
    format!("/assessments/{assessment}/agree")
}

/// A page of questions of somebody who tries them out without an account.
#[must_use]
pub fn tried(section: &str, topic: &str) -> String {
    format!("/try/{section}/{topic}")
}

/// The receipt.
#[must_use]
pub fn receipt(assessment: &str) -> String {
    format!("/assessments/{assessment}/receipt")
}

/// The answers and the result as a file: `json`, `xlsx` or `csv`.
#[must_use]
pub fn export(assessment: &str, format: &str) -> String {
    format!("/assessments/{assessment}/export/{format}")
}

/// The links that show level and date.
#[must_use]
pub fn links(assessment: &str) -> String {
    format!("/assessments/{assessment}/links")
}

/// The result.
#[must_use]
pub fn result(assessment: &str) -> String {
    format!("/assessments/{assessment}/result")
}

/// A value inside the query of an address.
#[must_use]
pub fn quoted(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The review of what an assessment sent in, for associations and the province.
#[must_use]
pub fn review(assessment: &str) -> String {
    format!("/reviews/{assessment}")
}

/// What the reviewers say and ask, for the enterprise.
#[must_use]
pub fn exchange(assessment: &str) -> String {
    format!("/assessments/{assessment}/review")
}

/// The evidence for one answer: its files, and where another is sent.
#[must_use]
pub fn evidence_of(assessment: &str, question: &str) -> String {
    format!("/assessments/{assessment}/evidence/{question}")
}

/// Where a file of an answer is taken back.
#[must_use]
pub fn evidence_removed(assessment: &str, question: &str, file: &str) -> String {
    format!("/assessments/{assessment}/evidence/{question}/{file}/remove")
}

/// A file that was sent as evidence.
#[must_use]
pub fn evidence(file: &str) -> String {
    format!("/evidence/{file}")
}
