//! Every command that writes, with small inputs, and what its files may be when it is ended early.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::program;
use crate::refusal::is_done;

/// Files by their paths below a folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How files begin that are not finished.
pub const UNFINISHED: &str = ".deeptaylor-";

/// Whether the files of a command are all as they were, or all new.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// However it ends.
    Always,
    /// Unless it is killed between two of them.
    UnlessKilled,
}

/// A command that writes, at work beside the folder `given`.
pub struct Work {
    pub line: &'static str,
    pub together: Together,
}

const fn work(line: &'static str) -> Work {
    Work {
        line,
        together: Together::Always,
    }
}

/// How a training is asked for that takes a moment.
const TRAIN: &str = "train --data ../given/train.csv --layers 1x8x8,9,pool:3 --out run --force";

/// Every command that writes, in every format.
pub const WORKS: [Work; 27] = [
    work("explain example:figure-4 --inputs ../given/s.jsonl --force -o out.txt"),
    work("explain example:figure-4 --inputs ../given/s.jsonl --force -o out.json"),
    work("explain example:figure-4 --inputs ../given/s.jsonl --force -o out.jsonl"),
    work("explain example:figure-4 --inputs ../given/s.jsonl --force -o out.csv"),
    work("explain example:figure-4 --inputs ../given/s.jsonl --force -o out.npz"),
    work("explain example:figure-4 --inputs ../given/s.jsonl --force -o out.html"),
    work("explain example:figure-4 --inputs ../given/s.jsonl --format csv-wide --force -o out.csv"),
    work("explain example:lines --quiet --force --heatmap map.png"),
    work("taylor example:lines --force -o taylor.json"),
    work("train --data ../given/train.csv --layers 1x8x8,9,pool:3 --out run --force --steps 0,2,5"),
    work("compare --seeds 2 --force -o compared.json"),
    work("evaluate example:lines --force -o evaluated.json"),
    work("init --layers 200,100,10 --force -o net.json"),
    Work {
        line: "convert ../given/net.json --tensors --force -o net.json",
        together: Together::UnlessKilled,
    },
    work("convert ../given/net.json --force -o net.onnx"),
    work("report ../given/a.json --force -o page.html"),
    work("report ../given/a.json --force -o page.md"),
    work("report ../given/a.json --force -o page.tex"),
    Work {
        line: "report ../given/a.json --quiet --force --figures figures",
        together: Together::UnlessKilled,
    },
    work("diff ../given/a.json ../given/b.json --force -o moved.json"),
    work("inspect example:lines --force -o network.html"),
    work("example lines --force -o example.json"),
    work("guide limits --force -o limits.txt"),
    work("schema network --force -o schema.json"),
    work("completions bash --force -o completions.bash"),
    work("man explain --force -o page.1"),
    Work {
        line: "man --all pages --force",
        together: Together::UnlessKilled,
    },
];

/// A folder with the inputs of all commands, and folders for their outputs.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        let given = place.empty("given");
        let line = |n: usize| format!("[0.{}, 0.5, -0.{}]\n", n % 7, n % 3);
        let samples = (0..40).map(line).collect::<Vec<_>>().concat();
        fs::write(given.join("s.jsonl"), samples).expect("written");
        let train =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/kaggle-folder/train.csv");
        fs::copy(train, given.join("train.csv")).expect("copied");
        for line in [
            "init --layers 200,100,10 -o net.json",
            "explain example:figure-4 --inputs s.jsonl -o a.json",
            "explain example:figure-4 --inputs s.jsonl --rule z+ -o b.json",
        ] {
            ends(&given, line);
        }
        place
    }

    /// The folder of all of them.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A folder of this name with nothing in it.
    pub fn empty(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("made");
        folder
    }

    /// The folder that a command works in, with nothing else than these files.
    pub fn with(&self, files: &Files) -> PathBuf {
        let folder = self.empty("work");
        for (name, bytes) in files {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(file, bytes).expect("written");
        }
        folder
    }
}

/// A line of arguments, at work in a folder.
pub fn command(folder: &Path, line: &str) -> Command {
    let arguments: Vec<&str> = line.split(' ').collect();
    let mut command = program(&arguments);
    command.current_dir(folder);
    command
}

/// Runs a line to its end, at which it has done its work.
pub fn ends(folder: &Path, line: &str) -> Output {
    let output = command(folder, line).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(is_done(output.status.code()), "{line}: {stderr}");
    output
}

/// All files below a folder.
pub fn files(folder: &Path) -> Files {
    fn gather(folder: &Path, below: &str, all: &mut Files) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let name = format!("{below}{name}");
            if path.is_dir() {
                gather(&path, &format!("{name}/"), all);
            } else {
                all.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    let mut all = Files::new();
    gather(folder, "", &mut all);
    all
}

/// Whether a file, or a folder on the way to it, is not finished.
pub fn is_unfinished(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with(UNFINISHED))
}

/// What is there before a command and behind it.
pub struct States {
    pub old: Files,
    pub new: Files,
    /// How long the command took.
    pub takes: Duration,
}

impl Work {
    /// Runs it once where its files are there already.
    pub fn states(&self, place: &Place) -> States {
        let old = if self.trains() {
            let folder = place.empty("work");
            ends(&folder, &format!("{TRAIN} --steps 0,1"));
            fs::write(folder.join("run/notes.txt"), "mine").expect("written");
            files(&folder)
        } else {
            let folder = place.empty("work");
            ends(&folder, self.line);
            let names = files(&folder).into_keys();
            names.map(|name| (name, b"as it was".to_vec())).collect()
        };
        let folder = place.with(&old);
        let begun = Instant::now();
        ends(&folder, self.line);
        States {
            takes: begun.elapsed(),
            new: files(&folder),
            old,
        }
    }

    fn trains(&self) -> bool {
        self.line.starts_with("train")
    }

    /// That every file is as it was or new, and all of them one or the other where they belong together.
    pub fn assert_whole(&self, now: &Files, states: &States, killed: bool) {
        let line = self.line;
        let finished = |name: &&String| !is_unfinished(name) && !self.is_kept_beside(name);
        let names: Vec<&String> = now.keys().filter(finished).collect();
        let States { old, new, .. } = states;
        for name in &names {
            let known = old.contains_key(*name) || new.contains_key(*name);
            assert!(known, "{line}: {name} is of nobody");
        }
        let is = |wanted: &Files| {
            let mut all = old.keys().chain(new.keys());
            all.all(|name| self.same(now.get(name), wanted.get(name)))
        };
        for name in old.keys().chain(new.keys()) {
            let found = now.get(name);
            let whole = [old, new].map(|wanted| self.same(found, wanted.get(name)));
            let bytes = found.map(Vec::len);
            assert!(whole.contains(&true), "{line}: {name} has {bytes:?} bytes");
        }
        if self.together == Together::Always || !killed {
            assert!(is(old) || is(new), "{line}: old files beside new ones");
        }
    }

    /// Steps of a training that was asked to end stay beside the earlier one.
    fn is_kept_beside(&self, name: &str) -> bool {
        self.trains() && name.starts_with("run-interrupted")
    }

    /// Whether a file is the same as one of another run. An evaluation says how long it took, and is known by being whole.
    fn same(&self, found: Option<&Vec<u8>>, wanted: Option<&Vec<u8>>) -> bool {
        if found == wanted || !self.line.starts_with("evaluate") {
            return found == wanted;
        }
        let kind = |bytes: Option<&Vec<u8>>| {
            let value: Value = serde_json::from_slice(bytes?).ok()?;
            value["kind"].as_str().map(str::to_owned)
        };
        let found = kind(found);
        found.is_some() && found == kind(wanted)
    }
}
