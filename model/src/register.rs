//! The register of enterprises: which column of a file is what, what a row says, and what is wrong with it.

mod columns;
mod name;
mod response;
mod row;

pub use columns::{Column, Mapping, Money};
pub use name::{searched, short_name, tails};
pub use response::{Response, ResponseCell, Share, evenness};
pub use row::{Cell, Contact, Entry, Problem, Reason, Status, read, read_contact};
