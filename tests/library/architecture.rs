//! Holds the crate to its plan: data goes one way, between modules and inside of each; a thing is named where it is made;
//! files stay small, and `unsafe` stays in one place.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate on the way of the data: each may use those before it.
const MODULES: [&str; 21] = [
    "printable",
    "words",
    "spelling",
    "error",
    "npy",
    "network",
    "init",
    "samples",
    "data",
    "train",
    "relevance",
    "measure",
    "compare",
    "evaluate",
    "evolution",
    "exact",
    "result",
    "interpretation",
    "render",
    "guide",
    "cli",
];
/// The modules inside of each folder: each may use those before it. Those joined by `+` use one another.
#[rustfmt::skip]
const INSIDE: &[(&str, &str)] = &[
    (
        "cli",
        "version progress interrupt failure stdin stdout output named network number origin initialisation bounds explained records gradients ruled layout plan+request outcome destination screen quiet source batches at_work heatmap run spreadsheet table compare evaluate completions example spool writing rows side_by_side explain diff pager guide init inspect convert man report schema taylor train",
    ),
    ("compare", "samples statistic trial tally"),
    ("evaluate", "candidate noise likeness explaining findings part"),
    ("data", "columns file images about idx lines split classes+table tables"),
    ("exact", "number domain layer network withheld audit rule cost explain expansion function"),
    ("init", "family quantile random orthogonal scheme bias draw options piece architecture"),
    (
        "interpretation",
        "gathered linear numbers summary comparison evaluation inspection rounding training value names difference expansion explanation balance inputs gradient leading side_by_side",
    ),
    ("interpretation/comparison", "properties settings shares"),
    ("measure", "checked flipping size statistics concentration explained similarity"),
    (
        "network",
        "instructions activation levels rows backward shape input given_bounds nesting mapped floats matmul matrix branch+domain+layer+linear picture pointer example sources called precision folder half binary file onnx load fit forward kind largest memory",
    ),
    (
        "network/file",
        "bounds encoding place words complaint faults numbers source tensors site window padding sums beside+common+conv2d+decimals+dense+gather+layer+pool2d+raw+reads+scale+sum_pool+write build by_type pieces",
    ),
    (
        "network/onnx/read",
        "about wire attribute+model+refusal budget tensor element skeleton stored places+sides value input output draft drafts needed fates affine+arithmetic+classes+concat+constants+convolution+dense+ends+gate+pool+rearrange+reduce+slice_pad+windows written assemble recognise",
    ),
    ("network/onnx/write", "proto model graph window lower"),
    (
        "network/linear",
        "sweep+window cols ties gather reweighing strips dense conv2d+conv_products conv_gradient pool2d max_pool2d reweighed frozen gradient scale place sum_pool kind",
    ),
    ("npy", "read write"),
    ("npy/read", "fault element header archive"),
    (
        "network/onnx",
        "read write",
    ),
    (
        "relevance",
        "gradient cause+expansion+no_root+plan+policy+preset+resolve+rule+selector+term plan_file checks withheld at_work+extreme+prepared parts propagate+units bias_share audit fixed target batch handed_on explain pieces function messages roots points completeness gradient_explainer method",
    ),
    (
        "render",
        "table alike pictures drawings document figures balance completeness comparison evaluation csv csv_wide npz selection level messages gallery maps explanation difference balances side_by_side html inspection diagram json markdown latex taylor terminal training",
    ),
    ("relevance/rule", "bias promises rows"),
    (
        "render/drawings",
        "sheet scale band axis legend style vector bars images contact curves flow plane strips",
    ),
    ("render/drawings/flow", "names+plan bands"),
    ("render/training", "charts images"),
    ("render/html", "mathml points table gallery"),
    ("render/pictures", "colour pixels tile typeface picture svg_file to_png to_svg colour_bar contact grid images heatmap sheet"),
    (
        "result",
        "column kind gradient+network origin target properties absorbed+balance+by_gradient+channels+expansion+explanation+figures+flow+left_out+level+messages+rounded+summary+value agreement explanations line comparison evaluated evaluation exact expanded function roots taylor identity inspection subject setting digits training difference sums consistent read lines",
    ),
    ("result/difference", "side matching"),
    ("result/sums", "difference statistics evaluation completeness messages expansion explanation explanations"),
    (
        "samples",
        "quotes decimal matching unread source tags options record divider scale values json+object layout csv idx axes arrays waiting members pictures",
    ),
    ("samples/pictures", "picture resize files decode light"),
    ("train", "batches gradient non_blank optimiser"),
];
/// What is named in few files: what it is, the words that name it in code, and the files. A new rule, map, figure or format
/// touches these.
const NAMED: [(&str, &[&str], &[&str]); 4] = [
    (
        "a rule",
        &[
            "::WSquared",
            "Rule::Flat",
            "::ZPlus",
            "::ZBox",
            "::Proportional",
            "\"w2\"",
            "\"flat\"",
            "\"z+\"",
            "\"zB\"",
            "\"deep-taylor\"",
        ],
        // Its row, its terms, the presets, the rule of pools, its formulas in fractions; and what a command takes where
        // no rule is given.
        &[
            "cli/compare.rs",
            "cli/request.rs",
            "exact/rule.rs",
            "relevance/plan.rs",
            "relevance/preset.rs",
            "relevance/resolve.rs",
            "relevance/rule/mod.rs",
            "relevance/rule/rows.rs",
            "relevance/term.rs",
        ],
    ),
    (
        "a linear map",
        &[
            "Linear::Dense",
            "Linear::SumPool",
            "Kind::Dense",
            "Kind::SumPool",
            "Self::Dense",
            "Self::SumPool",
            "SumPool(",
            "\"sum_pool\"",
        ],
        // How it is drawn; how the file spells it, and the match over spellings; a constructor; the map, its kind, and the
        // matches over maps: frozen, plain, reweighed, unit by unit.
        &[
            "init/draw.rs",
            "init/piece.rs",
            "network/file/layer.rs",
            "network/file/sum_pool.rs",
            "network/layer.rs",
            "network/linear/frozen.rs",
            "network/linear/gradient.rs",
            "network/linear/kind.rs",
            "network/linear/mod.rs",
            "network/linear/reweighed.rs",
            "network/linear/reweighing.rs",
            "network/linear/sum_pool.rs",
            "network/linear/ties.rs",
            "network/onnx/write/lower.rs",
            "relevance/preset.rs",
        ],
    ),
    (
        "the Gini index",
        &["gini", "Gini"],
        &[
            "compare/statistic.rs",
            "compare/trial.rs",
            "measure/concentration.rs",
            "result/comparison.rs",
        ],
    ),
    (
        "Markdown",
        &["Markdown", "markdown"],
        &[
            "cli/destination.rs",
            "cli/diff.rs",
            "cli/evaluate.rs",
            "cli/guide.rs",
            "cli/inspect.rs",
            "cli/report.rs",
            "guide/mod.rs",
            "render/markdown.rs",
            "render/mod.rs",
        ],
    ),
];
/// Functions and constants that files take from the mod.rs above them; types are theirs to take.
const TAKEN_FROM_ABOVE: usize = 17;
/// No file of the crate is longer.
const LONGEST_FILE: usize = 400;

fn sources() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src can be read") {
            let path = entry.expect("src can be read").path();
            if path.is_dir() {
                // A typeface is no source.
                folders.extend(Some(path).filter(|path| !path.ends_with("fonts")));
            } else if !path.ends_with("tests.rs") {
                // What stands behind `cfg(test)`, in a file of its own.
                files.push(path);
            }
        }
    }
    assert!(files.len() > 30, "the crate has modules");
    files.sort();
    files
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).expect("a source file can be read")
}

/// The code of a file: without comments and unit tests.
fn code(file: &Path) -> String {
    let text = text(file);
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| line.to_owned() + "\n").collect()
}

/// The path of a file below src.
fn place(file: &Path) -> String {
    let below = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    below.expect("a file of src").to_string_lossy().into_owned()
}

/// The module that a file is, as a path: `network/linear/mod.rs` is network and linear.
fn module(file: &Path) -> Vec<String> {
    let place = place(file);
    let names = place.trim_end_matches(".rs").split('/');
    names
        .filter(|name| *name != "mod")
        .map(str::to_owned)
        .collect()
}

fn order(module: &str) -> Option<usize> {
    MODULES.iter().position(|known| *known == module)
}

/// The paths of a `use`, without its braces.
fn expanded(tree: &str) -> Vec<String> {
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.trim().to_owned()];
    };
    let inner = rest.rsplit_once('}').map_or("", |(inner, _)| inner);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => (),
        }
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().expect("one at least").push(c);
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts
        .flat_map(|part| expanded(part))
        .map(|part| format!("{}{part}", head.trim()))
        .collect()
}

/// What a file imports from the crate, as paths from its root.
fn imports(file: &Path) -> Vec<Vec<String>> {
    let (own, code) = (module(file), code(file));
    let is_use = |line: &str| {
        let visible = line.split_once("use ").map(|(before, _)| before);
        visible.is_some_and(|before| before.is_empty() || before.starts_with("pub"))
    };
    let mut statements = Vec::new();
    let mut lines = code.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if is_use(line) {
            let mut statement = line.to_owned();
            while !statement.ends_with(';') {
                statement += " ";
                statement += lines.next().expect("a `use` ends");
            }
            statements.push(statement);
        }
    }
    let mut found = Vec::new();
    for statement in statements {
        let (_, tree) = statement.split_once("use ").expect("a `use`");
        for path in expanded(tree.trim_end_matches(';')) {
            let mut names: Vec<String> = path.split("::").map(str::to_owned).collect();
            let above = names.iter().take_while(|name| *name == "super").count();
            let base = match names[0].as_str() {
                "crate" => Vec::new(),
                "super" => own[..own.len() - above].to_vec(),
                "self" => own.clone(),
                // A sub-module of its own, or another crate.
                name if is_module(&[&own[..], &[name.to_owned()]].concat()) => {
                    names.insert(0, String::new());
                    own.clone()
                }
                _ => continue,
            };
            names.drain(..above.max(1));
            found.push([base, names].concat());
        }
    }
    found
}

fn is_module(path: &[String]) -> bool {
    let place = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .join(path.join("/"));
    place.is_dir() || place.with_extension("rs").is_file()
}

/// What the mod.rs of a folder hands on from a module inside: the name, and the module.
fn handed_on(folder: &[String]) -> Vec<(String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .join(folder.join("/"))
        .join("mod.rs");
    let imports = imports(&file).into_iter();
    let inside = imports.filter(|path| path.starts_with(folder) && path.len() > folder.len() + 1);
    inside
        .map(|path| (path[path.len() - 1].clone(), path[folder.len()].clone()))
        .collect()
}

/// Where what a file imports lies inside of a folder.
enum From {
    /// In this module, beside the one of the file.
    Beside(String),
    /// In the mod.rs of the folder.
    Above(String),
}

/// What the files below a folder import from it: the file, its module in the folder, and where the import lies.
fn inside(folder: &str) -> Vec<(PathBuf, String, From)> {
    let path: Vec<String> = folder.split('/').map(str::to_owned).collect();
    let handed_on = handed_on(&path);
    let mut found = Vec::new();
    for file in sources() {
        let own = module(&file);
        if !own.starts_with(&path) || own.len() == path.len() {
            continue;
        }
        let own = own[path.len()].clone();
        for import in imports(&file) {
            if !import.starts_with(&path) || import.len() == path.len() {
                continue;
            }
            let name = &import[path.len()];
            let beside = handed_on.iter().find(|(handed, _)| handed == name);
            let from = if is_module(&import[..=path.len()]) {
                From::Beside(name.clone())
            } else if let Some((_, module)) = beside {
                From::Beside(module.clone())
            } else {
                From::Above(name.clone())
            };
            found.push((file.clone(), own.clone(), from));
        }
    }
    found
}

/// The modules of the crate that code names, by `use crate::` or by a path.
fn named(code: &str) -> Vec<String> {
    let name = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let names = code.split("crate::").skip(1).map(name);
    names
        .filter(|name: &String| order(name).is_some())
        .collect()
}

#[test]
fn no_module_imports_one_that_stands_later_on_the_way_of_the_data() {
    let mut imports = 0;
    for file in sources() {
        let own = module(&file).remove(0);
        let Some(own_order) = order(&own) else {
            continue;
        };
        for other in named(&code(&file)) {
            imports += 1;
            assert!(
                order(&other) <= Some(own_order),
                "{}: `{own}` imports `{other}`, which stands after it",
                file.display()
            );
        }
    }
    assert!(imports > 20, "the imports were found");
}

#[test]
fn inside_of_a_folder_no_module_imports_one_that_stands_later() {
    let mut imports = 0;
    for (folder, modules) in INSIDE {
        let order = |module: &str| {
            let mut places = modules.split(' ');
            let place = places.position(|names| names.split('+').any(|name| name == module));
            place.unwrap_or_else(|| {
                panic!("{folder}/{module} has no place in the order of {folder}")
            })
        };
        for (file, own, from) in inside(folder) {
            let From::Beside(other) = from else { continue };
            imports += 1;
            assert!(
                order(&other) <= order(&own),
                "{}: `{own}` imports `{other}`, which stands after it",
                file.display()
            );
        }
    }
    assert!(imports > 100, "the imports were found");
}

#[test]
fn every_module_has_its_place_in_an_order() {
    for file in sources() {
        let path = module(&file);
        let first = &path[0];
        assert!(
            order(first).is_some() || first == "main" || first == "lib",
            "{first} has no place yet"
        );
        let folder = path[..path.len() - 1].join("/");
        let rust = file.extension().is_some_and(|extension| extension == "rs");
        let siblings = INSIDE.iter().find(|(known, _)| *known == folder);
        if let (true, Some((_, modules))) = (rust, siblings) {
            let own = &path[path.len() - 1];
            assert!(
                modules.split([' ', '+']).any(|name| name == own),
                "{folder}/{own} has no place in the order of {folder}"
            );
        }
    }
}

#[test]
fn files_take_types_and_few_functions_from_the_file_above_them() {
    let mut taken: Vec<String> = Vec::new();
    for (folder, _) in INSIDE {
        for (_, _, from) in inside(folder) {
            let From::Above(name) = from else { continue };
            let is_type = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
            if !is_type {
                taken.push(format!("{folder}::{name}"));
            }
        }
    }
    taken.sort();
    taken.dedup();
    assert_eq!(taken.len(), TAKEN_FROM_ABOVE, "{taken:#?}");
}

#[test]
fn a_rule_a_map_a_figure_and_a_format_are_named_in_few_files() {
    for (what, words, places) in NAMED {
        let files = sources().into_iter().filter(|file| {
            let (code, rust) = (code(file), file.extension());
            rust.is_some_and(|extension| extension == "rs")
                && words.iter().any(|word| code.contains(word))
        });
        let found: Vec<String> = files.map(|file| place(&file)).collect();
        assert_eq!(found, places, "files that name {what}");
    }
}

#[test]
fn no_file_is_longer_than_a_head_can_hold() {
    for file in sources() {
        let lines = text(&file).lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{} has {lines} lines",
            file.display()
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in sources() {
        let purpose = match file.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => "//!",
            // A chapter of the manual begins with its title.
            Some("md") => "# ",
            // Style and script of the pages begin with a comment of their own language.
            _ => "/* ",
        };
        assert!(
            text(&file).starts_with(purpose),
            "{} begins with its purpose",
            file.display()
        );
    }
}

#[test]
fn unsafe_stands_where_instructions_are_chosen_and_in_products_and_mapped_files_only() {
    for file in sources() {
        let place = place(&file);
        assert_eq!(
            code(&file).contains("unsafe "),
            [
                "network/instructions.rs",
                "network/mapped.rs",
                "network/matmul/mod.rs"
            ]
            .contains(&&*place),
            "{place}"
        );
    }
}

#[test]
fn every_block_of_unsafe_is_allowed_on_its_own_and_follows_its_proof() {
    let manifest = text(&Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
    assert!(manifest.contains("\nunsafe_code = \"deny\"\n"));
    let mut seen = 0;
    for file in sources() {
        let (place, text) = (place(&file), text(&file));
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        let begins = |line: &&str| line.contains("unsafe {") && !line.starts_with("//");
        let blocks = lines.iter().filter(|line| begins(line)).count();
        let allowed = lines
            .iter()
            .filter(|line| line.contains("allow(unsafe_code"));
        assert_eq!(allowed.count(), blocks, "{place}: one permit a block");
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| begins(line)) {
            let proof = lines[..at].iter().rev();
            let proof: Vec<_> = proof.take_while(|line| line.starts_with("// ")).collect();
            let first = proof.last().unwrap_or_else(|| panic!("{place}: no proof"));
            assert!(first.starts_with("// SAFETY: "), "{place}: {first}");
            let permit = lines[at - proof.len() - 1];
            assert!(
                permit.starts_with("#[allow(unsafe_code, reason = \""),
                "{place}: {permit}"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 4, "blocks");
}

#[test]
fn nothing_runs_before_main_but_the_look_at_stdout() {
    for file in sources() {
        let place = place(&file);
        assert_eq!(
            code(&file).contains("ctor(unsafe)"),
            place == "cli/stdout.rs",
            "{place}"
        );
    }
}
