//! The province's pages.

pub mod overview;
