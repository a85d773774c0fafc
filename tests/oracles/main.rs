//! The reference results of R `survey` and of disclosure control, within the tolerances that stand in their files: by
//! the library and by the programs `thuocso estimate`, `audit` and `protect`.
//!
//! `THUOCSO_ORACLES=FOLDER` takes another folder with `oracles/` and `requests/`.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod disclosure;
mod library;
mod program;
mod reference;
mod release;
