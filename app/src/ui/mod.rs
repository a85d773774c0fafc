//! Components: small pieces of markup, one file each, styled by the file of the same name in `style/`.

pub mod beside;
pub mod choices;
pub mod errors;
pub mod field;
pub mod files;
pub mod fragment;
pub mod icon;
pub mod item;
pub mod level;
pub mod log;
pub mod notice;
pub mod province_nav;
pub mod saved;
pub mod state;
pub mod subnav;
pub mod ticks;
pub mod waiting;
