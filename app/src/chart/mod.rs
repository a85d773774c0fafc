//! Charts as SVG, drawn on the server. Positions are in per cent of the width, strokes and text in pixels, so that a
//! chart fits a small phone without shrinking its letters. Every chart stands beside a table with its numbers.

pub mod dots;
pub mod interval;
pub mod matrix;
pub mod outlook;
pub mod pairs;
pub mod radar;
pub mod ruler;
pub mod stack;
pub mod tiles;
pub mod trend;
pub mod window;

/// A position on an axis from 0 to 100.
fn percent(value: f64) -> String {
    format!("{}%", (value * 100.0).round() / 100.0)
}
