//! The province's pages, one file each.

pub mod campaigns;
pub mod mail;
mod overview;

pub use overview::overview;
