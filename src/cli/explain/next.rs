//! What to do after the first output.

/// The last lines of it: another rule only where none was chosen.
pub fn lines(under_usual_rule: bool) -> String {
    let is_done = |line: &&str| line.contains("--rule") && !under_usual_rule;
    let next: Vec<&str> = NEXT.into_iter().filter(|line| !is_done(line)).collect();
    format!("\nnext  {}\n", next.join("\n      "))
}

const NEXT: [&str; 8] = [
    "deeptaylor explain --rule z+              looks at the values, too",
    "deeptaylor explain example:lines          three classes of nine pixels",
    "deeptaylor taylor                         the expansions behind it",
    "deeptaylor compare                        what initial weights do to it",
    "deeptaylor train                          what training does to it",
    "deeptaylor example                        more networks to try",
    "deeptaylor guide                          the manual, in chapters",
    "deeptaylor --help                         every command",
];
