//! The province's pages, one file each.

pub mod accounts;
pub mod audit;
pub mod campaigns;
pub mod claims;
pub mod groups;
pub mod import;
pub mod mail;
mod overview;
pub mod questionnaires;
pub mod register;
pub mod releases;
pub mod response;
pub mod settings;

pub use overview::overview;
