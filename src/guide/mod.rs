//! The manual, a chapter a page. `deeptaylor guide CHAPTER` shows the same in the terminal.
//!
//! [`exercise`] is where to begin: it goes from a network of a few units to one that learns, in commands to copy.

/// A chapter of the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chapter {
    /// Its name, as `deeptaylor guide` takes it.
    pub name: &'static str,
    /// What it is about, in one line.
    pub about: &'static str,
    /// Its text, in Markdown.
    pub text: &'static str,
}

/// Where the names of chapters lead on these pages. Each file says at its end where they lead among the files; what is
/// said first counts.
macro_rules! links {
    () => {
        "

[exercise]: exercise
[mathematics]: mathematics
[rules]: rules
[proof]: proof
[beside]: beside
[comparing]: comparing
[evaluating]: evaluating
[training]: training
[convolution]: convolution
[real-network]: real_network
[reports]: reports
[network-file]: network_file
[samples]: samples
[results]: results
[differences]: differences
[glossary]: glossary
[testing]: testing
[speed]: speed
[scaling-out]: scaling_out
[limits]: limits
[contributing]: contributing
[changelog]: changelog

"
    };
}

macro_rules! chapters {
    ($($module:ident $name:literal $about:literal)*) => {
        impl Chapter {
            /// The chapters, in the order in which they are best read.
            pub const ALL: &[Self] = &[$(Self {
                name: $name,
                about: $about,
                text: include_str!(concat!(stringify!($module), ".md")),
            }),*];
        }

        $(
            #[doc = $about]
            #[doc = links!()]
            #[doc = include_str!(concat!(stringify!($module), ".md"))]
            pub mod $module {}
        )*
    };
}

chapters! {
    exercise "exercise" "a whole task, from a network of nine units to one that learns"
    mathematics "mathematics" "the rules, their formulas and root points, corner cases"
    rules "rules" "which rule goes on which layer: rules for some, named plans, plan files"
    proof "proof" "how the numbers are checked: expansions, exact fractions"
    beside "beside" "the same networks under zennit and captum: what agrees, what differs"
    comparing "comparing" "what initial weights do to relevance; the schemes"
    evaluating "evaluating" "which rule to use: what is measured of each"
    differences "differences" "what moves from one rule, network or step of a training to another"
    training "training" "relevance while a network learns, on data of your own"
    convolution "convolution" "how to ask for convolutions and pools, and what they change"
    real_network "real-network" "two trained networks, from an ONNX file to arrays and a picture"
    reports "reports" "pages, Markdown, CSV and pictures"
    network_file "network-file" "the network file, key by key"
    samples "samples" "files of samples: text, arrays, pictures"
    results "results" "how to read the tables, and every key of the JSON"
    glossary "glossary" "the words that the program and this manual use"
    testing "testing" "how the tests are laid out and run"
    speed "speed" "how fast it is, and how that is measured"
    scaling_out "scaling-out" "many processes and machines: pipes, GNU parallel, Slurm, Spark; the archive"
    limits "limits" "what is promised of files and memory, and how large things may be"
    contributing "contributing" "how the code is laid out, and how to add to it"
    changelog "changelog" "what has changed"
}
