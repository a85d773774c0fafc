//! What a save does to the answers that are stored.

use model::answer::Answer;

use super::{Other, Row, Save, Saved, StoredAnswer, StoredAnswers};
use crate::store::assessment::is_open;

/// What a save does to an assessment.
pub(super) enum Effect {
    /// Nothing; this is the answer.
    Nothing(Saved),
    Write(StoredAnswers),
}

enum Merge {
    Nothing,
    Conflict(Vec<(String, Option<Answer>)>),
    Write(StoredAnswers),
}

/// What a save does to an assessment, if there is one, in the name of who has this seat.
pub(super) fn effect(row: Option<&Row>, seat: i64, save: &Save) -> Effect {
    let Some(row) = row else { return Effect::Nothing(Saved::Missing) };
    if !is_open(&row.state) {
        return Effect::Nothing(Saved::Closed);
    }
    match merge(&row.answers, save, (row.revision + 1, seat)) {
        Merge::Nothing => Effect::Nothing(Saved::Done { revision: row.revision }),
        Merge::Conflict(theirs) => Effect::Nothing(Saved::Conflict { revision: row.revision, theirs }),
        Merge::Write(answers) => Effect::Write(answers),
    }
}

fn merge(stored: &StoredAnswers, save: &Save, (revision, seat): (i64, i64)) -> Merge {
    let mut theirs = Vec::new();
    let mut changed = Vec::new();
    for (question, answer) in &save.answers {
        match stored.get(question) {
            Some(known) if known.v == *answer => {}
            None if answer.is_none() => {}
            Some(known) if is_unseen(known, save, question) => theirs.push((question.clone(), known.v.clone())),
            known => {
                let other =
                    known.and_then(|known| other(known, seat)).filter(|other| Some(&other.v) != answer.as_ref());
                changed.push((question.clone(), StoredAnswer { v: answer.clone(), r: revision, by: seat, other }));
            }
        }
    }
    if !theirs.is_empty() {
        return Merge::Conflict(theirs);
    }
    if changed.is_empty() {
        return Merge::Nothing;
    }
    let mut answers = stored.clone();
    answers.extend(changed);
    Merge::Write(answers)
}

/// What somebody else than this person answered to a question that is now answered anew.
fn other(known: &StoredAnswer, seat: i64) -> Option<Other> {
    match &known.v {
        Some(answer) if known.by != seat => Some(Other { v: answer.clone(), by: known.by }),
        _ => known.other.clone(),
    }
}

/// Whether an answer is not the one that the reader had before the eyes.
fn is_unseen(known: &StoredAnswer, save: &Save, question: &str) -> bool {
    match save.was.get(question) {
        Some(seen) => known.v != *seen,
        None => known.r > save.base,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::*;

    fn save(base: i64, answers: &[(&str, Option<i64>)]) -> Save {
        Save {
            assessment: Uuid::nil(),
            enterprise: Uuid::nil(),
            account: Uuid::nil(),
            key: None,
            base,
            was: BTreeMap::new(),
            answers: answers.iter().map(|(id, level)| ((*id).into(), level.map(Answer::Whole))).collect(),
            removed: Vec::new(),
            event: Uuid::nil(),
            at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn given(level: Option<i64>, r: i64, by: i64) -> StoredAnswer {
        StoredAnswer { v: level.map(Answer::Whole), r, by, other: None }
    }

    fn stored(answers: &[(&str, i64, i64)]) -> StoredAnswers {
        let answer = |(id, v, r): &(&str, i64, i64)| ((*id).into(), given(Some(*v), *r, 0));
        answers.iter().map(answer).collect()
    }

    #[test]
    fn the_same_answers_again_change_nothing() {
        let known = stored(&[("Q101", 3, 7)]);
        assert!(matches!(merge(&known, &save(2, &[("Q101", Some(3)), ("Q102", None)]), (8, 0)), Merge::Nothing));
    }

    #[test]
    fn different_questions_of_two_colleagues_are_merged() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Write(answers) = merge(&known, &save(2, &[("Q102", Some(1))]), (8, 0)) else {
            panic!("not written")
        };
        assert_eq!(answers, stored(&[("Q101", 3, 7), ("Q102", 1, 8)]));
    }

    #[test]
    fn a_newer_answer_is_never_overwritten() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Conflict(theirs) = merge(&known, &save(6, &[("Q101", Some(1))]), (8, 0)) else {
            panic!("no conflict")
        };
        assert_eq!(theirs, [("Q101".into(), Some(Answer::Whole(3)))]);
        assert!(matches!(merge(&known, &save(7, &[("Q101", Some(1))]), (8, 0)), Merge::Write(_)));
    }

    #[test]
    fn what_the_reader_saw_counts_and_not_how_new_it_is() {
        let known = stored(&[("Q101", 3, 7)]);
        let seen = |level| Save { was: [("Q101".into(), level)].into(), ..save(9, &[("Q101", Some(1))]) };
        assert!(matches!(merge(&known, &seen(Some(Answer::Whole(3))), (10, 0)), Merge::Write(_)));
        for other in [None, Some(Answer::Whole(2))] {
            assert!(matches!(merge(&known, &seen(other), (10, 0)), Merge::Conflict(_)), "it was saved by another page");
        }
    }

    #[test]
    fn an_emptied_answer_is_remembered_as_emptied() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Write(answers) = merge(&known, &save(7, &[("Q101", None)]), (8, 0)) else { panic!("not written") };
        assert_eq!(answers["Q101"], given(None, 8, 0));
    }

    #[test]
    fn what_another_person_answered_is_kept_until_the_two_agree() {
        let known = stored(&[("Q101", 1, 7)]);
        let by = |known: &StoredAnswers, level: i64, r: i64, seat: i64| {
            let Merge::Write(answers) = merge(known, &save(r, &[("Q101", Some(level))]), (r + 1, seat)) else {
                panic!("not written")
            };
            answers
        };
        let other = |answers: &StoredAnswers| answers["Q101"].other.clone();
        let replaced = by(&known, 4, 7, 2);
        assert_eq!((replaced["Q101"].by, other(&replaced)), (2, Some(Other { v: Answer::Whole(1), by: 0 })));
        let again = by(&replaced, 5, 8, 2);
        assert_eq!(other(&again), Some(Other { v: Answer::Whole(1), by: 0 }), "the owner's word still stands");
        assert_eq!(other(&by(&again, 1, 9, 2)), None, "they agree");
        assert_eq!(other(&by(&again, 3, 9, 0)), Some(Other { v: Answer::Whole(5), by: 2 }), "now it is the other way");
        assert_eq!(other(&by(&known, 4, 7, 0)), None, "nobody differs from oneself");
        let text = serde_json::to_string(&by(&known, 4, 7, 0)).unwrap();
        assert_eq!(text, r#"{"Q101":{"v":4,"r":8}}"#, "one person alone costs nothing more");
    }
}
