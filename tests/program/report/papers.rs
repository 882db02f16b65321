//! What goes into papers: tables in LaTeX, networks for Graphviz and Mermaid.

use serde_json::Value;

use crate::program::{fed, json, run};

fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{:?}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn latex(result: &Value) -> String {
    let output = fed(
        &["report", "--format", "latex"],
        result.to_string().as_bytes(),
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Every result that becomes a table.
fn results() -> Vec<Value> {
    vec![
        json(&["explain"]),
        json(&["explain", "example:xor", "--rule", "w2,z+", "--exact"]),
        json(&["taylor"]),
        json(&["compare", "--seeds", "3"]),
        json(&["evaluate", "example:lines"]),
    ]
}

#[test]
fn every_row_of_a_latex_table_has_a_cell_for_each_column_and_what_is_opened_is_closed() {
    for result in results() {
        let latex = latex(&result);
        let tables: Vec<&str> = latex.split("\\begin{table}").skip(1).collect();
        assert!(!tables.is_empty());
        for table in tables {
            assert_eq!(table.matches("\\end{table}").count(), 1, "{table}");
            let (_, tabular) = table.split_once("\\begin{tabular}{").expect("a tabular");
            let (columns, _) = tabular.split_once("}\n").expect("columns");
            // One letter a column; what stands in [ ] is the format of its numbers.
            let letters = columns
                .split('[')
                .map(|part| part.rsplit(']').next().unwrap_or(part));
            let columns = letters.map(str::len).sum::<usize>();
            let rows = tabular
                .lines()
                .filter(|line| line.ends_with("\\\\") && !line.contains("\\multicolumn"));
            for row in rows {
                let cells = row.matches(" & ").count() + 1;
                assert_eq!(cells, columns, "{row}");
            }
        }
        // Signs that fonts of LaTeX lack are commands; letters of names from files may be any.
        let strange = latex.chars().find(|c| !c.is_ascii());
        assert_eq!(strange, None, "{latex}");
    }
}

#[test]
fn the_numbers_of_a_latex_table_are_those_of_the_json() {
    let latex = latex(&json(&["explain"]));
    assert!(
        latex.contains("    x1 & 1 & 1.174 & 31 \\% \\\\\n"),
        "{latex}"
    );
    assert!(
        latex.contains("\\begin{tabular}{lS[table-format=-1.2]S[table-format=1.4]r}"),
        "{latex}"
    );
}

#[test]
fn a_name_from_a_file_is_no_command_of_latex_graphviz_or_mermaid() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("names.json");
    let network = r#"{"name":"\"];x[label=\"","input":{"shape":[1],"names":["\\input{/etc/passwd}"]},
        "layers":[{"type":"dense","name":"<b>\"];evil-->x","activation":"relu","weights":[[1]],"bias":[0]}],"inputs":[[1]]}"#;
    std::fs::write(&file, network).expect("written");
    let file = file.to_str().expect("UTF-8");
    let latex = latex(&json(&["explain", file]));
    assert!(
        latex.contains("\\textbackslash{}input\\{/etc/passwd\\}"),
        "{latex}"
    );
    let dot = printed(&["inspect", file, "--format", "dot"]);
    assert!(
        dot.starts_with("digraph \"\\\"];x[label=\\\"\" {\n"),
        "{dot}"
    );
    assert!(dot.contains("<b>\\\"];evil-->x"), "{dot}");
    let mermaid = printed(&["inspect", file, "--format", "mermaid"]);
    assert!(
        mermaid.contains("#60;b#62;#34;]#59;evil--#62;x"),
        "{mermaid}"
    );
}

#[test]
fn a_graph_has_an_arrow_for_every_branch() {
    let dot = printed(&["inspect", "example:residual", "--format", "dot"]);
    let arrows: Vec<&str> = dot.lines().filter(|line| line.contains("->")).collect();
    assert_eq!(
        arrows,
        [
            "  l0 -> l1;",
            "  l1 -> l2;",
            "  l2 -> l3;",
            "  l1 -> l3;",
            "  l3 -> l4;"
        ]
    );
    let mermaid = printed(&[
        "inspect",
        "example:residual",
        "--rule",
        "z+",
        "--format",
        "mermaid",
    ]);
    assert!(mermaid.contains("  l1 --> l3\n"), "{mermaid}");
    assert!(
        mermaid.contains("l1[\"1  conv2d, relu<br/>stem<br/>2 × 4 × 4<br/>z+\"]"),
        "{mermaid}"
    );
}

#[test]
fn the_ending_of_a_file_says_the_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = |arguments: &[&str], name: &str| {
        let file = folder.path().join(name);
        let output = run(&[arguments, &["-o", file.to_str().expect("UTF-8")]].concat());
        assert_eq!(
            output.status.code(),
            Some(0),
            "{name}: {:?}",
            String::from_utf8_lossy(&output.stderr)
        );
        std::fs::read_to_string(file).expect("written")
    };
    for (arguments, name, beginning) in [
        (&["inspect", "example:xor"][..], "a.dot", "digraph"),
        (&["inspect", "example:xor"], "a.mmd", "flowchart"),
        (&["inspect", "example:xor"], "a.tex", "% Tables"),
        (&["guide", "exercise"], "exercise.md", "# The exercise\n"),
        (&["guide", "exercise"], "exercise.txt", "The exercise\n═"),
        (&["completions", "bash"], "deeptaylor", "_deeptaylor()"),
    ] {
        let text = written(arguments, name);
        assert!(text.starts_with(beginning), "{name}: {}", &text[..40]);
    }
}
