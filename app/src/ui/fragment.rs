//! Markup that is the same for every reader: rendered once and copied into the pages.

use leptos::{prelude::*, tachys::html::InertElement};

/// A finished piece of HTML. It can only be made by rendering a view, which escapes every text.
#[derive(Clone, Debug, Default)]
pub struct Fragment(String);

impl Fragment {
    /// Renders a view that depends on nothing but published texts. The marks by which the browser would find its parts again
    /// are left out: it never looks for them. No text has them, since its `<` is escaped.
    pub fn of(view: impl IntoView) -> Self {
        Self(view.into_view().to_html().replace("<!>", ""))
    }

    /// The piece up to the inside of its `<div>` of this class, which has nothing in it yet, and from there on. Nothing else
    /// is taken for it: the `<` of texts is escaped.
    #[must_use]
    pub fn open_at(self, class: &str) -> (Self, Self) {
        let empty = format!("<div class=\"{class}\"></div>");
        let at = self.0.find(&empty).map_or(self.0.len(), |at| at + empty.len() - "</div>".len());
        let (before, after) = self.0.split_at(at);
        (Self(before.to_owned()), Self(after.to_owned()))
    }

    /// The piece as a part of a page.
    #[must_use]
    pub fn view(&self) -> InertElement {
        InertElement::new(self.0.clone())
    }

    /// Several pieces in a row.
    #[must_use]
    pub fn row(fragments: &[&Self]) -> InertElement {
        let mut all = String::with_capacity(fragments.iter().map(|fragment| fragment.0.len()).sum());
        fragments.iter().for_each(|fragment| all.push_str(&fragment.0));
        InertElement::new(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_is_escaped_once() {
        let fragment = Fragment::of(view! { <p title="a \"b\"">{"1 < 2 & 3".to_owned()}</p> });
        let page = view! { <div>{Fragment::row(&[&fragment, &fragment])}</div> };
        let one = "<p title=\"a &quot;b&quot;\">1 &lt; 2 &amp; 3</p>";
        assert_eq!(page.to_html(), format!("<div>{one}{one}</div>"));
    }

    #[test]
    fn a_fragment_has_no_marks_but_the_texts_that_look_like_them() {
        let fragment = Fragment::of(view! { <p>{"a <!> b".to_owned()}{"c".to_owned()}{"d".to_owned()}</p> });
        assert_eq!(fragment.view().to_html(), "<p>a &lt;!&gt; bcd</p>");
    }
}
