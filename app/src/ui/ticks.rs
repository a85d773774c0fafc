//! One tick per question: long for answered ones, short for open ones.

use leptos::prelude::*;

/// A row of ticks.
pub fn ticks(answered: usize, asked: usize) -> impl IntoView {
    let lines: Vec<_> = (0..asked)
        .map(|index| {
            let x = 2 + 6 * index;
            let (class, top) = if index < answered { ("c-ticks__on", 0) } else { ("c-ticks__off", 7) };
            view! { <line class=class x1=x x2=x y1=top y2=14></line> }
        })
        .collect();
    let width = if asked == 0 { 0 } else { 6 * asked - 2 };
    view! { <svg class="c-ticks" width=width height="14" aria-hidden="true" focusable="false">{lines}</svg> }
}
