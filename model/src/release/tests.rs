use super::*;
use crate::classification;
use crate::text::Text;

fn text(word: &str) -> Text {
    Text { vi: word.to_owned(), en: word.to_owned() }
}

pub(super) fn item(id: &str, measure: Measure, sensitive: bool) -> Item {
    let (theme, family) = ("test".to_owned(), id.to_owned());
    let id_text = text(id);
    let (about, source) = (id_text.clone(), id_text.clone());
    let (name, targets) = (id_text, Vec::new());
    Item { id: id.to_owned(), theme, name, about, source, measure, targets, family, class: false, sensitive }
}

/// Chance that is the same every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A province of `enterprises`, about one in `every` answering.
pub(super) fn province(enterprises: usize, every: f64, seed: u64) -> Microdata {
    let mut chance = Chance(seed);
    let units = classification::units();
    let sections = ["A", "C", "C", "C", "F", "G", "G", "H", "I", "K", "N", "T"];
    let sizes = ["micro", "micro", "small", "small", "medium", "large"];
    let mut counts: std::collections::BTreeMap<(String, &str, &str), u32> = std::collections::BTreeMap::new();
    let mut rows = Vec::new();
    let pick = |length: usize, chance: &mut Chance| {
        chance.next();
        usize::try_from(chance.0 >> 33).unwrap_or_default() % length
    };
    for number in 0..enterprises {
        let unit = units[pick(units.len(), &mut chance)].code.clone();
        let (section, size) = (sections[pick(12, &mut chance)], sizes[pick(6, &mut chance)]);
        *counts.entry((unit.clone(), section, size)).or_default() += 1;
        if chance.next() * every < 1.0 {
            let score = 100.0 * (0.3 * chance.next() + 0.3 * chance.next() + if size == "large" { 0.3 } else { 0.1 });
            let share = f64::from(chance.next() < score / 100.0);
            let gap = f64::from(chance.next() < 0.4);
            let online = if size == "micro" { f64::NAN } else { f64::from(chance.next() < 0.5) };
            rows.push((format!("e{number:06}"), unit, section, size, [score, share, gap, online]));
        }
    }
    let district = |unit: &str| classification::unit(unit).map_or("", |unit| &unit.former_district_code);
    let cell = |((unit, section, size), enterprises): ((String, &str, &str), u32)| FrameCell {
        district: district(&unit).to_owned(),
        unit,
        section: section.to_owned(),
        size: size.to_owned(),
        enterprises,
    };
    let frame =
        Frame { kind: FrameKind::Register, date: "2026-10-01".into(), cells: counts.into_iter().map(cell).collect() };
    let items = vec![
        item("overall", Measure::Score, false),
        item("website", Measure::Share, false),
        item("gap", Measure::Share, true),
        item("online", Measure::Share, false),
    ];
    let mut microdata = Microdata::new(frame, items).unwrap();
    for (id, unit, section, size, values) in rows {
        microdata.push(id, [district(&unit), &unit, section, size], &values).unwrap();
    }
    microdata
}

/// The same with a ratio: part and whole of a respondent from its row and score.
pub(super) fn with_ratio(from: &Microdata, values: impl Fn(usize, f64) -> [f64; 2]) -> Microdata {
    let mut items = from.items.clone();
    items.push(item("users", Measure::Ratio, false));
    let mut microdata = Microdata::new(from.frame.clone(), items).unwrap();
    for (row, id) in from.respondents.id.iter().enumerate() {
        let mut all: Vec<f64> = from.respondents.columns.iter().map(|column| column[row]).collect();
        all.extend(values(row, all[0]));
        microdata.push_at(id.clone(), from.respondents.cell[row], &all).unwrap();
    }
    microdata
}

fn campaign() -> Campaign {
    Campaign { id: "c1".into(), title: text("2026"), opens: "2026-06-01".into(), closes: "2026-12-01".into() }
}

/// Without the effort for smaller patterns, which takes long in a build without optimisation.
pub(super) fn parameters() -> Parameters {
    let tables =
        vec![TableKind::District, TableKind::Unit, TableKind::Section, TableKind::Size, TableKind::DistrictSize];
    Parameters { effort: 0, tables, ..Parameters::default() }
}

fn computed(microdata: &Microdata, earlier: &[Earlier], corrects: Option<u32>) -> Result<Draft, ReleaseError> {
    let request = Request {
        campaign: &campaign(),
        questionnaire: &QuestionnaireVersion { id: "bn5".into(), version: "1".into() },
        parameters: &parameters(),
        microdata,
        waves: &[],
        before: None,
        earlier,
        corrects,
        threads: 2,
    };
    compute(&request, &|_| ())
}

fn with_industries(microdata: &Microdata, earlier: &[Earlier], corrects: Option<u32>) -> Release {
    let parameters = Parameters { effort: 0, ..Parameters::default() };
    let request = Request {
        campaign: &campaign(),
        questionnaire: &QuestionnaireVersion { id: "bn5".into(), version: "1".into() },
        parameters: &parameters,
        microdata,
        waves: &[],
        before: None,
        earlier,
        corrects,
        threads: 2,
    };
    compute(&request, &|_| ()).unwrap().release
}

fn released(microdata: &Microdata, number: u32) -> Release {
    sealed(computed(microdata, &[], None).unwrap().release, number, "2026-11-15", text("note"))
}

#[test]
fn every_section_is_in_one_group() {
    for section in classification::sections() {
        let groups = GROUPS.iter().filter(|group| group.sections.contains(&section.code)).count();
        assert_eq!(groups, 1, "{}", section.code);
    }
    assert!(industry_group("CC").is_none() && industry_group("").is_none());
}

#[test]
fn a_ratio_is_that_of_the_totals_and_can_be_verified_from_its_archive() {
    let people = |row: usize, score: f64| {
        let whole = 5.0 + score.floor();
        if row.is_multiple_of(9) { [f64::NAN; 2] } else { [(whole * 0.3).floor() + (row % 2) as f64, whole] }
    };
    // Everybody is there, so that all weights are 1.
    let microdata = with_ratio(&province(900, 1.0, 41), people);
    let release = released(&microdata, 1);
    let ratio = release.indicator("users").unwrap();
    let (part, whole) = (&microdata.respondents.columns[4], microdata.whole(4).unwrap());
    let sum = |values: &[f64]| values.iter().filter(|value| !value.is_nan()).sum::<f64>();
    let expected = 100.0 * sum(part) / sum(whole);
    let Figure::Published { value, low, high, .. } = ratio.province() else { panic!("it is published") };
    assert!((value - expected).abs() <= 0.4 && low < value && value < high, "{value} for {expected}");
    assert!(release.indicators.iter().all(|one| one.figures.len() == release.domains.len()));

    let lines = [canonical(&release), archive::head(&microdata), archive::rows(&microdata, 0..part.len())].join("\n");
    let (read, again) = archive::read(lines.lines().map(str::to_owned)).unwrap();
    assert_eq!(verify(&read, &again, &[], None, 1).unwrap(), []);
    let wrong = |values: [f64; 2]| {
        let mut microdata = Microdata::new(microdata.frame.clone(), microdata.items.clone()).unwrap();
        microdata.push_at("x".into(), 0, &[50.0, 1.0, 0.0, 1.0, values[0], values[1]]).is_err()
    };
    let bad = [[5.0, 4.0], [1.0, f64::NAN], [f64::NAN, 4.0], [0.0, 0.0], [-1.0, 4.0], [1.0, f64::INFINITY]];
    assert!(bad.into_iter().all(wrong) && !wrong([3.0, 4.0]));
}

#[test]
fn the_whole_of_a_ratio_follows_the_indicators() {
    let questionnaire = crate::questionnaire::Questionnaire::builtin("bn5").unwrap();
    let measures = Measures::new(questionnaire, crate::indicator::Indicators::builtin("bn5").unwrap());
    let of = |users: i64| {
        let mut answers = crate::answer::Answers::new();
        answers.insert("F01", crate::answer::Answer::Whole(12));
        answers.insert("F09", crate::answer::Answer::Whole(users));
        let values = measures.values(&answers);
        let at = measures.items().iter().position(|item| item.id == "internet-users").unwrap();
        assert_eq!((measures.items()[at].measure, values.len()), (Measure::Ratio, measures.items().len() + 1));
        [values[at], values[values.len() - 1]]
    };
    assert_eq!(of(9), [9.0, 12.0]);
    assert!(of(13).iter().all(|value| value.is_nan()), "more people than there are");
}

#[test]
fn a_release_can_be_verified_and_a_changed_number_is_found() {
    let microdata = province(3_000, 2.5, 1);
    let release = released(&microdata, 1);
    assert_eq!(verify(&release, &microdata, &[], None, 1).unwrap(), []);
    let published = release.indicators[0].figures.iter().filter(|figure| figure.value().is_some()).count();
    assert!(published > 40, "{published} of {} figures are published", release.domains.len());
    let mut forged = release.clone();
    if let Figure::Published { value, .. } = &mut forged.indicators[0].figures[0] {
        *value += 0.1;
    }
    let found: Vec<String> = verify(&forged, &microdata, &[], None, 1).unwrap().into_iter().map(|m| m.place).collect();
    assert_eq!(found, ["indicators/0/figures/0/value", "hash"]);
    let back: Release = serde_json::from_str(&canonical(&release)).unwrap();
    assert_eq!((hash_of(&back), back.hash.clone()), (release.hash.clone(), release.hash));
}

#[test]
fn an_archive_reads_back_to_the_same_bits() {
    let microdata = province(300, 2.0, 9);
    let half = microdata.respondents.len() / 2;
    let text = archive::rows(&microdata, 0..half) + &archive::rows(&microdata, half..microdata.respondents.len());
    let back = archive::microdata(&archive::head(&microdata), text.lines().map(str::to_owned)).unwrap();
    assert_eq!((&back.frame, &back.items), (&microdata.frame, &microdata.items));
    let bits = |data: &Microdata| -> Vec<u64> {
        data.respondents.columns.iter().flatten().map(|value| value.to_bits()).collect()
    };
    assert_eq!((bits(&back), &back.respondents.cell), (bits(&microdata), &microdata.respondents.cell));
    let wrong = archive::microdata(&archive::head(&microdata), ["x,0,1,2,no,4".to_owned()].into_iter());
    assert_eq!(wrong.unwrap_err().to_string(), "line 3 of the archive: \"no\" is no number");
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let microdata = province(2_000, 2.0, 2);
    let mut turned = microdata.clone();
    turned.respondents.id.reverse();
    turned.respondents.cell.reverse();
    turned.respondents.columns.iter_mut().for_each(|column| column.reverse());
    let (a, b) = (computed(&microdata, &[], None).unwrap(), computed(&turned, &[], None).unwrap());
    assert_eq!(canonical(&a.release), canonical(&b.release));
}

#[test]
fn no_figure_rests_on_few_and_companions_share_its_fate() {
    let microdata = province(3_000, 2.5, 3);
    let draft = computed(&microdata, &[], None).unwrap();
    for indicator in &draft.release.indicators {
        for (figure, row) in indicator.figures.iter().zip(&draft.review.response) {
            assert!(figure.value().is_none() || row.respondents >= 10, "{} {:?}", indicator.id, row);
        }
    }
    let text = canonical(&draft.release);
    assert!(!text.contains("respondents"), "exact numbers stay in the review");
    let withheld = draft.review.reasons[0].iter().filter(|reason| **reason == Reason::Primary).count();
    assert!(withheld > 0);
}

#[test]
fn a_frame_that_knows_no_sizes_has_no_tables_by_size() {
    let mut microdata = province(2_000, 1.2, 4);
    let mut merged: std::collections::BTreeMap<(String, String), u32> = std::collections::BTreeMap::new();
    for cell in &microdata.frame.cells {
        *merged.entry((cell.unit.clone(), cell.section.clone())).or_default() += cell.enterprises;
    }
    let district = |unit: &str| classification::unit(unit).unwrap().former_district_code.clone();
    let cells = merged.into_iter().map(|((unit, section), enterprises)| FrameCell {
        district: district(&unit),
        unit,
        section,
        size: "unknown".into(),
        enterprises,
    });
    let frame = Frame { kind: FrameKind::Registered, date: "2026-10-01".into(), cells: cells.collect() };
    let mut registered = Microdata::new(frame, microdata.items.clone()).unwrap();
    for row in 0..microdata.respondents.len() {
        let cell = microdata.frame.cells[microdata.respondents.cell[row] as usize].clone();
        let values: Vec<f64> = microdata.respondents.columns.iter().map(|column| column[row]).collect();
        let id = std::mem::take(&mut microdata.respondents.id[row]);
        registered.push(id, [&cell.district, &cell.unit, &cell.section, "unknown"], &values).unwrap();
    }
    let draft = computed(&registered, &[], None).unwrap();
    assert!(draft.release.domains_of(TableKind::Size).next().is_none());
    assert_eq!(draft.release.weighting.margins, ["district", "section"]);
}

#[test]
fn doubt_is_an_error() {
    let microdata = province(400, 2.0, 5);
    let mut empty = microdata.clone();
    empty.respondents = Respondents { columns: vec![Vec::new(); 4], ..Respondents::default() };
    assert_eq!(computed(&empty, &[], None), Err(ReleaseError::NoRespondents));
    let mut strange = microdata.clone();
    strange.frame.cells[0].unit = "99999".into();
    let unknown = ReleaseError::UnknownCode { kind: "unit", code: "99999".into() };
    assert_eq!(computed(&strange, &[], None), Err(unknown));
    let mut twice = microdata.clone();
    twice.respondents.id[1] = twice.respondents.id[0].clone();
    assert_eq!(computed(&twice, &[], None), Err(ReleaseError::RepeatedRespondent));
    let mut copy = microdata.clone();
    let unmatched = copy.push("x".into(), ["213", "07210", "V", "micro"], &[1.0, 0.0, 0.0, 0.0]);
    assert!(matches!(unmatched, Err(ReleaseError::UnmatchedCell { .. })));
    let outside = copy.push_at("x".into(), 0, &[101.0, 0.0, 0.0, 0.0]);
    assert!(matches!(outside, Err(ReleaseError::BadValue { .. })));
    assert_eq!(computed(&microdata, &[], Some(3)), Err(ReleaseError::NotCorrectable(3)));
}

#[test]
fn a_correction_about_one_enterprise_changes_no_figure_and_one_about_many_says_what_changed() {
    let microdata = province(2_500, 2.0, 6);
    let release = released(&microdata, 1);
    let earlier = [Earlier { release: release.clone(), microdata: microdata.clone() }];
    assert_eq!(computed(&microdata, &earlier, None).unwrap_err(), ReleaseError::NotCorrectable(1));
    let mut one = microdata.clone();
    one.respondents.columns[0][0] = 0.0;
    let draft = computed(&one, &earlier, Some(1)).unwrap().release;
    let correction = draft.correction.clone().unwrap();
    let moved: Vec<usize> = correction.changes.iter().map(|change| change.domain).collect();
    assert!(correction.kept.contains(&0) && !moved.contains(&0), "the province stays as it was");
    assert_eq!(draft.indicators[0].figures[0], release.indicators[0].figures[0]);
    let mut many = microdata.clone();
    many.respondents.columns[0].iter_mut().for_each(|value| *value /= 2.0);
    let draft = computed(&many, &earlier, Some(1)).unwrap().release;
    let correction = draft.correction.clone().unwrap();
    assert!(correction.changes.iter().any(|change| change.domain == 0 && change.indicator == "overall"));
    assert_eq!((correction.of, correction.compared.as_slice()), (1, [1].as_slice()));
    for (now, before) in draft.indicators[0].figures.iter().zip(&release.indicators[0].figures) {
        assert!(*before != Figure::Confidential || now.value().is_none(), "withheld once, withheld always");
    }
    let sealed = sealed(draft, 2, "2026-11-20", text("corrected"));
    assert_eq!(verify(&sealed, &many, &earlier, None, 2).unwrap(), []);
}

/// The same enterprises a year later: every score moved by what `gain` says, some answered only once.
fn later(microdata: &Microdata, gain: impl Fn(usize) -> f64) -> Microdata {
    let mut later = Microdata::new(microdata.frame.clone(), microdata.items.clone()).unwrap();
    let respondents = &microdata.respondents;
    for (row, id) in respondents.id.iter().enumerate().filter(|(row, _)| row % 5 > 0) {
        let mut values: Vec<f64> = respondents.columns.iter().map(|column| column[row]).collect();
        values[0] = (values[0] + gain(row)).clamp(0.0, 100.0);
        later.push_at(id.clone(), respondents.cell[row], &values).unwrap();
    }
    later
}

fn changes_between(before: &Microdata, now: &Microdata) -> Changes {
    let release = released(before, 1);
    let before = Earlier { release, microdata: before.clone() };
    let request = Request {
        campaign: &Campaign { id: "c2".into(), ..campaign() },
        questionnaire: &QuestionnaireVersion { id: "bn5".into(), version: "1".into() },
        parameters: &parameters(),
        microdata: now,
        waves: &[],
        before: Some(&before),
        earlier: &[],
        corrects: None,
        threads: 2,
    };
    compute(&request, &|_| ()).unwrap().release.changes.unwrap()
}

#[test]
fn nothing_changes_between_a_campaign_and_itself() {
    let microdata = province(1_500, 2.0, 11);
    let changes = changes_between(&microdata, &microdata);
    assert_eq!((changes.since, changes.tests, changes.figures.len()), (1, 4, 4));
    for (id, change) in &changes.figures {
        assert_eq!((change.change, change.se, change.significant, change.both), (0.0, 0.0, false, Some(0.0)), "{id}");
    }
}

#[test]
fn those_who_answer_twice_make_a_change_more_certain() {
    let microdata = province(1_500, 2.0, 12);
    let now = later(&microdata, |row| if row % 2 == 0 { 3.0 } else { 1.0 });
    let changes = changes_between(&microdata, &now);
    let score = changes.figures["overall"];
    let se = |microdata: &Microdata| match released(microdata, 1).indicators[0].province() {
        Figure::Published { se, .. } => se,
        _ => panic!("it is published"),
    };
    assert!(score.significant && score.change > 1.0 && score.change < 3.0, "{score:?}");
    assert!(score.se < 0.8 * se(&microdata).hypot(se(&now)), "{score:?}");
    assert_eq!(score.n_both, Some(NClass::From100));
    let low = score.low.unwrap();
    assert!(low > 0.0 && low < score.change && score.high.unwrap() > score.change);
}

#[test]
fn quartiles_are_of_groups_of_thirty_beside_a_published_mean_and_of_scores_alone() {
    let microdata = province(3_000, 2.5, 7);
    let release = with_industries(&microdata, &[], None);
    let n = |domain: &Domain| {
        let inside = |cell: &FrameCell| match domain.table {
            TableKind::Province => true,
            TableKind::Section => cell.section == domain.code,
            TableKind::SectionSize => format!("{}|{}", cell.section, cell.size) == domain.code,
            _ => industry_group(&cell.section).is_some_and(|group| group.code == domain.code),
        };
        let cells = microdata.respondents.cell.iter().map(|&cell| &microdata.frame.cells[cell as usize]);
        u32::try_from(cells.filter(|cell| inside(cell)).count()).unwrap()
    };
    let overall = &release.indicators[0];
    for one in &overall.quartiles {
        let domain = &release.domains[one.domain];
        assert!(n(domain) >= PEERS, "{domain:?}");
        assert!(overall.figures[one.domain].value().is_some(), "{domain:?} has no mean");
        let [low, median, high] = one.values;
        assert!(low <= median && median <= high && high <= 100, "{domain:?} {:?}", one.values);
    }
    let tables: std::collections::BTreeSet<TableKind> =
        overall.quartiles.iter().map(|one| release.domains[one.domain].table).collect();
    let expected = [TableKind::Province, TableKind::Group, TableKind::Section, TableKind::SectionSize];
    assert_eq!(tables, expected.into_iter().collect(), "{:?}", overall.quartiles.len());
    let missing = release.domains.iter().enumerate().filter(|(place, domain)| {
        expected.contains(&domain.table)
            && overall.figures[*place].value().is_some()
            && n(domain) >= PEERS
            && !overall.quartiles.iter().any(|one| one.domain == *place)
    });
    assert_eq!(missing.count(), 0, "every such group has them");
    assert!(release.indicators[1..].iter().all(|other| other.quartiles.is_empty()), "shares have no quartiles");
    let old = canonical(&release).replace("\"quartiles\"", "\"other\"");
    let back: Release = serde_json::from_str(&old).expect("documents without quartiles can be read");
    assert!(!canonical(&back).contains("quartiles"));
}

#[test]
fn a_correction_about_one_enterprise_leaves_quartiles_as_they_were() {
    let microdata = province(2_500, 2.0, 8);
    let release = sealed(with_industries(&microdata, &[], None), 1, "2026-11-15", text("note"));
    let earlier = [Earlier { release: release.clone(), microdata: microdata.clone() }];
    let mut one = microdata.clone();
    let moved = one.respondents.columns[0].iter().map(|score| (score / 2.0).max(0.0)).collect::<Vec<_>>();
    one.respondents.columns[0][..4].copy_from_slice(&moved[..4]);
    let again = with_industries(&one, &earlier, Some(1));
    let kept = again.correction.clone().unwrap().kept;
    let of = |release: &Release, domain: usize| {
        release.indicators[0].quartiles.iter().find(|one| one.domain == domain).copied()
    };
    assert!(kept.contains(&0) && of(&again, 0).is_some());
    for domain in kept {
        assert_eq!(of(&again, domain), of(&release, domain), "{:?}", again.domains[domain]);
    }
    let mut many = microdata.clone();
    many.respondents.columns[0].iter_mut().for_each(|value| *value /= 2.0);
    let again = with_industries(&many, &earlier, Some(1));
    assert_ne!(of(&again, 0), of(&release, 0), "what many changed is seen");
}
