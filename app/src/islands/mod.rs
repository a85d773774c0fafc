//! The parts of a page that also run in the browser. Every page works without them.

pub mod autosave;
pub mod live_score;
