//! The province's pages.

pub mod accounts;
pub mod audit;
pub mod campaigns;
pub mod claims;
pub mod groups;
pub mod import;
pub mod mail;
pub mod overview;
pub mod questionnaires;
pub mod register;
pub mod response;
pub mod settings;
pub mod snapshots;
pub mod words;
