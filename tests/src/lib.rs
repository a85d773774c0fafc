//! What all tests share: databases, a running server, a client that behaves like a browser, a strict reader of pages.

pub mod answers;
pub mod chunked;
pub mod client;
pub mod database;
pub mod html;
pub mod province;
pub mod register;
pub mod server;
pub mod smtp;

pub use client::{Client, Page};
pub use database::{Database, each_database};
pub use html::{Form, Html};
pub use server::TestServer;
pub use smtp::MailServer;
