//! The parts of a page that also run in the browser. Every page works without them.

pub mod autosave;
pub mod given;
pub mod live_score;
mod page;
mod post;
pub mod queue;
pub mod saver;
pub mod shown;
