//! The province's pages, one file each.

mod overview;

pub use overview::overview;
