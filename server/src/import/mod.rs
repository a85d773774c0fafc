//! Importing the register: reading files, proposing what their columns are, previewing, running in the background.

pub mod file;
mod job;
pub mod members;
mod preview;

pub use job::{Failure, run, spawn};
pub use preview::{Preview, PreviewRow, preview};
