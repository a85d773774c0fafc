//! Statistical disclosure control: a table is published only if nobody can learn a single firm's figure from it.
//!
//! Nothing here does I/O, reads a clock or draws random numbers; searches are bounded by counted work and "chance" is a
//! fixed sequence, so results are the same to the bit everywhere and do not depend on the order of cells.
//!
//! # Reading order
//!
//! [`primary`] says which figures are sensitive. [`cube`] makes cells and equations from leaves, [`table`] checks them.
//! [`protect`] chooses which further cells to suppress, by circulations of its own simplex. [`audit`] judges any pattern,
//! by linear programs of the crate `microlp`: `region` is what an attacker holds possible, [`interval`] its extremes.
//! [`release`] looks at several releases together. [`cell_key`] is an optional method for counts. [`request`] answers the
//! files of `thuocso audit` and `thuocso protect`.
//!
//! # Attack tests of the *Method specification* (method 12)
//!
//! | test | where |
//! |---|---|
//! | AT1 outsiders, AT7 means with public register counts | [`audit::Audit::unprotected`] |
//! | AT2 single contributors | [`audit::Audit::insiders`] |
//! | AT3 unions in a line | [`audit::Audit::unions`], [`audit::Audit::hidden_unions`] |
//! | AT4 differences of everything published | [`release::differences`], [`release::combined`] |
//! | AT5 re-issues | [`release::reissue`] |
//! | AT6 surfaces | [`release::leaks`] |
//! | AT8, AT9 oracles | `tests/oracles` |

//! # How the audit is fast
//!
//! Unknowns are deviations from the true values, so every equation is homogeneous and the true table is a solution.
//! Propagated bounds and the row echelon form find what is determined; programs are written in the free unknowns only,
//! where the true table is a vertex and some thirty pivots do; every point found is stretched both ways until it meets a
//! bound, and an extreme that a point has reached and propagation proves needs no program. Each answer of the solver is
//! checked against all equations and bounds.
//!
//! # Choices that the method leaves open
//!
//! - A union (AT3) is looked for where the total is published; it counts parts that are suppressed and not known anyway.
//! - Insiders (AT2) are all suppressed cells with n = 1; what counts are *sensitive* cells of others that outsiders cannot
//!   determine. A total and its part that both have n = 1 are one contributor, who learns nothing new.
//! - A published figure with a half width is open by ± that width, not cut at the bounds of its cell: those bound
//!   suppressed cells only.
//! - [`audit::Audit::is_safe`] is the verdict of the oracles. [`audit::Audit::is_publishable`] also refuses a line whose
//!   suppressed parts, without those that are determined, have too few contributors; [`protect::protect`] returns only
//!   such patterns.
//! - A protection level beyond the bounds of a cell (98 ± 5 points of 100) is never reached; [`audit::Protection::within`]
//!   cuts it, the caller decides.
//! - A total costs as much to suppress as three other cells. Work is counted, not timed: the same answer everywhere.
//! - Figures that do not add up (1e-7 of the terms), values outside their bounds, sensitive cells that are published, known
//!   values that are wrong and unknown fields of a request are errors.

#[cfg(test)]
mod agreement;
pub mod audit;
pub mod cell_key;
mod circulation;
pub mod cube;
pub mod interval;
pub(crate) mod linear;
pub mod primary;
pub mod protect;
mod region;
pub mod release;
pub mod request;
pub mod summary;
pub mod table;

use thiserror::Error;

/// A table that cannot be judged or protected. Nothing may be published when one is returned.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DisclosureError {
    /// A cell cannot be used.
    #[error("cell {cell:?}: {problem}")]
    Cell {
        /// Its identifier.
        cell: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// An equation cannot be used.
    #[error("equation {number}: {problem}")]
    Equation {
        /// Its position, from 0.
        number: usize,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A list names a cell the table does not have.
    #[error("{place}: the cell {cell:?} is not in the table; add it or correct its name")]
    Unknown {
        /// The list.
        place: String,
        /// The name.
        cell: String,
    },
    /// A list names a cell twice.
    #[error("{place}: the cell {cell:?} is named twice; remove one")]
    Repeated {
        /// The list.
        place: String,
        /// The name.
        cell: String,
    },
    /// A parameter or a rule cannot be used.
    #[error("{place}: {problem}")]
    Invalid {
        /// Where.
        place: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The linear program of a cell has no verified answer.
    #[error("interval of {cell:?}: {problem}; do not publish, and report the table")]
    Solver {
        /// The cell.
        cell: String,
        /// What the solver said, or which check its answer failed.
        problem: String,
    },
    /// No further suppression protects a cell.
    #[error("cell {cell:?}: {problem}; merge categories or publish fewer totals")]
    Unprotectable {
        /// The cell.
        cell: String,
        /// What cannot be reached.
        problem: String,
    },
}
