//! Runs every command of the README and of the manual's chapters, and compares what it prints, line by line.
//!
//! `UPDATE_GUIDE=1 cargo test --test program readme` writes what the commands print now into these files.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use deeptaylor::guide::Chapter;

use super::models;
use crate::arrays_written::npy;

/// A page of the manual, or the README.
struct Page {
    file: PathBuf,
    text: String,
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files as they are now, so that a change of them needs no new build.
fn pages() -> Vec<Page> {
    let folder = fs::read_dir(here("src/guide")).expect("there are chapters");
    let chapters = folder.map(|entry| entry.expect("a chapter").path());
    let chapters = chapters.filter(|file| file.extension().is_some_and(|end| end == "md"));
    let mut files: Vec<PathBuf> = chapters.chain([here("README.md")]).collect();
    files.sort();
    let read = |file: PathBuf| Page {
        text: fs::read_to_string(&file).expect("it is text"),
        file,
    };
    files.into_iter().map(read).collect()
}

fn page(name: &str) -> String {
    let mut pages = pages().into_iter();
    let page = pages.find(|page| page.file.ends_with(name));
    page.expect("there is such a page").text
}

/// Runs a line of shell with the built program on the path; its exit status and what it prints, stdout first.
fn shell(line: &str, folder: &Path) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_deeptaylor"));
    let programs = program.parent().expect("the program lies in a folder");
    let rest = env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", line])
        .env("PATH", format!("{}:{rest}", programs.display()))
        .env_remove("CLICOLOR_FORCE")
        .current_dir(folder)
        .output()
        .expect("there is a shell");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).expect("the program prints UTF-8");
    (output.status.code(), text)
}

/// A folder for what the commands of a page write, with what the project brings along and the network file of the page.
fn workshop(page: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["examples", "networks"] {
        symlink(here(name), folder.path().join(name)).expect("a link");
    }
    let digits = here("tests/cases/label-last-no-header.csv");
    fs::copy(digits, folder.path().join("digits.csv")).expect("a table of digits");
    if let Some(network) = blocks(page, "json").first() {
        fs::write(folder.path().join("mine.json"), network).expect("a file");
    }
    for (language, name) in [("jq", "advice.jq"), ("csv", "encounters.csv")] {
        if let Some(block) = blocks(page, language).first() {
            fs::write(folder.path().join(name), format!("{block}\n")).expect("a file");
        }
    }
    folder
}

/// The fenced blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("\n```{language}\n");
    let after = text.split(&fence).skip(1);
    after
        .map(|rest| rest.split("\n```").next().unwrap_or_default())
        .collect()
}

/// The text with what `run` makes of each command of its console blocks and of the output that is shown below it.
fn with_outputs(text: &str, mut run: impl FnMut(&str, &str) -> String) -> String {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    let mut in_console = false;
    while let Some(line) = lines.next() {
        out += &format!("{line}\n");
        in_console = line == "```console" || in_console && line != "```";
        if let (true, Some(command)) = (in_console, line.strip_prefix("$ ")) {
            let mut shown = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```") {
                shown += &format!("{line}\n");
            }
            let printed = run(command, shown.trim_end());
            if !printed.is_empty() {
                out += &format!("{printed}\n");
            }
        }
    }
    out
}

/// What is printed, cut where a page shows no more than its first paragraphs and then `…`.
fn cut(printed: &str, shown: &str) -> String {
    let printed = printed.trim_end();
    let Some(shown) = shown.strip_suffix("\n…") else {
        return printed.to_owned();
    };
    let paragraphs: Vec<&str> = printed.split("\n\n").collect();
    let number = shown.trim_end().split("\n\n").count().min(paragraphs.len());
    format!("{}\n\n…", paragraphs[..number].join("\n\n"))
}

/// What a command needs and this machine does not have.
fn missing(command: &str) -> Option<&'static str> {
    let fails = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        !output.is_ok_and(|output| output.status.success())
    };
    let needs_jq = ["jq", "examples/", "advice.json"];
    if needs_jq.iter().any(|part| command.contains(part)) && fails("jq", &["--version"]) {
        return Some("jq");
    }
    let needs_numpy = command.starts_with("python3 ");
    (needs_numpy && fails("python3", &["-c", "import numpy"])).then_some("NumPy")
}

#[test]
fn every_command_of_the_manual_prints_what_stands_below_it() {
    let update = env::var_os("UPDATE_GUIDE").is_some();
    let check = |page: &Page| {
        let folder = workshop(&page.text);
        let name = page.file.file_name().expect("a name").display();
        let (mut wrong, mut commands) = (String::new(), 0);
        if let Err(file) = models::lay_out(&page.text, folder.path()) {
            println!("skipped, for ../shared/models has no {file}: {name}");
            return (0, wrong);
        }
        let fresh = with_outputs(&page.text, |command, shown| {
            commands += 1;
            if let Some(missing) = missing(command) {
                println!("skipped, for there is no {missing}: {command}");
                return shown.to_owned();
            }
            let printed = cut(&shell(command, folder.path()).1, shown);
            // Where only a part is shown and that part is called otherwise now, the page has to say so.
            assert!(
                shown.is_empty() || !printed.is_empty(),
                "{name}: `{command}` prints nothing any more"
            );
            if printed != shown {
                wrong += &format!("{name}: `{command}` prints\n{printed}\n\nnot\n{shown}\n\n");
            }
            printed
        });
        wrong += &models::other_pictures(&page.text, folder.path(), update);
        if update {
            fs::write(&page.file, fresh).expect("a page can be written");
            wrong.clear();
        }
        (commands, wrong)
    };
    let pages = pages();
    let found: Vec<(usize, String)> = std::thread::scope(|scope| {
        let threads: Vec<_> = pages
            .iter()
            .map(|page| scope.spawn(|| check(page)))
            .collect();
        let results = threads
            .into_iter()
            .map(|thread| thread.join().expect("it ends"));
        results.collect()
    });
    let commands: usize = found.iter().map(|(commands, _)| commands).sum();
    assert!(commands > 30, "the manual shows its commands");
    let wrong: String = found.into_iter().map(|(_, wrong)| wrong).collect();
    assert!(
        wrong.is_empty(),
        "{wrong}UPDATE_GUIDE=1 writes what they print now"
    );
}

#[test]
fn the_readme_is_short() {
    let lines = page("README.md").lines().count();
    assert!(
        lines <= 220,
        "{lines} lines: what is more goes into a chapter of src/guide"
    );
}

#[test]
fn the_first_block_holds_the_two_commands_and_the_first_is_the_program_without_arguments() {
    let readme = page("README.md");
    assert_eq!(blocks(&readme, "sh")[0], "cargo run --release\ncargo test");
    assert!(blocks(&readme, "console")[0].starts_with("$ deeptaylor\n"));
}

#[test]
fn every_network_file_that_is_shown_can_be_explained() {
    let mut seen = 0;
    for page in pages() {
        let networks = blocks(&page.text, "json").into_iter();
        for network in networks.filter(|block| block.contains("\"input\"")) {
            let folder = tempfile::tempdir().expect("a folder for the file");
            fs::write(folder.path().join("network.json"), network)
                .expect("the file can be written");
            let (status, printed) = shell("deeptaylor explain network.json", folder.path());
            assert_eq!(status, Some(0), "{}: {printed}", page.file.display());
            seen += 1;
        }
    }
    assert!(
        seen >= 2,
        "README and the chapter on the network file show one"
    );
}

/// The words in code quotes, outside of blocks.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("\n```").step_by(2);
    let words = prose.flat_map(|part| part.split('`').skip(1).step_by(2));
    words.collect()
}

#[test]
fn every_file_that_the_manual_names_is_there() {
    let mut seen = 0;
    for page in pages() {
        let folders = ["src/", "examples/", "networks/", "tests/"];
        let files = quoted(&page.text).into_iter();
        let files = files.filter(|word| word.contains('.') && !word.contains(' '));
        for file in files.filter(|word| folders.iter().any(|folder| word.starts_with(folder))) {
            assert!(here(file).is_file(), "{file} of {}", page.file.display());
            seen += 1;
        }
    }
    assert!(seen >= 5, "the manual names files");
    let map = page("contributing.md");
    let map = blocks(&map, "text")
        .into_iter()
        .find(|block| block.starts_with("src/\n"));
    let rows = map.expect("a map of the sources").lines().skip(1);
    let names = rows.filter_map(|row| row.split_whitespace().next());
    let listed: BTreeSet<String> = names
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect();
    let entries = fs::read_dir(here("src")).expect("the sources");
    let entries = entries.map(|entry| entry.expect("a source").file_name());
    let there = entries.map(|name| name.display().to_string());
    let there: BTreeSet<String> = there
        .filter(|name| !["lib.rs", "main.rs"].contains(&&name[..]))
        .collect();
    assert_eq!(listed, there, "the map in contributing.md is of src");
}

#[test]
fn every_option_that_the_manual_names_is_in_the_help() {
    let commands = "explain taylor compare evaluate init train report inspect convert example guide schema man";
    let line = format!("deeptaylor --help; for c in {commands}; do deeptaylor $c --help; done");
    let help = shell(&line, &here("")).1;
    let mut seen = BTreeSet::new();
    for page in pages()
        .iter()
        .filter(|page| !page.file.ends_with("changelog.md"))
    {
        let commands = quoted(&page.text).into_iter();
        let commands = commands.filter(|command| !command.contains("cargo "));
        for word in commands.flat_map(str::split_whitespace) {
            let end = word.find(|c: char| !(c == '-' || c.is_ascii_lowercase()));
            let option = &word[..end.unwrap_or(word.len())];
            if option.len() > 2 && option.starts_with("--") {
                assert!(help.contains(option), "{option} of {}", page.file.display());
                seen.insert(option.to_owned());
            }
        }
    }
    assert!(seen.len() > 30, "the manual names options");
}

#[test]
fn every_chapter_is_listed_and_links_to_chapters_by_their_names() {
    let names = Chapter::ALL
        .iter()
        .map(|chapter| chapter.name.replace('-', "_") + ".md");
    let names: BTreeSet<String> = names.collect();
    let name = |page: &Page| page.file.file_name().expect("a name").display().to_string();
    let pages: Vec<Page> = pages()
        .into_iter()
        .filter(|page| name(page) != "README.md")
        .collect();
    assert_eq!(names, pages.iter().map(name).collect());
    for Page { file, text } in pages {
        for chapter in Chapter::ALL {
            let link = format!("[{}]", chapter.name);
            let target = format!("\n{link}: {}.md", chapter.name.replace('-', "_"));
            assert_eq!(
                text.matches(&link).count() > text.matches(&target).count(),
                text.contains(&target),
                "{link} of {}",
                file.display()
            );
        }
    }
}

#[test]
fn every_hint_of_the_first_screen_and_of_the_help_works_without_the_sources() {
    let folder = tempfile::tempdir().expect("an empty folder");
    // The samples of which a hint speaks.
    let values = [1.0_f64, 0.5, -0.25].map(f64::to_le_bytes).concat();
    let samples = npy(1, "<f8", false, &[1, 3], &values);
    fs::write(folder.path().join("x.npy"), samples).expect("it can be written");
    let printed = |line| shell(line, folder.path()).1;
    let hints = printed("deeptaylor; deeptaylor --help; deeptaylor example; deeptaylor guide");
    let hints = hints.lines().filter_map(|line| {
        let line = line.trim_start_matches("next").trim_start();
        line.starts_with("deeptaylor")
            .then(|| line.split("  ").next().unwrap_or(line))
    });
    let slow = ["compare --layers", "train", "man"];
    let hints = hints.filter(|hint| !slow.iter().any(|slow| hint.contains(slow)));
    let mut seen = 0;
    for hint in hints {
        let (status, printed) = shell(hint, folder.path());
        assert_eq!(status, Some(0), "{hint}: {printed}");
        seen += 1;
    }
    assert!(seen > 12, "there are hints");
}

#[test]
fn every_key_of_a_result_that_the_manual_names_is_in_a_result() {
    let text = page("results.md");
    let kinds = ["explanation", "taylor", "comparison"];
    let described = kinds.map(|kind| {
        let beginning = format!("{{ \"kind\": \"{kind}\"");
        let mut blocks = blocks(&text, "text").into_iter();
        blocks
            .find(|block| block.starts_with(&beginning))
            .expect("it is described")
    });
    let lines = ["lost-relevance", "silent-pool"].map(|network| {
        format!("deeptaylor explain example:{network} --format json; deeptaylor taylor example:{network} --format json; ")
    });
    let line = lines.concat()
        + r#"deeptaylor compare --format json --seeds 2;
             echo '{"id": 7, "label": "b", "x": [0, 0, 0, 1, 1, 1, 0, 0, 0]}' |
             deeptaylor explain example:lines --inputs - --format json;
             deeptaylor explain example:residual --format json;
             deeptaylor explain example:lines --rule epsilon:0.25 --rule-bias keep --format json"#;
    let results = shell(&line, &here("")).1;
    let described = described.concat();
    let words = described.split('"').skip(1).step_by(2);
    let keys: Vec<&str> = words
        .filter(|word| !kinds.contains(word) && *word != "…")
        .collect();
    for key in &keys {
        assert!(results.contains(&format!("\"{key}\":")), "{key} is a key");
    }
    assert!(keys.len() > 25, "the manual names the keys");
}
