//! Every interface text that the program asks for exists in both languages with the same variables, and none is left
//! over. A plain scan of the sources: keys are string literals, so that this test can find them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Functions that hand a key on to `Tr::t`: their name, the argument that is the key (from 0), how many functions of
/// that name there are.
const HELPERS: [(&str, usize, usize); 2] = [("link", 1, 2), ("row", 0, 1)];

type Texts = BTreeMap<String, BTreeSet<String>>;

/// A place in the sources that asks for a text, with the variables it gives.
struct Use {
    place: String,
    key: String,
    variables: BTreeSet<String>,
}

#[test]
fn both_locale_files_have_the_same_keys_with_the_same_variables() {
    let (vietnamese, english) = (texts("vi"), texts("en"));
    let keys = |texts: &Texts| texts.keys().cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = keys(&vietnamese).symmetric_difference(&keys(&english)).cloned().collect();
    assert!(missing.is_empty(), "only in one language: {missing:?}");
    for (key, variables) in &vietnamese {
        assert_eq!(variables, &english[key], "variables of {key}");
    }
}

#[test]
fn every_text_that_is_asked_for_exists_with_the_variables_given() {
    let known = texts("vi");
    let wrong = uses().into_iter().filter(|asked| known.get(&asked.key) != Some(&asked.variables));
    let wrong: Vec<_> =
        wrong.map(|Use { place, key, variables }| format!("{place}: {key} with {variables:?}")).collect();
    assert!(wrong.is_empty(), "missing, or with other variables: {wrong:#?}");
}

#[test]
fn no_text_is_left_over() {
    let used: BTreeSet<String> = uses().into_iter().map(|asked| asked.key).collect();
    let unused: Vec<String> = texts("vi").into_keys().filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "nobody asks for {unused:?}");
}

#[test]
fn keys_are_literals_but_in_the_helpers() {
    let mut found = Vec::new();
    for (place, source) in sources() {
        for (at, _) in source.match_indices(".t(") {
            if !source[at + 3..].trim_start().starts_with('"') {
                found.push(format!("{place}: {}", line_at(&source, at)));
            }
        }
        for (at, _) in source.match_indices(".with(") {
            let is_tr = source[..at].trim_end().ends_with("tr") || source[..at].trim_end().ends_with("tr()");
            if is_tr && !source[at + 6..].trim_start().starts_with('"') {
                found.push(format!("{place}: {}", line_at(&source, at)));
            }
        }
    }
    let helpers: usize = HELPERS.iter().map(|(_, _, functions)| functions).sum();
    assert_eq!(found.len(), helpers, "a new helper goes into HELPERS: {found:#?}");
}

#[test]
fn every_action_of_the_log_and_every_kind_of_message_has_words() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a source");
    for (names, words) in [
        ("server/src/store/audit.rs", "app/src/pages/province/audit/words.rs"),
        ("server/src/store/outbox.rs", "app/src/pages/province/mail.rs"),
    ] {
        let (names, words) = (read(names), read(words));
        let names: Vec<&str> =
            names.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split('"').nth(1)).collect();
        assert!(names.len() >= 5, "{names:?}");
        let without = names.iter().filter(|name| !words.contains(&format!("\"{name}\" => tr.t(")));
        assert_eq!(without.collect::<Vec<_>>(), [&""; 0]);
    }
}

#[test]
fn the_scan_finds_what_it_should() {
    let asked = uses();
    let has = |key: &str, variables: &[&str]| {
        asked.iter().any(|one| one.key == key && one.variables.iter().map(String::as_str).eq(variables.iter().copied()))
    };
    // Called directly, through a helper, over several lines, with another text inside a variable, from the server.
    assert!(has("skip", &[]) && has("nav-method", &[]) && has("province-drafts", &[]));
    assert!(has("feed-change", &["after", "before", "question"]));
    assert!(has("title-error", &["title"]) && has("taken-email", &[]));
    assert!(asked.len() > 250, "{} uses", asked.len());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The keys of a locale file with their variables.
fn texts(lang: &str) -> Texts {
    let file = fs::read_to_string(root().join(format!("app/locales/{lang}.ftl"))).expect("the locale file");
    let mut texts = Texts::new();
    let mut current: Option<String> = None;
    for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if !line.starts_with(' ') {
            let (key, _) = line.split_once(" = ").unwrap_or_else(|| panic!("{lang}.ftl: no text in {line:?}"));
            assert!(
                key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
                "{lang}.ftl: {key:?}"
            );
            assert!(texts.insert(key.to_owned(), BTreeSet::new()).is_none(), "{lang}.ftl: {key} twice");
            current = Some(key.to_owned());
        }
        let key = current.as_ref().unwrap_or_else(|| panic!("{lang}.ftl: {line:?} belongs to no key"));
        texts.entry(key.clone()).or_default().extend(variables(line));
    }
    texts
}

/// The names in `{ $name }`.
fn variables(line: &str) -> impl Iterator<Item = String> {
    line.split('$').skip(1).map(|rest| {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        rest.chars().take_while(|c| name(*c)).collect()
    })
}

/// All sources of the app and the server without their unit tests, by path.
fn sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join("app/src"), root().join("server/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).expect("a source");
                let source = source.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                sources.push((path.display().to_string(), source));
            }
        }
    }
    sources
}

fn uses() -> Vec<Use> {
    let mut uses = Vec::new();
    for (place, source) in sources() {
        for (pattern, argument) in patterns() {
            for (at, _) in source.match_indices(&pattern) {
                let is_name = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == ':');
                if is_name && !pattern.starts_with('.') {
                    continue;
                }
                let arguments = arguments(&source[at + pattern.len()..]);
                let Some(key) = arguments.get(argument).and_then(|text| literal(text)) else { continue };
                let variables =
                    if pattern == ".with(" { given(&source[..at], arguments.get(1).copied()) } else { BTreeSet::new() };
                uses.push(Use { place: format!("{place}: {}", line_at(&source, at)), key, variables });
            }
        }
    }
    uses
}

fn patterns() -> Vec<(String, usize)> {
    let helpers = HELPERS.iter().map(|(name, argument, _)| (format!("{name}("), *argument));
    [(".t(".to_owned(), 0), (".with(".to_owned(), 0)].into_iter().chain(helpers).collect()
}

/// The arguments of a call whose opening bracket was just read.
fn arguments(rest: &str) -> Vec<&str> {
    let (mut arguments, mut depth, mut begin, mut quoted, mut escaped) = (Vec::new(), 0_usize, 0, false, false);
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                arguments.push(&rest[begin..at]);
                return arguments;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(&rest[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    arguments
}

/// The content of a string literal.
fn literal(argument: &str) -> Option<String> {
    argument.trim().strip_prefix('"')?.strip_suffix('"').map(ToOwned::to_owned)
}

/// The names in `[("name", value), …]`, or in the array of that name above the call.
fn given(above: &str, argument: Option<&str>) -> BTreeSet<String> {
    let argument = argument.unwrap_or_default().trim();
    let array = format!("let {argument} = [");
    let named = || above.rfind(&array).map(|at| &above[at + array.len()..]);
    let list = argument.strip_prefix('[').or_else(named).unwrap_or_default();
    let pairs = arguments(list).into_iter().filter_map(|pair| pair.trim().strip_prefix('('));
    pairs.filter_map(|pair| arguments(pair).first().and_then(|name| literal(name))).collect()
}

fn line_at(source: &str, at: usize) -> usize {
    source[..at].matches('\n').count() + 1
}
