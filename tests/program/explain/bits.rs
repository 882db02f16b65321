//! The same bits from a file, from a pipe, alone or in a batch, and on any number of threads.

use std::fs;

use crate::program::{fed, program, run};
use deeptaylor::compare::draw_samples;
use deeptaylor::init::Architecture;
use serde_json::Value;

/// The lines of a stream, without the number of the sample, which a pipe of one cannot know.
fn lines(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8(output.to_vec()).expect("UTF-8");
    let line = |line: &str| {
        let mut sample: Value = serde_json::from_str(line).expect("JSON");
        let sample = sample.as_object_mut().expect("an object");
        sample.remove("sample");
        serde_json::to_string(sample).expect("JSON")
    };
    text.lines().map(line).collect()
}

#[test]
fn file_pipe_batch_and_threads_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (network, samples) = (path("network.json"), path("samples.jsonl"));
    let architecture: Architecture = "1x30x30,60,24,pool:3".parse().expect("layers");
    let (scheme, bias) = ("he-normal".parse(), "normal:0,0.1".parse());
    let drawn = architecture
        .draw(scheme.expect("a scheme"), Some(bias.expect("a bias")), 1)
        .expect("finite");
    fs::write(&network, drawn.to_json()).expect("written");
    // Of both signs, nowhere below 0, and dark.
    let mut rows = draw_samples(drawn.input(), 900, 23, 5);
    for (n, mut row) in rows.rows_mut().into_iter().enumerate() {
        row.mapv_inplace(|x| match n % 3 {
            0 => x.abs(),
            1 if n > 10 => 0.0,
            _ => x - 0.5,
        });
    }
    let text: Vec<String> = (rows.rows().into_iter())
        .map(|row| serde_json::to_string(&row.to_vec()).expect("JSON"))
        .collect();
    fs::write(&samples, text.join("\n")).expect("written");
    for options in [
        &["--rule", "z+"][..],
        &["--rule", "w2", "--target", "all"],
        &["--layer-rule", "1=flat", "--expansion"],
    ] {
        let explain = |from| {
            [
                &["explain", &network, "--format", "jsonl", "--inputs", from],
                options,
            ]
            .concat()
        };
        let file = lines(&run(&explain(&samples)).stdout);
        assert_eq!(file.len(), text.len());
        assert!(
            file == lines(&fed(&explain("-"), text.join("\n").as_bytes()).stdout),
            "a pipe"
        );
        for threads in ["1", "2", "7"] {
            let output = program(&explain(&samples))
                .env("RAYON_NUM_THREADS", threads)
                .output();
            assert!(
                file == lines(&output.expect("it runs").stdout),
                "{threads} threads"
            );
        }
        for n in [0, 4, 13, 22] {
            let alone = fed(&explain("-"), text[n].as_bytes());
            assert_eq!(lines(&alone.stdout), file[n..=n], "sample {n} alone");
        }
        let odd: Vec<&str> = text.iter().skip(1).step_by(2).map(String::as_str).collect();
        let odd = lines(&fed(&explain("-"), odd.join("\n").as_bytes()).stdout);
        assert!(
            odd.iter().eq(file.iter().skip(1).step_by(2)),
            "every other sample"
        );
    }
}
