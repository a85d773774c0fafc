//! `thuocso release verify` and `thuocso indicators check`, by the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use model::{
    classification,
    release::{
        Campaign, Earlier, Figure, Frame, FrameCell, FrameKind, Item, Measure, Microdata, Parameters,
        QuestionnaireVersion, Release, Request, TableKind, archive, canonical, compute, sealed,
    },
    text::Text,
};

use crate::program::program;

fn text(word: &str) -> Text {
    Text { vi: word.to_owned(), en: word.to_owned() }
}

/// Enterprises of two former districts and four industries, two of three answering: a score that differs by enterprise,
/// and a share.
fn microdata(enterprises: usize, gain: f64) -> Microdata {
    let units: Vec<_> = classification::units()
        .iter()
        .filter(|unit| ["213", "215"].contains(&unit.former_district_code.as_str()))
        .collect();
    let sections = ["C", "F", "G", "H"];
    let place = |n: usize| (units[n % units.len()], sections[n / units.len() % 4]);
    let mut cells: Vec<FrameCell> = Vec::new();
    for n in 0..enterprises {
        let (unit, section) = place(n);
        match cells.iter_mut().find(|cell| cell.unit == unit.code && cell.section == section) {
            Some(cell) => cell.enterprises += 1,
            None => cells.push(FrameCell {
                district: unit.former_district_code.clone(),
                unit: unit.code.clone(),
                section: section.to_owned(),
                size: "unknown".into(),
                enterprises: 1,
            }),
        }
    }
    let frame = Frame { kind: FrameKind::Registered, date: "2026-10-01".into(), cells };
    let item = |id: &str, measure| Item {
        id: id.to_owned(),
        theme: "test".into(),
        name: text(id),
        about: text(id),
        source: text(id),
        measure,
        targets: Vec::new(),
        family: id.to_owned(),
        class: false,
        sensitive: false,
    };
    let items = vec![item("score", Measure::Score), item("online", Measure::Share)];
    let mut microdata = Microdata::new(frame, items).unwrap();
    for n in (0..enterprises).filter(|n| n % 3 > 0) {
        let (unit, section) = place(n);
        let score = (f64::from(u32::try_from(n * 37 % 71).unwrap()) + gain).min(100.0);
        let values = [score, f64::from(u8::from(n * 13 % 5 < 2))];
        microdata
            .push(format!("e{n:05}"), [&unit.former_district_code, &unit.code, section, "unknown"], &values)
            .unwrap();
    }
    microdata
}

fn release(number: u32, campaign: &str, microdata: &Microdata, past: (&[Earlier], Option<&Earlier>)) -> Release {
    let campaign = Campaign {
        id: campaign.to_owned(),
        title: text(campaign),
        opens: format!("{campaign}-06-01"),
        closes: format!("{campaign}-12-01"),
    };
    let tables = vec![TableKind::District, TableKind::Section];
    let request = Request {
        campaign: &campaign,
        questionnaire: &QuestionnaireVersion { id: "bn5".into(), version: "1".into() },
        parameters: &Parameters { tables, effort: 0, ..Parameters::default() },
        microdata,
        waves: &[],
        before: past.1,
        earlier: past.0,
        corrects: past.0.last().map(|last| last.release.number),
        threads: 1,
    };
    sealed(compute(&request, &|_| ()).unwrap().release, number, "2026-11-15", text("note"))
}

fn stored(folder: &Path, release: &Release, microdata: &Microdata) -> PathBuf {
    let path = folder.join(format!("{}.archive", release.number));
    let rows = archive::rows(microdata, 0..microdata.respondents.len());
    std::fs::write(&path, format!("{}\n{}\n{rows}", canonical(release), archive::head(microdata))).unwrap();
    path
}

fn run(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_release_is_verified_from_its_archive_and_a_changed_number_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = microdata(900, 0.0);
    let one = release(1, "2025", &data, (&[], None));
    let path = stored(folder.path(), &one, &data);
    let (code, out, _) = said(&run(&["release", "verify", path.to_str().unwrap()]));
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("figures agree") && out.contains(&one.hash), "{out}");

    let mut forged = one.clone();
    let Figure::Published { value, .. } = &mut forged.indicators[0].figures[0] else { panic!("it is published") };
    *value += 0.1;
    let path = stored(folder.path(), &forged, &data);
    let (code, out, error) = said(&run(&["release", "verify", path.to_str().unwrap()]));
    assert_eq!(code, Some(1));
    assert!(out.contains("indicators/0/figures/0/value: released") && out.contains("hash"), "{out}");
    assert!(error.contains("2 differences"), "{error}");

    let other = microdata(900, 7.0);
    let path = stored(folder.path(), &one, &other);
    assert_eq!(said(&run(&["release", "verify", path.to_str().unwrap()])).0, Some(1), "answers of somebody else");
    std::fs::write(&path, "{").unwrap();
    let (code, _, error) = said(&run(&["release", "verify", path.to_str().unwrap()]));
    assert!(code == Some(1) && error.contains("line 1"), "{error}");
}

#[test]
fn corrections_and_changes_are_verified_with_what_they_rest_on() {
    let folder = tempfile::tempdir().unwrap();
    let (data, later) = (microdata(900, 0.0), microdata(900, 6.0));
    let one = Earlier { release: release(1, "2025", &data, (&[], None)), microdata: data.clone() };
    let two = Earlier { release: release(2, "2026", &later, (&[], Some(&one))), microdata: later.clone() };
    let again = microdata(900, 9.0);
    let three = release(3, "2026", &again, (std::slice::from_ref(&two), Some(&one)));
    assert!(three.correction.is_some() && three.changes.is_some());
    let paths = [stored(folder.path(), &one.release, &data), stored(folder.path(), &two.release, &later)];
    let [first, second] = paths.each_ref().map(|path| path.to_str().unwrap());
    let third = stored(folder.path(), &three, &again);
    let third = third.to_str().unwrap();
    let (code, _, error) = said(&run(&["release", "verify", second]));
    assert!(code == Some(1) && error.contains("release 1"), "{error}");
    assert_eq!(said(&run(&["release", "verify", second, "--before", first])).0, Some(0));
    let all = ["release", "verify", third, "--before", first, "--earlier", second];
    assert_eq!(said(&run(&all)).0, Some(0));
    assert_eq!(said(&run(&all[..5])).0, Some(1), "a correction without what it corrects");
}

#[test]
fn a_file_of_indicators_is_checked_with_places() {
    let folder = tempfile::tempdir().unwrap();
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/indicators/bn5.json");
    let (code, out, _) = said(&run(&["indicators", "check", good.to_str().unwrap()]));
    assert!(code == Some(0) && out.contains("no mistakes"), "{out}");
    let bad = std::fs::read_to_string(&good).unwrap().replacen("\"F13\"", "\"F99\"", 1);
    let path = folder.path().join("bad.json");
    std::fs::write(&path, bad).unwrap();
    let (code, _, error) = said(&run(&["indicators", "check", path.to_str().unwrap()]));
    assert!(code == Some(1) && error.contains("F99") && error.contains("1 mistakes"), "{error}");
}
