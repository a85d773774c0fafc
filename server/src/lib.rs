//! Thước Số's server: HTTP by axum, pages by `app`, rules by `model`, data in SQLite or PostgreSQL.

pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod error;
pub mod evidence;
pub mod export;
pub mod group_mail;
pub mod http;
pub mod import;
pub mod mail;
pub mod measure;
pub mod password;
pub mod release;
mod render;
pub mod start;
pub mod store;
