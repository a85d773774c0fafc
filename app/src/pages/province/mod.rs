//! The province's pages.

pub mod campaigns;
pub mod mail;
pub mod overview;
