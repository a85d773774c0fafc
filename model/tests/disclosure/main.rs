//! Disclosure control of tables that are made here: attacks, and properties that hold for any table.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod attacks;
mod properties;
