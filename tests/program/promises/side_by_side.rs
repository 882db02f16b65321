//! Several runs at once into the same files and the same folder: what is there at the end is of one of them.

use std::fs;
use std::process::{Child, Output, Stdio};

use super::works::{Files, Place, command, ends, files, is_unfinished};
use crate::refusal::is_done;

/// So many runs at once.
const RUNS: usize = 4;

fn begin(folder: &std::path::Path, line: &str) -> Child {
    command(folder, line)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs")
}

fn end(child: Child) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = child.wait_with_output().expect("it ends");
    let message = String::from_utf8(stderr).expect("UTF-8");
    (status.code(), message)
}

/// What each line leaves where it runs alone.
fn alone(place: &Place, lines: &[String]) -> Vec<Files> {
    let each = lines.iter().map(|line| {
        let folder = place.empty("work");
        ends(&folder, line);
        files(&folder)
    });
    each.collect()
}

#[test]
fn files_that_several_runs_write_at_once_are_all_of_one_of_them() {
    let place = Place::new();
    for (n, seed) in (0..RUNS).zip(1..) {
        let line = format!("init --layers 60,40,5 --seed {seed} -o net-{n}.json");
        ends(place.path(), &line);
    }
    let forms = [
        "init --layers 60,40,5 --seed {n} --force -o net.json",
        "convert ../net-{n}.json --tensors --force -o net.json",
        "explain example:figure-4 --input 0.{n},0.5,0.1 --force -o out.json",
        "explain example:figure-4 --input 0.{n},0.5,0.1 --force -o out.npz",
    ];
    for form in forms {
        let lines: Vec<String> = (0..RUNS)
            .map(|n| form.replace("{n}", &n.to_string()))
            .collect();
        let alone = alone(&place, &lines);
        let folder = place.empty("work");
        for _ in 0..3 {
            let runs: Vec<Child> = lines.iter().map(|line| begin(&folder, line)).collect();
            for run in runs {
                let (status, message) = end(run);
                assert!(is_done(status), "{form}: {message}");
            }
            let now = files(&folder);
            assert!(alone.contains(&now), "{form}: {:?}", now.keys());
        }
    }
}

#[test]
fn of_several_runs_that_may_not_write_over_another_one_writes() {
    let place = Place::new();
    let lines: Vec<String> = (0..RUNS)
        .map(|n| format!("init --layers 60,40,5 --seed {n} -o net.json"))
        .collect();
    let alone = alone(&place, &lines);
    let folder = place.empty("work");
    let runs: Vec<Child> = lines.iter().map(|line| begin(&folder, line)).collect();
    let ends: Vec<_> = runs.into_iter().map(end).collect();
    let wrote = ends.iter().filter(|(status, _)| *status == Some(0));
    assert_eq!(wrote.count(), 1, "{ends:?}");
    for (_, message) in ends.iter().filter(|(status, _)| *status != Some(0)) {
        assert!(
            message.contains("net.json") && message.contains("exist"),
            "{message}"
        );
    }
    assert!(alone.contains(&files(&folder)));
}

#[test]
fn of_several_trainings_into_one_folder_one_goes_on_and_the_others_are_told() {
    let place = Place::new();
    let form =
        "train --data ../given/train.csv --layers 1x8x8,9,pool:3 --steps 0,2,5 --out run --seed";
    let folder = place.empty("work");
    for (there, force) in [(false, ""), (true, " --force")] {
        let lines: Vec<String> = (0..RUNS).map(|n| format!("{form} {n}{force}")).collect();
        let runs: Vec<Child> = lines.iter().map(|line| begin(&folder, line)).collect();
        let ends: Vec<_> = runs.into_iter().map(end).collect();
        let (went_on, told): (Vec<_>, Vec<_>) =
            ends.iter().partition(|(status, _)| is_done(*status));
        // One that begins when another has ended replaces it, where it may.
        assert!(
            went_on.len() == 1 || there && !went_on.is_empty(),
            "{ends:?}"
        );
        for (status, message) in told {
            let said = message.contains("another run of deeptaylor is writing there")
                || message.contains("already exists and is not empty");
            assert!(*status == Some(2) && said, "{message}");
        }
        let now = files(&folder);
        assert_eq!(now.keys().find(|name| is_unfinished(name)), None);
        let figures = fs::read_to_string(folder.join("run/training.json")).expect("it is there");
        let of = |n: usize| figures.contains(&format!("--seed {n}"));
        let seed = (0..RUNS).find(|&n| of(n)).expect("of one of them");
        let network = fs::read_to_string(folder.join("run/step-00005.json")).expect("there");
        assert!(
            network.contains(&format!("seed {seed};")),
            "steps of another"
        );
    }
}
