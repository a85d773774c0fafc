//! Where an action stands: effort to the right, impact upwards.

use leptos::prelude::*;

/// A square of three by three with one cell filled; effort and impact from 1 to 3.
pub fn matrix(effort: u8, impact: u8) -> impl IntoView {
    let cells: Vec<_> = (0_u8..9)
        .map(|cell| {
            let (column, row) = (cell % 3, cell / 3);
            let on = column + 1 == effort && 3 - row == impact;
            let class = if on { "c-matrix__cell c-matrix__cell--on" } else { "c-matrix__cell" };
            let (x, y) = (f32::from(column) * 8.0 + 0.5, f32::from(row) * 8.0 + 0.5);
            view! { <rect class=class x=x y=y width="7" height="7"></rect> }
        })
        .collect();
    view! { <svg class="c-matrix__plot" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{cells}</svg> }
}
