//! Where the time goes between a file of digits and a file of arrays: each step alone, on 10,000 digits and mnist-32.

use std::fs;
use std::io::{self, Cursor};
use std::path::Path;

use deeptaylor::data::Data;
use deeptaylor::ndarray::{Array2, s};
use deeptaylor::render::Npz;
use deeptaylor::result::{Figures, NetworkInfo, Sample, Whole};
use deeptaylor::samples::ReadOptions;
use deeptaylor::{Error, Explainer, Levels, Network, Plan, Rule, Samples, Target};

use super::{rounded, seconds};

const DIGITS: usize = 10_000;
/// As many as the program explains at once.
const BATCH: usize = 256;
const ROUNDS: usize = 5;

/// The best of several rounds of each step, in seconds, and how many samples a second the library explains.
pub fn measure() -> Result<serde_json::Map<String, serde_json::Value>, Error> {
    let network = Network::read("example:mnist-32")?;
    let samples = digits();
    let folder = tempfile::tempdir().map_err(unwritten)?;
    let file = folder.path().join("digits.npy");
    fs::write(&file, array(&samples)).map_err(unwritten)?;
    let plan = Plan::of(&network, Rule::WSquared)?;
    let info = NetworkInfo::new(&network, &plan);
    let mut explainer = Explainer::new(&plan);
    let mut levels = Levels::default();
    let batches = || (0..DIGITS).step_by(BATCH);
    let batch = |n: usize| samples.slice(s![n..DIGITS.min(n + BATCH), ..]);

    let names = ["read", "forward", "explain", "bare", "words", "write"];
    let mut best = [f64::INFINITY; 6];
    for _ in 0..ROUNDS {
        let reading = seconds(|| read(&file, &network))?;
        let forward =
            seconds(|| batches().try_for_each(|n| network.forward(batch(n), &mut levels)))?;
        let (mut bare, mut words, mut write) = (0.0, 0.0, 0.0);
        let mut npz = Npz::new(&info, &[1, 28, 28], &[], &["w2"], Figures::Usual, Vec::new);
        let explain = seconds(|| {
            batches().try_for_each(|n| {
                let found = explainer.explain(batch(n), &Target::Max)?;
                let mut results = Vec::new();
                bare += seconds(|| {
                    results = Sample::bare_of_batch(&info, &found, &Whole::Levels(vec![0]));
                    Ok(())
                })?;
                words += seconds(|| {
                    drop(Sample::of_batch(&info, &plan, &found));
                    Ok(())
                })?;
                write += seconds(|| {
                    let mut results = (n..).zip(&results);
                    results
                        .try_for_each(|(n, sample)| npz.sample(n, std::slice::from_ref(sample)))
                        .map_err(unwritten)
                })?;
                Ok(())
            })
        })? - bare
            - words
            - write;
        write += seconds(|| {
            let mut file = npz
                .finish(|array| Ok(Cursor::new(array)))
                .map_err(unwritten)?;
            io::copy(&mut file, &mut io::sink()).map_err(unwritten)?;
            Ok(())
        })?;
        let round = [reading, forward, explain, bare, words, write];
        best = std::array::from_fn(|step| best[step].min(round[step]));
    }
    let mut result: serde_json::Map<String, serde_json::Value> = names
        .iter()
        .zip(best)
        .map(|(name, seconds)| ((*name).to_owned(), rounded(seconds, 1e4)))
        .collect();
    let rate = rounded(DIGITS as f64 / best[2], 1.0);
    result.insert("explained_a_second".to_owned(), rate);
    Ok(result)
}

fn read(file: &Path, network: &Network) -> Result<(), Error> {
    let samples = Samples::open(file, network, ReadOptions::default())?;
    samples.into_iter().try_for_each(|record| record.map(drop))
}

/// The built-in digits, over and over.
fn digits() -> Array2<f64> {
    let known = Data::built_in().train;
    let images: Vec<usize> = (0..DIGITS).map(|n| n % known.len()).collect();
    known.samples(&images)
}

/// A file of NumPy.
fn array(samples: &Array2<f64>) -> Vec<u8> {
    let (rows, columns) = samples.dim();
    let described =
        format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let mut file = b"\x93NUMPY\x01\0\x76\0".to_vec();
    file.extend(format!("{described:117}\n").as_bytes());
    file.extend(samples.iter().flat_map(|x| x.to_le_bytes()));
    file
}

fn unwritten(reason: io::Error) -> Error {
    Error::Unreadable {
        file: "digits.npy".to_owned(),
        reason,
    }
}
