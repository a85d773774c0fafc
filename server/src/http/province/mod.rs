//! The province's pages, one file each.

pub mod campaigns;
pub mod import;
pub mod mail;
mod overview;
pub mod register;
pub mod releases;
pub mod response;

pub use overview::overview;
