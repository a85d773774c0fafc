//! From the start page to the result.

use serde_json::json;
use tests::{TestServer, answers};

use crate::Chromium;

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_registers_answers_everything_submits_and_reads_its_result() {
    journey(&Chromium::phone().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_journey_works_with_scripts_off() {
    let chromium = Chromium::without_scripts().await;
    let probe = "data:text/html,<p id=p>off</p><script>p.textContent='on'</script>";
    chromium.open(probe).await;
    assert_eq!(chromium.text("#p").await, "off", "scripts must be off for this test to say anything");
    journey(&chromium).await;
}

async fn journey(chromium: &Chromium) {
    let server = TestServer::sqlite().await;
    chromium.open(&server.url("/")).await;
    chromium.leave("main a[href='/register']").await;
    for (name, value) in answers::registration(1) {
        chromium.answer(name, &value).await;
    }
    chromium.leave("main form button").await;
    let assessment = chromium.path().await;
    assert!(assessment.starts_with("/assessments/"), "{assessment}");
    answer_everything(chromium, &assessment).await;
    assert_eq!(chromium.path().await, format!("{assessment}/check"));
    chromium.click("label:has(> #declare)").await;
    chromium.leave("main form:has(#declare) button").await;
    assert_eq!(chromium.path().await, format!("{assessment}/receipt"));
    let receipt = chromium.text(".c-receipt__no").await;
    assert_eq!(server.database.texts("SELECT receipt FROM submission").await, [receipt]);
    chromium.leave(".c-receipt a.c-button").await;
    assert_eq!(chromium.path().await, format!("{assessment}/result"));
    assert_eq!(chromium.text(".c-verdict__digit").await, "2");
    assert_eq!(chromium.text(".c-verdict__score").await, "41,5 trên 100");
}

/// Follows the button of the task list and the pages of questions until the list offers to look everything over.
pub async fn answer_everything(chromium: &Chromium, assessment: &str) {
    // 16 pages, and the list before and after each section.
    for _ in 0..40 {
        if chromium.path().await == assessment {
            chromium.leave("main .c-buttons a.c-button").await;
        } else if chromium.path().await.ends_with("/check") {
            return;
        } else {
            answer_page(chromium).await;
            chromium.leave("#topic button:not([name])").await;
        }
    }
    panic!("the journey does not end; it is at {}", chromium.path().await);
}

async fn answer_page(chromium: &Chromium) {
    let names = "return [...new Set([...document.querySelectorAll('#topic [name]')].map(field => field.name))]
        .filter(name => !name.startsWith('_'))";
    let names: Vec<String> = serde_json::from_value(chromium.script(names, &[json!(null)]).await).expect("names");
    let answers = answers::case_a();
    for name in names {
        let answer = answers.get(&name).unwrap_or_else(|| panic!("{name} is asked and has no answer"));
        for value in answers::values(answer) {
            chromium.answer(&name, &value).await;
        }
    }
}
