//! The tile map: one tile per ward or commune, grouped by former district, roughly where they lie.

use leptos::prelude::*;

/// A group of tiles.
#[derive(Clone, Debug)]
pub struct Group {
    /// Code of the former district; it decides the place.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its tiles.
    pub tiles: Vec<Tile>,
}

/// A tile.
#[derive(Clone, Debug)]
pub struct Tile {
    /// The name of the ward or commune.
    pub name: String,
    /// Its value; none where nothing is published.
    pub value: Option<f64>,
    /// The value as shown.
    pub text: String,
    /// What a screen reader says in place of the text.
    pub label: String,
    /// Where its row of the table is.
    pub href: String,
}

/// Column and row of each former district, by its code.
const PLACES: [(&str, u8, u8); 18] = [
    ("215", 2, 1),
    ("219", 5, 1),
    ("223", 1, 2),
    ("216", 2, 2),
    ("217", 3, 2),
    ("218", 4, 2),
    ("224", 5, 2),
    ("220", 6, 2),
    ("258", 1, 3),
    ("222", 2, 3),
    ("213", 3, 3),
    ("261", 1, 4),
    ("256", 2, 4),
    ("259", 3, 4),
    ("260", 1, 5),
    ("262", 2, 5),
    ("263", 3, 5),
    ("264", 4, 5),
];

/// The map; `bounds` are the lower bounds of the fills 2 to 5.
pub fn tiles(groups: Vec<Group>, bounds: [f64; 4], legend: AnyView) -> AnyView {
    let mut groups = groups;
    let place = |code: &str| PLACES.iter().find(|place| place.0 == code).map_or((6, 5), |place| (place.1, place.2));
    groups.sort_by_key(|group| {
        let (x, y) = place(&group.code);
        (y, x)
    });
    let group = |group: Group| {
        let (x, y) = place(&group.code);
        let tiles: Vec<_> = group.tiles.into_iter().map(|one| tile(one, bounds)).collect();
        view! {
            <section class=format!("c-tiles__group at-x{x} at-y{y}")>
                <h3 class="c-tiles__name">{group.name}</h3>
                <ul class="c-tiles__grid">{tiles}</ul>
            </section>
        }
    };
    let groups: Vec<_> = groups.into_iter().map(group).collect();
    view! {
        <div class="c-tiles">
            <div class="c-tiles__legend">{legend}</div>
            {groups}
        </div>
    }
    .into_any()
}

/// The legend of the fills: each with its words, and the hatch.
pub fn legend(fills: [String; 5], none: String) -> AnyView {
    let entry = |(position, text): (usize, String)| {
        let class = format!("c-swatch is-s{}", position + 1);
        view! { <li><span class=class></span>{text}</li> }
    };
    let fills: Vec<_> = fills.into_iter().enumerate().map(entry).collect();
    view! {
        <ul class="c-legend">
            {fills}
            <li><span class="c-swatch c-swatch--none"></span>{none}</li>
        </ul>
    }
    .into_any()
}

fn tile(tile: Tile, bounds: [f64; 4]) -> impl IntoView {
    let class = match tile.value {
        Some(value) => format!("c-tile is-s{}", 1 + bounds.iter().filter(|bound| value >= **bound).count()),
        None => "c-tile c-tile--none".to_owned(),
    };
    view! {
        <li>
            <a class=class href=tile.href>
                <span>{tile.name}</span>
                " "<span class="c-tile__no">{tile.text}</span><span class="u-hidden">". "{tile.label}</span>
            </a>
        </li>
    }
}
