//! Pictures of what the tests see, for whoever wants to look at the pages: `THUOCSO_PICTURES=folder` keeps them.

use std::{env, fs, path::Path};

use crate::Chromium;

/// Pages that are longer than this many pixels are cut.
const LONGEST: u64 = 6_000;
/// The width of the screen, and how high the page is on it.
const SIZE: &str = "return [innerWidth, Math.max(innerHeight, document.documentElement.scrollHeight)]";

/// Keeps a picture of the whole page that is open, if pictures are wanted. Signs that a file name cannot have become
/// `-`.
///
/// # Panics
/// When the folder cannot be written to.
pub async fn keep(chromium: &Chromium, name: &str) {
    let Some(folder) = env::var_os("THUOCSO_PICTURES") else { return };
    let size = chromium.script(SIZE, &[]).await;
    let pixels = |at: usize| size[at].as_u64().and_then(|pixels| u32::try_from(pixels.min(LONGEST)).ok());
    let (Some(width), Some(height)) = (pixels(0), pixels(1)) else { panic!("no size: {size}") };
    chromium.resize_to(width, height).await;
    let picture = chromium.tab.screenshot().await.expect("a picture");
    chromium.resize(width).await;
    let plain: String = name.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' }).collect();
    fs::write(Path::new(&folder).join(format!("{plain}.png")), picture).expect("a file");
}
