//! A strict reader of the server's pages: what a browser would silently repair is a mistake here.

/// Elements that have no end tag.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Attributes that name other elements of the page by their ids.
const REFERENCES: [&str; 4] = ["for", "aria-describedby", "aria-labelledby", "aria-controls"];

/// A page, read.
#[derive(Debug, Default)]
pub struct Html {
    /// All elements in the order of their start tags.
    pub elements: Vec<Element>,
}

/// An element of a page.
#[derive(Debug)]
pub struct Element {
    /// Name of the tag.
    pub name: String,
    /// Attributes, decoded; empty for those without a value.
    pub attributes: Vec<(String, String)>,
    /// All text inside, decoded, without scripts; white space as it stands.
    pub text: String,
    /// The element around it.
    pub parent: Option<usize>,
}

/// What a browser sends for a form whose fields nobody has touched. Change it with [`Form::set`], send it with
/// [`crate::Client::submit`].
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Names and values that would be sent, without buttons.
    pub pairs: Vec<(String, String)>,
    /// Every name with every value that can be chosen; text fields have the empty value.
    pub offered: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the class is among its classes.
    #[must_use]
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split_whitespace().any(|one| one == class))
    }
}

impl Html {
    /// Reads a page.
    ///
    /// # Errors
    /// The first place where the text is not well-formed: tags that do not nest, attributes without quotes or given
    /// twice, an unknown character reference, something after the end.
    pub fn parse(source: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: source, html: Self::default(), open: Vec::new() };
        reader.document().map_err(|problem| {
            let near: String = reader.rest.chars().take(80).collect();
            format!("{problem} before {near:?}")
        })?;
        Ok(reader.html)
    }

    /// All elements, in their order.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.elements.iter()
    }

    /// The element with this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.attribute("id") == Some(id))
    }

    /// All elements with this tag.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// All elements with this class.
    pub fn with_class<'a>(&'a self, class: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.has_class(class))
    }

    /// The text of the page with single spaces, title included.
    #[must_use]
    pub fn text(&self) -> String {
        words(self.elements.first().map_or("", |html| html.text.as_str()))
    }

    /// The text of the main part with single spaces.
    #[must_use]
    pub fn main_text(&self) -> String {
        words(self.named("main").next().map_or("", |main| main.text.as_str()))
    }

    /// The language of the page.
    #[must_use]
    pub fn lang(&self) -> Option<&str> {
        self.elements.first().and_then(|html| html.attribute("lang"))
    }

    /// The links of the error summary: the field and what is wrong with it.
    #[must_use]
    pub fn summary(&self) -> Vec<(String, String)> {
        let Some(summary) = self.elements.iter().position(|element| element.has_class("c-errors")) else {
            return Vec::new();
        };
        let links = self.inside(summary).filter(|element| element.name == "a");
        let field = |link: &Element| link.attribute("href").unwrap_or_default().trim_start_matches('#').to_owned();
        links.map(|link| (field(link), words(&link.text))).collect()
    }

    /// The message beside a field, without the word "Error:" that only screen readers get.
    #[must_use]
    pub fn error_of(&self, field: &str) -> Option<String> {
        let id = format!("{field}-error");
        let index = self.elements.iter().position(|element| element.attribute("id") == Some(id.as_str()))?;
        let hidden: String =
            self.inside(index).filter(|element| element.has_class("u-hidden")).map(|e| e.text.as_str()).collect();
        Some(words(self.elements[index].text.strip_prefix(hidden.as_str())?))
    }

    /// The form that is sent to this address.
    #[must_use]
    pub fn form(&self, action: &str) -> Option<Form> {
        let is_it = |element: &Element| element.name == "form" && element.attribute("action") == Some(action);
        let index = self.elements.iter().position(is_it)?;
        let mut form = Form { action: action.to_owned(), pairs: Vec::new(), offered: Vec::new() };
        for (position, control) in self.elements.iter().enumerate() {
            if self.is_inside(position, index) {
                self.control(position, control, &mut form);
            }
        }
        Some(form)
    }

    /// What is wrong with the page as a whole: ids given twice, references to nothing, missing title, language,
    /// main part or first heading.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut ids: Vec<&str> = self.elements.iter().filter_map(|element| element.attribute("id")).collect();
        ids.sort_unstable();
        problems.extend(ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| format!("two ids {}", pair[0])));
        let exists = |id: &str| ids.binary_search(&id).is_ok();
        for element in &self.elements {
            let listed = REFERENCES.iter().filter_map(|name| element.attribute(name)).flat_map(str::split_whitespace);
            let own = element.attribute("href").and_then(|href| href.strip_prefix('#'));
            for id in listed.chain(own).filter(|id| !exists(id)) {
                problems.push(format!("<{}> refers to #{id}, which does not exist", element.name));
            }
        }
        for (name, exactly) in [("html", 1), ("title", 1), ("main", 1), ("h1", 1)] {
            let found = self.named(name).filter(|element| !element.text.trim().is_empty()).count();
            if found != exactly {
                problems.push(format!("{found} <{name}> with text"));
            }
        }
        problems.extend(self.unlabelled());
        problems
    }

    /// Controls that a screen reader would announce without a name.
    fn unlabelled(&self) -> Vec<String> {
        let labels: Vec<&str> = self.named("label").filter_map(|label| label.attribute("for")).collect();
        let is_named = |position: usize, control: &Element| {
            control.attribute("id").is_some_and(|id| labels.contains(&id))
                || self.ancestors(position).any(|index| self.elements[index].name == "label")
        };
        let controls = self.elements.iter().enumerate().filter(|(_, element)| {
            matches!(element.name.as_str(), "input" | "select" | "textarea")
                && element.attribute("type") != Some("hidden")
        });
        let bare = controls.filter(|(position, control)| !is_named(*position, control));
        bare.map(|(_, control)| format!("no label for {:?}", control.attributes)).collect()
    }

    fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.elements[index].parent, |above| self.elements[*above].parent)
    }

    fn is_inside(&self, index: usize, outer: usize) -> bool {
        self.ancestors(index).any(|above| above == outer)
    }

    fn inside(&self, outer: usize) -> impl Iterator<Item = &Element> {
        (0..self.elements.len()).filter(move |index| self.is_inside(*index, outer)).map(|index| &self.elements[index])
    }

    fn control(&self, position: usize, control: &Element, form: &mut Form) {
        let Some(name) = control.attribute("name").map(ToOwned::to_owned) else { return };
        let value = control.attribute("value").unwrap_or_default().to_owned();
        match (control.name.as_str(), control.attribute("type")) {
            ("input", Some("radio" | "checkbox")) => {
                form.offered.push((name.clone(), value.clone()));
                if control.attribute("checked").is_some() {
                    form.pairs.push((name, value));
                }
            }
            ("input", _) => {
                form.offered.push((name.clone(), String::new()));
                form.pairs.push((name, value));
            }
            ("textarea", _) => {
                form.offered.push((name.clone(), String::new()));
                form.pairs.push((name, control.text.trim().to_owned()));
            }
            ("select", _) => {
                let options: Vec<&Element> = self.inside(position).filter(|inner| inner.name == "option").collect();
                let value = |option: &&Element| option.attribute("value").unwrap_or_default().to_owned();
                form.offered.extend(options.iter().map(|option| (name.clone(), value(option))));
                let chosen = options.iter().find(|option| option.attribute("selected").is_some());
                form.pairs.extend(chosen.or(options.first()).map(|option| (name.clone(), value(option))));
            }
            _ => {}
        }
    }
}

impl Form {
    /// Gives a field these values instead of what it has: one for text, radios and selects, several for ticks.
    #[must_use]
    pub fn set(mut self, name: &str, values: &[&str]) -> Self {
        let at = self.pairs.iter().position(|(key, _)| key == name).unwrap_or(self.pairs.len());
        self.pairs.retain(|(key, _)| key != name);
        for (offset, value) in values.iter().enumerate() {
            self.pairs.insert((at + offset).min(self.pairs.len()), (name.to_owned(), (*value).to_owned()));
        }
        self
    }

    /// The values of a field that would be sent.
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Whether the page lets somebody choose this value.
    #[must_use]
    pub fn offers(&self, name: &str, value: &str) -> bool {
        self.offered.iter().any(|(key, known)| key == name && known == value)
    }
}

/// Text with single spaces.
#[must_use]
pub fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Reader<'s> {
    rest: &'s str,
    html: Html,
    open: Vec<usize>,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), String> {
        self.take("<!DOCTYPE html>").ok_or("no <!DOCTYPE html>")?;
        while !self.rest.is_empty() {
            if self.take("<!--").is_some() {
                self.until("-->")?;
            } else if self.take("<!>").is_some() {
                // A mark between two texts.
            } else if self.take("</").is_some() {
                self.end()?;
            } else if self.rest.starts_with('<') {
                self.rest = &self.rest[1..];
                self.start()?;
            } else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let text = decode(&self.rest[..end])?;
                self.text(&text)?;
                self.rest = &self.rest[end..];
            }
        }
        match self.open.last() {
            Some(index) => Err(format!("<{}> is never closed", self.html.elements[*index].name)),
            None => Ok(()),
        }
    }

    fn take(&mut self, prefix: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(prefix)?;
        Some(())
    }

    fn until(&mut self, end: &str) -> Result<&str, String> {
        let (before, after) = self.rest.split_once(end).ok_or_else(|| format!("no {end}"))?;
        self.rest = after;
        Ok(before)
    }

    fn word(&mut self) -> String {
        let end = self.rest.find(|c: char| c.is_whitespace() || "=/>\"'<".contains(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        if self.open.is_empty() && !text.trim().is_empty() {
            return Err("text outside <html>".into());
        }
        for index in &self.open {
            self.html.elements[*index].text.push_str(text);
        }
        Ok(())
    }

    fn start(&mut self) -> Result<(), String> {
        let name = self.word();
        if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err("a bare <".into());
        }
        let mut attributes: Vec<(String, String)> = Vec::new();
        let is_closed = loop {
            self.rest = self.rest.trim_start();
            if self.take("/>").is_some() {
                break true;
            }
            if self.take(">").is_some() {
                break false;
            }
            let attribute = self.attribute()?;
            if attributes.iter().any(|(known, _)| *known == attribute.0) {
                return Err(format!("<{name}> has {} twice", attribute.0));
            }
            attributes.push(attribute);
        };
        let index = self.html.elements.len();
        let element = Element { name, attributes, text: String::new(), parent: self.open.last().copied() };
        let name = element.name.clone();
        self.html.elements.push(element);
        if matches!(name.as_str(), "script" | "style") {
            return self.until(&format!("</{name}>")).map(drop);
        }
        if !is_closed && !VOID.contains(&name.as_str()) {
            self.open.push(index);
        }
        Ok(())
    }

    fn attribute(&mut self) -> Result<(String, String), String> {
        let name = self.word();
        if name.is_empty() {
            return Err("no attribute".into());
        }
        if self.take("=").is_none() {
            return Ok((name, String::new()));
        }
        self.take("\"").ok_or_else(|| format!("{name} without quotes"))?;
        let value = decode(self.until("\"")?)?;
        Ok((name, value))
    }

    fn end(&mut self) -> Result<(), String> {
        let name = self.word();
        self.take(">").ok_or("an end tag with something in it")?;
        let index = self.open.pop().ok_or_else(|| format!("</{name}> closes nothing"))?;
        let opened = &self.html.elements[index].name;
        if *opened == name { Ok(()) } else { Err(format!("</{name}> closes <{opened}>")) }
    }
}

/// Text without character references.
fn decode(encoded: &str) -> Result<String, String> {
    let mut text = String::with_capacity(encoded.len());
    let mut parts = encoded.split('&');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (reference, rest) = part.split_once(';').ok_or_else(|| format!("a bare & before {part:?}"))?;
        text.push(match reference {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{a0}',
            _ => numbered(reference).ok_or_else(|| format!("unknown reference &{reference};"))?,
        });
        text.push_str(rest);
    }
    Ok(text)
}

fn numbered(reference: &str) -> Option<char> {
    let number = reference.strip_prefix('#')?;
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_that_browsers_repair_are_found() {
        let broken = [
            "<html></html>",
            "<!DOCTYPE html><html>",
            "<!DOCTYPE html><html><p></div></html>",
            "<!DOCTYPE html><html lang=vi></html>",
            "<!DOCTYPE html><html lang=\"vi\" lang=\"en\"></html>",
            "<!DOCTYPE html><html>a < b</html>",
            "<!DOCTYPE html><html>a & b</html>",
            "<!DOCTYPE html><html></html>tail",
        ];
        for source in broken {
            assert!(Html::parse(source).is_err(), "{source}");
        }
    }

    #[test]
    fn a_form_is_sent_as_a_browser_sends_it() {
        let html = Html::parse(
            "<!DOCTYPE html><html><form action=\"/x\"><input name=\"a\" value=\"1 &amp; 2\"/>\
             <input type=\"radio\" name=\"r\" value=\"0\"/><input type=\"radio\" name=\"r\" value=\"1\" checked/>\
             <select name=\"s\"><option value=\"\">-</option><option value=\"k\" selected>K</option></select>\
             <button name=\"b\" value=\"1\">go</button></form><input name=\"outside\"/></html>",
        )
        .unwrap();
        let form = html.form("/x").unwrap();
        assert_eq!(form.pairs, [("a", "1 & 2"), ("r", "1"), ("s", "k")].map(|(n, v)| (n.to_owned(), v.to_owned())));
        assert!(form.offers("r", "0") && !form.offers("r", "2"));
        let form = form.set("r", &[]).set("s", &["x", "y"]);
        assert_eq!((form.values("r").len(), form.values("s")), (0, vec!["x", "y"]));
    }

    #[test]
    fn dangling_references_and_double_ids_are_found() {
        let html = Html::parse(
            "<!DOCTYPE html><html lang=\"vi\"><title>t</title><main id=\"m\"><h1 id=\"m\">h</h1>\
             <a href=\"#gone\">x</a><input name=\"n\"/></main></html>",
        )
        .unwrap();
        assert_eq!(html.problems().len(), 3, "{:?}", html.problems());
    }
}
