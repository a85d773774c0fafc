//! The product in Chromium, on the screen of a phone.
//!
//! Needs Debian's packages `chromium` and `chromium-driver`. A test starts its own server, driver and browser.

mod accessibility;
mod autosave;
mod by_keyboard;
mod campaign;
mod chromium;
mod journey;
mod keyboard;
mod last_time;
mod live_score;
mod names;
mod pages;
mod person;
mod pictures;
mod sessions;
mod tabs;
mod tour;
mod unsent;
mod weight;

use std::time::{Duration, Instant};

pub use chromium::Chromium;
pub use person::Person;

/// Longer than anything takes that is going to happen at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks again and again until there is an answer.
async fn until<T, R>(what: &str, mut ask: impl FnMut() -> R) -> T
where
    R: Future<Output = Option<T>>,
{
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
