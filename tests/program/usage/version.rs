//! What `--version` says, shortly and at length.

use crate::program::run;

#[test]
fn the_short_version_is_one_line_and_the_long_one_names_kernels_and_target() {
    let printed = |option| String::from_utf8(run(&[option]).stdout).expect("UTF-8");
    let line = format!("deeptaylor {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(printed("-V"), line);
    let long = printed("--version");
    let rest = long.strip_prefix(&line).expect("the same line first");
    let facts: Vec<(&str, &str)> = rest
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, fact)| (name, fact.trim()))
        .collect();
    let names: Vec<&str> = facts.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["features", "kernels", "target"]);
    assert_eq!(facts[1].1, deeptaylor::network::kernels());
    let target = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    assert!(facts[2].1.starts_with(&target), "{long}");
}
