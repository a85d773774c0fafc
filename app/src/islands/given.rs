//! What an island is given by its page. Properties would come as JSON, and reading JSON takes a tenth of all that the
//! browser may load; here they are one text in an attribute of the element around the island.

use leptos::prelude::*;

/// The attribute with the text.
const ATTRIBUTE: &str = "data-given";

/// The text on the server, on its way to the island that is made next.
#[cfg(feature = "ssr")]
#[derive(Clone)]
struct Given(String);

/// An island with its text. `id` names the element around it, which [`given`] reads.
#[cfg(feature = "ssr")]
pub fn give<V: IntoView + 'static>(id: &'static str, text: String, island: impl FnOnce() -> V) -> AnyView {
    provide_context(Given(text.clone()));
    let island = island();
    view! { <div id=id data-given=text>{island}</div> }.into_any()
}

/// What the island was given; empty where the page has none.
#[must_use]
pub fn given(id: &str) -> String {
    #[cfg(feature = "ssr")]
    if let Some(Given(text)) = use_context() {
        return text;
    }
    if cfg!(feature = "ssr") {
        return String::new();
    }
    document().get_element_by_id(id).and_then(|element| element.get_attribute(ATTRIBUTE)).unwrap_or_default()
}
