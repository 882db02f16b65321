//! Tests of the library alone: nothing here runs the program.

#[path = "../helpers/arrays.rs"]
#[allow(dead_code, reason = "each test program takes its part")]
mod arrays_written;
#[path = "../helpers/gzip.rs"]
mod gzip;
mod oracle;
mod random;
#[path = "../helpers/read_back.rs"]
mod read_back;
#[path = "../helpers/written.rs"]
mod written;

mod architecture;
mod arrays;
mod audit;
mod beside;
mod bits;
mod compare;
mod difference;
mod evaluate;
mod exact_graph;
mod expansion;
mod expansion_by_hand;
mod extremes;
mod fractions;
mod function;
mod fuzzed;
mod golden;
mod graph;
mod graph_results;
mod hand;
mod handed_on;
mod hostile;
mod init;
mod network_faults;
mod network_files;
mod onnx;
mod onnx_written;
mod plans;
mod properties;
mod reading;
mod results;
mod rules;
mod samples;
mod singles;
mod targets;
mod tensors;
