//! What all tests share: databases, a running server, a client that behaves like a browser.

pub mod answers;
pub mod client;
pub mod database;
pub mod server;

pub use client::{Client, Page};
pub use database::{Database, each_database};
pub use server::TestServer;
