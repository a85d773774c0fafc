//! The register of enterprises: which column of a file is what, what a row says, and what is wrong with it.

mod columns;
mod name;
mod row;

pub use columns::{Column, Mapping, Money};
pub use name::{short_name, tails};
pub use row::{Cell, Entry, Problem, Reason, Status, read};
