//! Formats with a row a sample keep nothing of a sample: what they write is handed on before the next one.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Write};
use std::rc::Rc;

use deeptaylor::render::{Csv, CsvWide, Names, Npz, RuleColumn};
use deeptaylor::result::{Figures, NetworkInfo, Sample};
use deeptaylor::{Explainer, Network, Plan, Rule, Target};
use ndarray::Array2;

/// Counts bytes, and holds none.
#[derive(Clone, Default)]
struct Counter(Rc<Cell<usize>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn samples(network: &Network, number: usize) -> (NetworkInfo, Vec<Sample>) {
    let plan = Plan::of(network, Rule::WSquared).expect("w² is defined everywhere");
    let info = NetworkInfo::new(network, &plan);
    let x = Array2::from_shape_fn((number, network.input_units()), |(n, i)| {
        (n * 7 + i) as f64 / 100.0
    });
    let mut explainer = Explainer::new(&plan);
    let batch = explainer.explain(x.view(), &Target::Max);
    let samples = Sample::of_batch(&info, &plan, &batch.expect("finite values"));
    (info, samples)
}

#[test]
fn every_sample_of_arrays_adds_as_many_bytes_and_none_waits() {
    let network = Network::read("example:lines").expect("it comes along");
    let (info, samples) = samples(&network, 50);
    let written = Counter::default();
    let array = network.input().array_shape();
    let mut npz = Npz::new(&info, &array, &[1, 2], &[], Figures::Usual, || {
        written.clone()
    });
    for (n, sample) in samples.iter().enumerate() {
        npz.sample(n, std::slice::from_ref(sample))
            .expect("a counter takes everything");
        let units: usize = info.layers[..3].iter().map(|level| level.units).sum();
        // Of numbers sample, target, minus, value and three figures; two texts of no letters, each behind its length.
        let each = 8 * (units + 7) + 2 * 4;
        assert_eq!(written.0.get(), (n + 1) * each);
    }
}

#[test]
fn every_row_of_a_table_is_handed_on_at_once() {
    let network = Network::read("example:lines").expect("it comes along");
    let (info, samples) = samples(&network, 50);
    let (mut long, mut wide) = (Counter::default(), Counter::default());
    let (rule, names) = (RuleColumn::Absent, Names::AsTheyAre);
    let csv = Csv::new(&info, rule, names);
    let csv_wide = CsvWide::new(&info, &[], rule, Figures::Usual, names);
    for (n, sample) in samples.iter().enumerate() {
        let before = [long.0.get(), wide.0.get()];
        csv.sample(n, "w2", sample, &mut long)
            .expect("it takes everything");
        csv_wide
            .sample(n, "w2", sample, &mut wide)
            .expect("it takes everything");
        assert!(long.0.get() > before[0] && wide.0.get() > before[1]);
    }
}

#[test]
fn arrays_of_no_sample_are_a_file_all_the_same() {
    let network = Network::read("example:lines").expect("it comes along");
    let (info, _) = samples(&network, 1);
    let npz = Npz::new(
        &info,
        &network.input().array_shape(),
        &[],
        &[],
        Figures::Usual,
        Vec::new,
    );
    let mut file = Vec::new();
    npz.finish(|bytes| Ok(Cursor::new(bytes)))
        .and_then(|mut read| read.read_to_end(&mut file))
        .expect("memory can be read");
    let text = String::from_utf8_lossy(&file);
    assert!(text.contains("'shape': (0,), }") && text.contains("'shape': (0, 1, 3, 3), }"));
}
