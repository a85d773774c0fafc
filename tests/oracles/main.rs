//! The reference results of R `survey`, within the tolerances that stand in their files: by the library and by the
//! program `thuocso estimate`.
//!
//! `THUOCSO_ORACLES=FOLDER` takes another folder with `oracles/` and `requests/`.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod library;
mod program;
mod reference;
