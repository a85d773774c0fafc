//! What enterprises of the demonstration answer: every one differently, larger ones further, all of it plausible.

use fastrand::Rng;
use model::{
    answer::{Answer, Answers},
    profile::asked,
    questionnaire::{FactAnswer, ItemAnswer, Question, Questionnaire},
};

/// Answers to every question that an enterprise of this division with so many employees is asked.
pub fn answers(rng: &mut Rng, questionnaire: &Questionnaire, industry: &str, employees: i64) -> Answers {
    let mut answers = Answers::new();
    // How far the enterprise is, in levels: larger ones are further, and everybody differs.
    let size = f64::from(u32::try_from(employees).unwrap_or(u32::MAX)).ln();
    let maturity = 0.6 + 0.33 * size + 2.2 * (rng.f64() + rng.f64() - 1.0);
    for section in &questionnaire.sections {
        let pillar = 0.8 * (rng.f64() - 0.5);
        for topic in &section.topics {
            let known = answers.clone();
            let asked = asked(questionnaire, &known);
            for question in asked.questions(topic) {
                let answer = match question.id() {
                    "F01" => Answer::Whole(employees),
                    "F02" => Answer::One(industry.to_owned()),
                    "F09" => Answer::Whole(rng.i64(0..=employees)),
                    _ => plausible(rng, question, maturity + pillar, |option| asked.option(question.id(), option)),
                };
                answers.insert(question.id(), answer);
            }
        }
    }
    answers
}

fn plausible(rng: &mut Rng, question: Question<'_>, maturity: f64, shown: impl Fn(&str) -> bool) -> Answer {
    let chance = (maturity / 5.0).clamp(0.05, 0.95);
    match question {
        Question::Item(item) => match &item.answer {
            ItemAnswer::Ladder { .. } => Answer::Whole(level(maturity + 2.0 * (rng.f64() - 0.5))),
            ItemAnswer::Checklist { options, .. } => {
                let ids = options.iter().map(|option| option.id.clone()).filter(|id| shown(id));
                Answer::Many(ids.filter(|_| rng.f64() < chance).collect())
            }
        },
        Question::Fact(fact) => match &fact.answer {
            FactAnswer::Whole { min, max } => Answer::Whole(rng.i64(*min..=(*max).min(*min + 20))),
            FactAnswer::Percent => {
                Answer::Decimal(f64::from(rng.u32(..40)) * if rng.f64() < chance { 1.0 } else { 0.0 })
            }
            FactAnswer::YesNo => Answer::YesNo(rng.f64() < 0.3 + 0.6 * chance),
            FactAnswer::One { options } => Answer::One(options[rng.usize(..options.len())].id.clone()),
            FactAnswer::Many { options, none } => {
                // Lists with "none of these" ask for things that many enterprises have nothing of.
                let each = if none.is_some() { 0.3 * chance } else { 0.2 + 0.5 * chance };
                let mut ticked: Vec<String> =
                    options.iter().filter(|_| rng.f64() < each).map(|option| option.id.clone()).collect();
                if ticked.is_empty() && none.is_none() {
                    ticked.push(options[rng.usize(..options.len())].id.clone());
                }
                Answer::Many(ticked.into_iter().collect())
            }
            FactAnswer::Industry => Answer::One("47".into()),
        },
    }
}

/// The nearest level.
fn level(value: f64) -> i64 {
    (0..=5).rev().find(|level| value >= f64::from(*level) - 0.5).map_or(0, i64::from)
}

/// Worked case A of the instrument: a retail shop with twelve people.
pub const SHOP: &str = r#"{
    "F01": 12, "F02": "47", "F03": ["b2c"], "F04": ["c", "e", "f"], "F05": false, "F06": true, "F07": true, "F08": "3to10b",
    "Q101": 1, "Q102": 2, "Q103": 1, "Q104": ["b", "e", "h"], "Q105": 2, "Q201": 2, "Q202": 3, "Q206": 3, "Q208": 3,
    "Q301": 3, "Q302": 2, "Q303": 3, "Q305": 3, "Q306": 2, "Q307": 3, "Q308": 2, "Q309": 1, "Q401": 1, "Q402": 3, "Q403": 2,
    "Q404": 2, "Q405": 1, "Q406": 2, "Q407": 1, "Q408": 2, "Q501": 3, "Q502": 2, "Q503": 1, "Q504": 2,
    "Q505": ["a", "c", "d"], "Q506": 1, "Q507": 1, "Q508": 1, "Q509": 2, "Q510": 3, "Q511": 3
}"#;

#[cfg(test)]
mod tests {
    use model::{assessment::may_submit, score::score};

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_answers() {
        let questionnaire = Questionnaire::builtin("bn5").unwrap();
        let once = answers(&mut Rng::with_seed(1), questionnaire, "47", 12);
        assert_eq!(once, answers(&mut Rng::with_seed(1), questionnaire, "47", 12));
        assert!(may_submit(questionnaire, &once).is_ok());
    }

    #[test]
    fn the_shop_is_worked_case_a() {
        let questionnaire = Questionnaire::builtin("bn5").unwrap();
        let answers: Answers = serde_json::from_str(SHOP).unwrap();
        let score = score(questionnaire, &answers);
        assert_eq!((score.items_on, score.level), (36, Some(2)));
        assert_eq!(may_submit(questionnaire, &answers), Ok(()));
    }
}
