//! `deeptaylor example`: the built-in networks.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use deeptaylor::Network;
use deeptaylor::network::Example as Entry;

use super::destination::Destination;
use super::table::table;
use super::{Failure, Status, width};

const EXAMPLES: &str = "\
Wherever a command takes a NETWORK, example:NAME stands for one of these: deeptaylor explain example:lines

Examples:
  deeptaylor example                                    which networks there are
  deeptaylor example figure-4                           one of them, to read
  deeptaylor example figure-4 -o mine.json              a file to start your own network from";

/// The units of more levels than this are not listed.
const MOST_LEVELS: usize = 5;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ExampleArgs {
    /// The network file to print; without a name, they are listed
    #[arg(value_parser = names())]
    name: Option<String>,

    #[command(flatten)]
    destination: Destination,
}

fn names() -> PossibleValuesParser {
    let names = Entry::ALL.iter();
    PossibleValuesParser::new(names.map(|entry| PossibleValue::new(entry.name).help(entry.shows)))
}

impl ExampleArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.destination.check([])?;
        match &self.name {
            Some(name) => {
                self.destination.check_json()?;
                self.destination.data(Entry::find(name)?.file)?;
            }
            None => self.destination.text(&list()?)?,
        }
        Ok(Status::Holds)
    }
}

/// The networks: name, units of each level, what it shows.
fn list() -> Result<String, Failure> {
    let mut rows = vec![["name", "units", "shows"].map(str::to_owned).to_vec()];
    for entry in Entry::ALL {
        let network = Network::parse(entry.name, entry.file)?;
        rows.push(vec![
            entry.name.to_owned(),
            units(&network),
            entry.shows.to_owned(),
        ]);
    }
    Ok(format!(
        "{}\nnext  deeptaylor explain example:lines         explains one\n      \
         deeptaylor example lines -o lines.json   writes its file, to change it\n",
        table(&rows, width())
    ))
}

/// The units of each level, those between the ends left out where there are many.
fn units(network: &Network) -> String {
    let units: Vec<String> = network.units().iter().map(usize::to_string).collect();
    match &units[..] {
        [first, _, .., _, last] if units.len() > MOST_LEVELS => format!("{first} → … → {last}"),
        all => all.join(" → "),
    }
}
