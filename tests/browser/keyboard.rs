//! Working without a pointer.

use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::TestServer;

use crate::{Chromium, Person, until};

/// Where the focus is: what it is on, whether all of it can be seen, and whether it shows.
/// A rung's radio is invisible; its label is what is seen, and its number carries the ring.
const FOCUS: &str = "const on = document.activeElement;
    if (!on || on === document.body) return null;
    const seen = on.closest('.c-rung') ?? on;
    const ring = on.matches('.c-rung__input') ? on.nextElementSibling : on;
    const box = seen.getBoundingClientRect();
    const strip = document.querySelector('.c-strip')?.getBoundingClientRect();
    const covers = strip && !on.closest('.c-strip') && box.bottom > strip.top + 1 && box.top < strip.bottom - 1
        && box.left < strip.right && box.right > strip.left;
    const style = getComputedStyle(ring);
    return {
        what: `${on.tagName} ${on.getAttribute('class')} ${on.name ?? ''} ${on.value ?? ''}`.trim(),
        name: on.name ?? '', value: on.value ?? '', skip: on.matches('.c-skip'),
        on_screen: box.top >= -1 && box.bottom <= innerHeight + 1 && box.width > 0 && box.height > 0,
        covered: !!covers,
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none',
        place: `${Math.round(box.top)}–${Math.round(box.bottom)}, strip from ${Math.round(strip?.top ?? -1)}, of ${innerHeight}`,
    };";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_tab_reaches_the_skip_link_which_leads_to_the_content() {
    let server = TestServer::sqlite().await;
    let chromium = Chromium::phone().await;
    chromium.open(&server.url("/")).await;
    chromium.press(Key::Tab).await;
    let focus = shown_focus(&chromium).await;
    assert_eq!(focus["skip"], true, "{focus}");
    chromium.press(Key::Enter).await;
    until("the content's address", || async {
        (chromium.script("return location.hash", &[]).await == "#content").then_some(())
    })
    .await;
    chromium.press(Key::Tab).await;
    let inside = chromium.script("return !!document.activeElement.closest('main')", &[]).await;
    assert_eq!(inside, true, "the next stop is inside the content: {}", shown_focus(&chromium).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_stop_of_a_page_of_questions_is_seen_and_shows_the_focus() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    for place in ["profile/size", "P3/online", "P5/security"] {
        chromium.open(&server.url(&person.topic(place))).await;
        chromium.awake().await;
        let stops = walk(&chromium, Key::Tab).await;
        assert_eq!(stops[0]["skip"], true, "{place}: {}", stops[0]);
        let fields = stops.iter().filter(|stop| stop["name"].as_str().is_some_and(|name| name.starts_with(['F', 'Q'])));
        assert!(fields.count() >= 2, "{place}: the questions are reached: {stops:#?}");
        assert!(stops.iter().any(|stop| stop["what"].as_str().is_some_and(|what| what.starts_with("BUTTON c-button"))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_chosen_with_the_arrow_keys_and_every_one_is_seen() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    chromium.open(&server.url(&person.topic("P3/online"))).await;
    chromium.awake().await;
    for question in ["Q301", "Q302", "Q303"] {
        tab_to(&chromium, question).await;
        chromium.press(Key::Space).await;
        assert_eq!(chromium.values(question).await, ["0"]);
        for level in 1..=5 {
            chromium.press(Key::Down).await;
            let focus = shown_focus(&chromium).await;
            assert_eq!((&focus["name"], &focus["value"]), (&json!(question), &json!(level.to_string())));
            assert_eq!(chromium.values(question).await, [level.to_string()]);
        }
    }
    person.until_stored("P3/online", "Q303", &["5"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_in_a_field_saves_and_goes_on() {
    let server = TestServer::sqlite().await;
    let person = Person::new(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    chromium.open(&server.url(&person.topic("profile/size"))).await;
    chromium.awake().await;
    chromium.answer("F01", "12").await;
    chromium.press(Key::Enter).await;
    let next = person.topic("profile/customers");
    until("the next page", || async { (chromium.path().await == next).then_some(()) }).await;
    assert_eq!(person.stored("profile/size", "F01").await, ["12"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_error_summary_of_a_refused_page_has_the_focus() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    for chromium in [Chromium::phone().await, Chromium::without_scripts().await] {
        chromium.open(&server.url("/register")).await;
        assert_summary_has_focus(&chromium, "main form button").await;
        person.sign_in(&chromium, &server).await;
        chromium.open(&server.url(&person.topic("P1/plan"))).await;
        assert_summary_has_focus(&chromium, "#topic button:not([name])").await;
        // Its first link leads to the question.
        chromium.click(".c-errors a").await;
        let target = chromium.script("return document.querySelector(':target')?.id ?? ''", &[]).await;
        assert_eq!(target, "Q101");
    }
}

async fn assert_summary_has_focus(chromium: &Chromium, button: &str) {
    chromium.leave(button).await;
    assert!(chromium.tab.title().await.expect("a title").starts_with("Lỗi: "));
    until("the focus on the summary", || async {
        (chromium.script("return document.activeElement.matches('.c-errors')", &[]).await == true).then_some(())
    })
    .await;
}

/// Presses a key until the focus comes out of the page again, and answers every stop.
async fn walk(chromium: &Chromium, key: Key) -> Vec<Value> {
    let mut stops = Vec::new();
    while stops.len() < 120 {
        chromium.press(key).await;
        if chromium.script(FOCUS, &[]).await.is_null() {
            return stops;
        }
        let stop = shown_focus(chromium).await;
        if stops.len() > 1 && stop["skip"] == true {
            return stops;
        }
        stops.push(stop);
    }
    panic!("the focus never comes out of the page: {stops:#?}");
}

/// Moves on to a question.
async fn tab_to(chromium: &Chromium, question: &str) {
    for _ in 0..60 {
        chromium.press(Key::Tab).await;
        if shown_focus(chromium).await["name"] == question {
            return;
        }
    }
    panic!("{question} is not reached");
}

/// Where the focus is, once it can be seen: scrolling to it may take a moment.
async fn shown_focus(chromium: &Chromium) -> Value {
    let focus = chromium.script(FOCUS, &[]).await;
    let what = format!("the focus in view, not covered and showing: {focus}");
    until(&what, || async {
        let focus = chromium.script(FOCUS, &[]).await;
        (focus["on_screen"] == true && focus["covered"] == false && focus["ring"] == true).then_some(focus)
    })
    .await
}
