//! `deeptaylor convert`: a network in another format.

use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::error::Invalid;
use deeptaylor::network::{Loaded, Onnx, Precision, WithTensors};
use deeptaylor::words::listed;
use deeptaylor::{Layer, Network};

use super::destination::Destination;
use super::failure::note;
use super::network::ModelArgs;
use super::quiet::QuietArgs;
use super::{Failure, Status, output};

/// A network file with more weights is better read by programs than by people: they go into a file of tensors.
const MANY: usize = 100_000;

#[derive(Args)]
pub struct ConvertArgs {
    /// The network file or ONNX model, or example:NAME; '-' reads it from stdin
    network: PathBuf,

    #[command(flatten)]
    model: ModelArgs,

    /// Put the weights into a safetensors file beside the network file, however few there are
    #[arg(long, help_heading = "Output")]
    tensors: bool,

    /// Write the weights into the network file, however many there are
    #[arg(long, conflicts_with = "tensors", help_heading = "Output")]
    inline: bool,

    /// Write numbers of 64 bits into an ONNX file; convolutions and average pools have none
    #[arg(long, conflicts_with_all = ["tensors", "inline"], help_heading = "Output")]
    double: bool,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    quiet: QuietArgs,
}

/// What is written, and where.
enum Form<'f> {
    /// A network file, to stdout where there is no file.
    Json(Option<&'f Path>),
    /// An ONNX file.
    Onnx(&'f Path),
}

impl ConvertArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.destination.check([self.network.as_path()])?;
        let form = self.form()?;
        let written = self.destination.file();
        let loaded = self.model.explained(&self.network, written)?;
        match form {
            _ if self.quiet.is_silent(&self.destination) => {}
            Form::Json(file) => self.json(&loaded, file)?,
            Form::Onnx(file) => self.onnx(&loaded.network, file)?,
        }
        Ok(Status::Holds)
    }

    /// What the ending of the output says; refuses options of the other form.
    fn form(&self) -> Result<Form<'_>, Failure> {
        let file = self.destination.output.as_deref();
        let file = file.filter(|file| !output::is_stdout(file));
        let ending = file.map(|file| file.extension().unwrap_or_default().to_string_lossy());
        let refused = |what: &str| {
            let file = file.map_or("-".to_owned(), |file| file.display().to_string());
            Err(Failure::Usage(format!("-o {file}: {what}")))
        };
        match (file, ending.map(|ending| ending.to_lowercase()).as_deref()) {
            (None, _) if self.tensors => refused(
                "--tensors needs a file that the tensors can lie beside\n  help: name it: -o net.json",
            ),
            (file, None | Some("json")) if !self.double => Ok(Form::Json(file)),
            (_, None | Some("json")) => refused(
                "--double is for ONNX files; a network file has every number as it is\n  help: leave it out, or name an .onnx file",
            ),
            (Some(_), Some("onnx")) if self.tensors || self.inline => refused(
                "--tensors and --inline are for network files; an ONNX file holds its weights itself\n  help: leave them out, or name a .json file",
            ),
            (Some(file), Some("onnx")) => Ok(Form::Onnx(file)),
            (_, Some("safetensors")) => refused(
                "a safetensors file has weights alone, and no network\n  help: write -o net.json --tensors; its weights go into net.safetensors",
            ),
            _ => refused(
                "the ending says the format, and it is neither .json nor .onnx\n  help: name it so: -o net.json, -o net.onnx",
            ),
        }
    }

    /// The network file, alone or with a file of tensors.
    fn json(&self, loaded: &Loaded, file: Option<&Path>) -> Result<(), Failure> {
        let network = &loaded.network;
        let branches = network.layers().iter().flat_map(Layer::branches);
        let weights: usize = branches.map(|branch| branch.map().parameters()).sum();
        let beside = file.filter(|_| self.tensors || weights > MANY && !self.inline);
        let Some(file) = beside else {
            let text = network.to_json();
            network.check_unchanged()?;
            return self.destination.data(text.as_bytes());
        };
        let tensors = file.with_extension("safetensors");
        output::check(&tensors, self.destination.force)?;
        let read = loaded.weights.iter().chain([&self.network]);
        output::apart(&tensors, read.map(PathBuf::as_path))?;
        let name = tensors.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| {
            let help = "give it another name, or write the weights as numbers: --inline";
            Failure::Usage(format!(
                "{}: a network file cannot refer to a name that is not Unicode\n  help: {help}",
                tensors.display()
            ))
        })?;
        let written = network.to_json_with_tensors(name);
        let written = written.map_err(|invalid| self.cannot(&invalid))?;
        network.check_unchanged()?;
        let files = [
            (&*tensors, &written.tensors[..]),
            (file, written.json.as_bytes()),
        ];
        output::to_files(&files, self.destination.force)?;
        note(&about_tensors(&tensors, &written));
        Ok(())
    }

    fn onnx(&self, network: &Network, file: &Path) -> Result<(), Failure> {
        let precision = if self.double {
            Precision::Double
        } else {
            Precision::Single
        };
        let onnx = network.to_onnx(precision);
        let onnx = onnx.map_err(|invalid| self.cannot(&invalid))?;
        network.check_unchanged()?;
        self.destination.data(&onnx.bytes[..])?;
        for text in about_onnx(file, &onnx) {
            note(&text);
        }
        Ok(())
    }

    fn cannot(&self, invalid: &Invalid) -> Failure {
        Failure::Usage(format!("{}: {invalid}", self.network.display()))
    }
}

fn about_tensors(file: &Path, written: &WithTensors) -> String {
    let numbers = match written.precision {
        Precision::Single => "32 bits, which keep every one of them as it is",
        Precision::Double => "64 bits",
    };
    format!("the weights stand in {}, in {numbers}", file.display())
}

/// What became of a network in an ONNX file, as far as it is not as it was.
fn about_onnx(file: &Path, onnx: &Onnx) -> Vec<String> {
    let file = file.display();
    let mut notes = Vec::new();
    if let Some(rounding) = &onnx.rounding {
        notes.push(format!(
            "weights and biases are rounded to 32 bits in {file}, by {:.2e} at most: {} of {} is {} there",
            rounding.size(),
            rounding.exact,
            rounding.place,
            rounding.written
        ));
    }
    if !onnx.in_metadata.is_empty() {
        let what: Vec<String> = onnx
            .in_metadata
            .iter()
            .map(|key| (*key).to_owned())
            .collect();
        let all = what.len();
        notes.push(format!(
            "ONNX has no place for {}: in {file} they are metadata, which other programs do not look at",
            listed(what, all)
        ));
    }
    if let Some(samples) = &onnx.left_out {
        notes.push(format!(
            "ONNX has no place for {samples}, left out of {file}"
        ));
    }
    notes
}
