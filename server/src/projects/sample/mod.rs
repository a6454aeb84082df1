//! What the files of a project "with a sample" begin with.

/// By name.
pub const FILES: [(&str, &[u8]); 3] = [
    ("README.md", include_bytes!("README.md")),
    ("digits.csv.gz", include_bytes!("digits.csv.gz")),
    ("train-digits.ipynb", include_bytes!("train-digits.ipynb")),
];
