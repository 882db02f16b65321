//! `deeptaylor man`: the man pages, printed or written into a folder.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use deeptaylor::spelling::did_you_mean;

use super::destination::Destination;
use super::{Cli, Failure, Status, output};

const EXAMPLES: &str = "\
Examples:
  deeptaylor man | man -l -                             the page of the program, to read
  deeptaylor man explain | man -l -                     that of one command
  deeptaylor man --all ~/.local/share/man/man1          every page, where man finds it";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ManArgs {
    /// The command whose page it is; without one, the page is that of the program
    #[arg(value_name = "COMMAND")]
    of: Option<String>,

    /// Write the pages of the program and of all its commands into this folder, as deeptaylor.1, deeptaylor-explain.1 and
    /// so on
    #[arg(long, value_name = "DIR", conflicts_with_all = ["of", "output"], help_heading = "Output")]
    all: Option<PathBuf>,

    #[command(flatten)]
    destination: Destination,
}

impl ManArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        // What `help` does stands on every page.
        let mut program = Cli::command().disable_help_subcommand(true);
        program.build();
        if let Some(folder) = &self.all {
            self.write_all(&program, folder)?;
        } else {
            self.destination.check([])?;
            self.destination.data(&page(&self.found(&program)?)?[..])?;
        }
        Ok(Status::Holds)
    }

    /// The command whose page is asked for.
    fn found(&self, program: &Command) -> Result<Command, Failure> {
        let Some(name) = &self.of else {
            return Ok(program.clone());
        };
        let command = program.find_subcommand(name).cloned();
        command.ok_or_else(|| {
            let known: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
            Failure::Usage(format!(
                "expected a command of deeptaylor, found {name}\n  help: {}",
                did_you_mean(name, known.into_iter())
            ))
        })
    }

    /// Every page, or none: they belong together.
    fn write_all(&self, program: &Command, folder: &Path) -> Result<(), Failure> {
        if output::is_stdout(folder) {
            return Err(Failure::Usage(
                "--all: expected a folder, found the standard output\n  help: deeptaylor man COMMAND prints one page"
                    .to_owned(),
            ));
        }
        let commands = std::iter::once(program).chain(program.get_subcommands());
        let pages = commands.map(|command| {
            let name = command.get_display_name().unwrap_or(command.get_name());
            Ok((folder.join(format!("{name}.1")), page(command)?))
        });
        let pages = pages.collect::<Result<Vec<_>, Failure>>()?;
        let new = folder.ancestors();
        let new = new.take_while(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        let new: Vec<&Path> = new.collect();
        let made = fs::create_dir_all(folder).map_err(|error| {
            let (folder, reason) = (folder.display(), output::reason(&error));
            Failure::Usage(format!("--all {folder}: cannot be made a folder: {reason}"))
        });
        let files = pages.iter().map(|(file, page)| (file, &page[..]));
        let files: Vec<_> = files.collect();
        let written = made.and_then(|()| output::to_files(&files, self.destination.force));
        if written.is_err() {
            // They hold nothing.
            for folder in new {
                let _ = fs::remove_dir(folder);
            }
        }
        written
    }
}

/// The page of a command, the same on every machine.
fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let man = Man::new(command.clone())
        .source(concat!("deeptaylor ", env!("CARGO_PKG_VERSION")))
        .manual("deeptaylor");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let notes = command.get_after_long_help();
    if let Some(notes) = notes.or(command.get_after_help()) {
        // Their columns stay as they are, which a filled paragraph would not keep.
        let mut roff = Roff::default();
        roff.control("SH", ["NOTES"]).control("nf", []);
        roff.text([roman(notes.to_string())]).control("fi", []);
        roff.to_writer(&mut page)?;
    }
    Ok(page)
}
