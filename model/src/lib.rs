//! Questionnaires, answers, scores, plans and checks of Thước Số, and the statistics made from many of them.
//!
//! Knows no files, no clock, no randomness and no HTML; the server and the browser run the same functions:
//!
//! ```text
//! file ──parse──▶ Questionnaire        fields of a page ──read_topic──▶ Answers
//!                         └──────────────┬──────────────────────────────┘
//!                     asked · score · gate · plan · shortest_path · check · may_submit
//! ```
//!
//! [`indicator`] turns the answers of one enterprise into what is counted, [`statistics`] many of them into weighted
//! figures with their uncertainty.
//! [`disclosure`] says which of these figures may be published.
//!
//! "Instrument §n" in the descriptions refers to the five-pillar instrument that the built-in questionnaire `bn5` holds.

pub mod answer;
pub mod assessment;
pub mod batch;
pub mod campaign;
pub mod change;
pub mod check;
pub mod claim;
pub mod classification;
pub mod condition;
#[cfg(not(target_arch = "wasm32"))]
pub mod disclosure;
pub mod enterprise;
pub mod evidence;
mod fit;
pub mod form;
pub mod format;
pub mod indicator;
mod json;
pub mod membership;
mod path;
pub mod plan;
pub mod profile;
pub mod questionnaire;
pub mod quick;
pub mod ratio;
pub mod register;
#[cfg(not(target_arch = "wasm32"))]
pub mod release;
pub mod review;
pub mod role;
#[cfg(not(target_arch = "wasm32"))]
pub mod sample;
pub mod score;
pub mod size;
pub mod statistics;
#[cfg(test)]
mod testing;
pub mod text;

pub use answer::{Answer, Answers};
pub use assessment::{Progress, State, may_submit, next_topic, progress, topics_asked};
pub use batch::{LineError, score_line};
pub use change::{Change, Moved, change};
pub use check::{Finding, check};
pub use condition::{Condition, Context};
pub use enterprise::{Email, LegalForm, Phone, TaxCode, TaxCodeError};
pub use fit::AnswerError;
pub use form::{Entry, UnknownQuestion, missing, read_topic};
pub use membership::Membership;
pub use plan::{Action, Decision, Horizon, Path, Plan, Step, plan, shortest_path};
pub use profile::{Asked, asked, flags};
pub use questionnaire::{
    Bands, Check, ChecklistOption, Choice, Fact, FactAnswer, Flag, Floor, Item, ItemAnswer, Level, Need, Problem,
    Question, Questionnaire, Section, Term, Topic,
};
pub use quick::{Kind, Outlook, outlook, quick};
pub use ratio::Ratio;
pub use role::Role;
pub use score::{Gate, PillarScore, Score, gate, level_of, level_of_score, score};
pub use size::{SizeClass, SizeInputs};
pub use text::{Lang, Text};
