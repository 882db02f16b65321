//! The real networks that a chapter explains. They lie beside the project, and the pictures made of them in examples/.

use std::fs;
use std::path::Path;

fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The words of a page that are files of that ending, each once.
fn files<'t>(page: &'t str, ending: &str) -> Vec<&'t str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let words = page.split(|c| !is_of_name(c));
    let mut files: Vec<&str> = words.filter(|word| word.ends_with(ending)).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Copies the models that the page explains, with their samples, into the folder of its commands; else the model that is
/// not there.
pub fn lay_out(page: &str, folder: &Path) -> Result<(), String> {
    let models = here("../shared/models");
    let explained = |name: &&str| page.contains(&format!("\n$ deeptaylor inspect {name}"));
    for model in files(page, ".onnx").into_iter().filter(explained) {
        let samples = model.replace(".onnx", ".npz");
        let samples = page.contains(&samples).then_some(samples);
        for file in [model.to_owned()].into_iter().chain(samples) {
            let Ok(bytes) = fs::read(models.join(&file)) else {
                return Err(file);
            };
            fs::write(folder.join(&file), bytes).expect("a file");
        }
    }
    Ok(())
}

/// The pictures of examples/ that the page names and its commands draw otherwise now; with `update` they take the place of
/// those.
pub fn other_pictures(page: &str, folder: &Path, update: bool) -> String {
    let mut other = String::new();
    for picture in files(page, ".png") {
        let Some(name) = picture.strip_prefix("examples/") else {
            continue;
        };
        let Ok(drawn) = fs::read(folder.join(name)) else {
            continue;
        };
        assert!(drawn.len() < 60_000, "{name}: {} bytes", drawn.len());
        if update {
            fs::write(here(picture), drawn).expect("a picture can be written");
        } else if fs::read(here(picture)).ok() != Some(drawn) {
            other += &format!("{picture} is not what the commands draw\n\n");
        }
    }
    other
}
