//! Runs every command of the README and compares what it prints, line by line.
//!
//! `UPDATE_README=1 cargo test --test program readme` writes what the commands print now into the README.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));

/// Runs a line of shell with the built program on the path; what it prints, stdout first.
fn shell(line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_deeptaylor"));
    let folder = program.parent().expect("the program lies in a folder");
    let path = format!(
        "{}:{}",
        folder.display(),
        env::var("PATH").unwrap_or_default()
    );
    let output = Command::new("sh")
        .args(["-c", line])
        .env("PATH", path)
        .env_remove("CLICOLOR_FORCE")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("there is a shell");
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).expect("the program prints UTF-8")
}

fn has_jq() -> bool {
    Command::new("jq").arg("--version").output().is_ok()
}

/// The commands of the console blocks, each with the output that the README shows.
fn commands() -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for block in blocks(README, "console") {
        for line in block.lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), String::new())),
                (None, Some((_, output))) => *output += &format!("{line}\n"),
                (None, None) => panic!("a console block begins with a command, not with {line}"),
            }
        }
    }
    commands
}

/// The fenced blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("\n```{language}\n");
    let after = text.split(&fence).skip(1);
    after
        .map(|rest| rest.split("\n```").next().unwrap_or_default())
        .collect()
}

#[test]
fn every_console_block_prints_what_stands_below_it() {
    let (commands, jq) = (commands(), has_jq());
    assert!(commands.len() >= 6, "the README shows its commands");
    let mut readme = README.to_owned();
    for (command, shown) in &commands {
        if !jq && (command.contains("jq") || command.contains("examples/")) {
            println!("skipped, for there is no jq: {command}");
            continue;
        }
        let printed = shell(command);
        if env::var_os("UPDATE_README").is_some() {
            let block = |output: &str| format!("$ {command}\n{}\n", output.trim_end());
            readme = readme.replacen(&block(shown), &block(&printed), 1);
        } else {
            assert_eq!(shown.trim_end(), printed.trim_end(), "of `{command}`");
        }
    }
    if env::var_os("UPDATE_README").is_some() {
        fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"), readme)
            .expect("the README can be written");
    }
}

#[test]
fn the_first_block_holds_the_two_commands_and_the_first_is_the_program_without_arguments() {
    assert_eq!(blocks(README, "sh")[0], "cargo run --release\ncargo test");
    assert_eq!(commands()[0].0, "deeptaylor");
}

#[test]
fn the_network_file_of_the_readme_can_be_explained() {
    let file = blocks(README, "json")[0];
    let folder = tempfile::tempdir().expect("a folder for the file");
    let path = folder.path().join("network.json");
    fs::write(&path, file).expect("the file can be written");
    let printed = shell(&format!(
        "deeptaylor explain {} && echo explained",
        path.display()
    ));
    assert!(printed.ends_with("explained\n"), "{printed}");
}

#[test]
fn every_file_that_the_readme_names_is_there() {
    let quoted = README.split('`').skip(1).step_by(2);
    let files = quoted.filter(|word| {
        let path = Path::new(word);
        path.extension()
            .is_some_and(|extension| ["rs", "sh"].iter().any(|known| extension == *known))
            && !word.contains(' ')
    });
    let mut seen = 0;
    for file in files {
        let places = ["", "src/", "examples/"];
        let there = places.iter().any(|place| {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(place)
                .join(file)
                .is_file()
        });
        assert!(there, "{file} is there");
        seen += 1;
    }
    assert!(seen >= 5, "the README names files");
}

#[test]
fn every_key_of_the_result_that_the_readme_names_is_in_a_result() {
    let described = blocks(README, "text")
        .into_iter()
        .find(|block| block.starts_with("{ \"kind\": \"explanation\""))
        .expect("the README describes the result");
    let expansions = blocks(README, "text")
        .into_iter()
        .find(|block| block.starts_with("{ \"kind\": \"taylor\""))
        .expect("the README describes the expansions");
    let comparison = blocks(README, "text")
        .into_iter()
        .find(|block| block.starts_with("{ \"kind\": \"comparison\""))
        .expect("the README describes the comparison");
    let described = described.to_owned() + expansions + comparison;
    let results = ["lost-relevance", "silent-pool"]
        .map(|network| {
            shell(&format!(
                "deeptaylor explain networks/{network}.json --format json; deeptaylor taylor networks/{network}.json --format json"
            ))
        })
        .concat()
        + &shell("deeptaylor compare --format json --seeds 2")
        + &shell(
            r#"echo '{"id": 7, "label": "b", "x": [1, 0, 0]}' | deeptaylor explain --inputs - --format json"#,
        );
    let mut seen = 0;
    for word in described
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|word| !["explanation", "taylor", "comparison", "…"].contains(word))
    {
        assert!(results.contains(&format!("\"{word}\":")), "{word} is a key");
        seen += 1;
    }
    assert!(seen > 25, "the README names the keys");
}
