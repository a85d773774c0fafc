//! The register of enterprises: which column of a file is what, what a row says, and what is wrong with it.

mod columns;
mod name;
mod number;
mod problem;
mod response;
mod row;
mod status;

pub use columns::{Column, Mapping, Money};
pub use name::{searched, short_name, tails};
pub use problem::{Problem, Reason};
pub use response::{Response, ResponseCell, Share, evenness};
pub use row::{Cell, Contact, Entry, read, read_contact};
pub use status::{Status, UnknownStatus};
