//! Which routes the tour must have walked.

use std::collections::BTreeSet;

use reqwest::Method;
use server::http::routes;

/// Routes that show no page of their own, and why.
const EXCUSED: [(&str, &str); 20] = [
    ("/pkg/{*name}", "files of the build"),
    ("/try/{section}/{topic}", "leads back to /try: pages of questions come from their forms"),
    ("/home", "leads on to the first page of the role"),
    ("/review", "leads on to the review of the last assessment"),
    ("/assessments/{id}/sections/{section}", "leads on to the first open page of the section"),
    ("/assessments/{id}/export/{format}", "a file"),
    ("/account/data/{format}", "a file"),
    ("/evidence/{file}", "a file"),
    ("/data/openapi.json", "a file"),
    ("/data/releases", "a file"),
    ("/data/latest/{file}", "a file"),
    ("/data/releases/{number}/{file}", "a file"),
    ("/data/releases/{number}/indicators/{file}", "a file"),
    ("/association/file", "a file"),
    ("/association/comparison/file", "a file"),
    ("/association/imports/{import}/rejected", "a file"),
    ("/province/releases/jobs/{id}/archive", "a file"),
    ("/province/register/imports/{import}/rejected", "a file"),
    ("/province/response/call/file", "a file"),
    ("/province/audit/export", "a file"),
];

/// Whether a route belongs to the half of the tour that needs a province with answers.
pub fn is_of_offices(path: &str) -> bool {
    ["/province", "/association", "/join", "/stop", "/reviews", "/indicators", "/invitation", "/data"]
        .iter()
        .any(|begins| path.starts_with(begins))
}

/// Every route that answers GET, is in this half and is not excused was among the pages.
pub fn assert_all_seen(pages: &BTreeSet<String>, half: impl Fn(&str) -> bool) {
    let table = routes::all().table;
    let routes: Vec<&str> = table.iter().filter(|route| route.method == Method::GET).map(|route| route.path).collect();
    for (path, _) in EXCUSED {
        assert!(routes.contains(&path), "{path} is excused and does not exist");
    }
    let seen: BTreeSet<&str> = pages.iter().filter_map(|page| route_of(page, &routes)).collect();
    let is_missing =
        |path: &&&str| half(path) && !seen.contains(**path) && !EXCUSED.iter().any(|(known, _)| known == *path);
    let missing: Vec<&&str> = routes.iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "pages that the tour neither visits nor excuses: {missing:#?}");
}

/// The route that answers a path: of several that fit, the one with the fewest placeholders.
fn route_of<'r>(path: &str, routes: &[&'r str]) -> Option<&'r str> {
    let fits = routes.iter().filter(|route| fits(path, route));
    fits.min_by_key(|route| route.matches('{').count()).copied()
}

fn fits(path: &str, route: &str) -> bool {
    let (path, route): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), route.split('/').collect());
    path.len() == route.len() && path.iter().zip(route).all(|(part, place)| place.starts_with('{') || *part == place)
}

#[test]
fn a_path_belongs_to_the_route_that_says_most_about_it() {
    let routes = ["/a/{id}", "/a/new", "/a/{id}/{step}"];
    assert_eq!(route_of("/a/new", &routes), Some("/a/new"));
    assert_eq!(route_of("/a/7", &routes), Some("/a/{id}"));
    assert_eq!(route_of("/a/7/open", &routes), Some("/a/{id}/{step}"));
    assert_eq!(route_of("/b", &routes), None);
}
