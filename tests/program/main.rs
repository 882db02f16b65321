//! Tests of the built program: what it prints, writes, refuses and returns.

#[path = "../helpers/arrays.rs"]
#[allow(dead_code, reason = "each test program takes its part")]
mod arrays_written;
#[path = "../helpers/gzip.rs"]
mod gzip;
#[cfg(unix)]
mod limited;
#[path = "../helpers/npz.rs"]
mod npz;
#[allow(dead_code, reason = "the tests of the library use all of it")]
#[path = "../helpers/onnx.rs"]
mod onnx_build;
mod pictures;
#[path = "../helpers/program.rs"]
mod program;
#[path = "../helpers/python.rs"]
mod python;
#[path = "../helpers/read_back.rs"]
mod read_back;
mod refusal;
mod result;
mod runtimes;
mod same_results;
#[path = "../helpers/skip.rs"]
mod skip;
#[path = "../helpers/written.rs"]
mod written;

mod usage {
    mod bad_usage;
    mod command_line;
    mod example;
    #[cfg(unix)]
    mod exercise;
    #[cfg(unix)]
    pub mod interrupted;
    mod man;
    mod pipes;
    #[cfg(unix)]
    mod progress;
    mod version;
}

mod files {
    mod arrays;
    mod bad_networks;
    mod convert;
    mod onnx;
    mod samples;
    mod schema;
    mod tables;
}

mod explain {
    mod arrays;
    mod asked;
    mod audit;
    mod bits;
    mod cli;
    mod extremes;
    mod formats;
    mod gradients;
    mod graphs;
    #[cfg(unix)]
    mod images;
    mod plans;
    mod side_by_side;
    mod size;
    mod summary;
    mod targets;
    mod taylor;
}

mod compare {
    mod comparison;
    mod init;
    mod seeds;
}

mod diff {
    mod differences;
}

mod evaluate {
    mod evaluation;
}

mod train {
    mod training;
    mod training_data;
    mod training_files;
}

mod report {
    mod figures;
    mod lines;
    mod pages;
    mod papers;
    mod results;
}

#[cfg(unix)]
mod promises {
    mod disks;
    mod ended;
    mod hostile;
    mod inputs;
    mod limits;
    #[cfg(target_os = "linux")]
    mod memory;
    mod side_by_side;
    mod weights;
    mod works;
}

mod docs {
    mod examples;
    mod models;
    mod package;
    mod pieces;
    mod readme;
}
