//! Pages: each a plain struct and the function that shows it.

pub mod account;
pub mod actions;
pub mod associations;
pub mod board;
pub mod check;
pub mod error;
pub mod exchange;
pub mod history;
pub mod indicators;
pub mod invitation;
pub mod link;
pub mod members;
pub mod memberships;
pub mod method;
pub mod province;
pub mod public;
pub mod quick;
pub mod register;
pub mod releases;
pub mod result;
pub mod review;
pub mod reviews;
pub mod sheet;
pub mod tasks;
pub mod topic;
pub mod words;
