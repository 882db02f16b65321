//! What the fuzzer begins with, and every input that it ever found something wrong with, at the same doors.

use std::fs;
use std::path::Path;

#[path = "../fuzz/doors/mod.rs"]
mod doors;

/// Opens every door with the files of its folder; how many there are.
fn opened(folder: &str) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz")
        .join(folder);
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("a folder of inputs") {
        let of_door = entry.expect("a folder").path();
        let name = of_door
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        let door = doors::named(name);
        for entry in fs::read_dir(&of_door).expect("inputs") {
            let path = entry.expect("a file").path();
            // Said where it fails, and only there.
            println!("{}", path.display());
            door(&fs::read(&path).expect("an input"));
            files += 1;
        }
    }
    files
}

#[test]
fn every_door_keeps_its_promises_on_what_the_fuzzer_begins_with() {
    assert!(opened("corpus") > 5 * doors::DOORS.len());
}

#[test]
fn nothing_that_the_fuzzer_ever_found_is_wrong_again() {
    assert!(opened("regressions") > 0);
}

/// The fuzzer is told so by run.sh, and cuts what is longer.
const LONGEST: u64 = 4096;

#[test]
fn no_input_that_the_fuzzer_begins_with_is_cut() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let run = fs::read_to_string(fuzz.join("run.sh")).expect("the script");
    assert!(run.contains(&format!("-max_len={LONGEST} ")));
    for folder in ["corpus", "regressions"] {
        for (name, _) in doors::DOORS {
            let Ok(inputs) = fs::read_dir(fuzz.join(folder).join(name)) else {
                continue;
            };
            for entry in inputs {
                let entry = entry.expect("an input");
                let length = entry.metadata().expect("its length").len();
                assert!(length <= LONGEST, "{}", entry.path().display());
            }
        }
    }
}

#[test]
fn every_door_has_a_folder_of_inputs() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let folders = fs::read_dir(&corpus).expect("the folders").count();
    assert_eq!(folders, doors::DOORS.len());
    for (name, _) in doors::DOORS {
        assert!(corpus.join(name).is_dir(), "{name}");
    }
}
