//! What a file is, by its name.

use super::Part;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// Of code, as the frame's colours know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
    #[serde(skip)]
    most: u64,
    #[serde(skip)]
    all: bool,
}

const KB: u64 = 1 << 10;
const MB: u64 = 1 << 20;

/// Endings of code and the languages that they stand for.
const LANGUAGES: &[(&str, &str)] = &[
    ("bash", "bash"),
    ("c", "c"),
    ("cc", "cpp"),
    ("cfg", "ini"),
    ("cpp", "cpp"),
    ("cs", "csharp"),
    ("css", "css"),
    ("diff", "diff"),
    ("go", "go"),
    ("h", "cpp"),
    ("hpp", "cpp"),
    ("htm", "xml"),
    ("html", "xml"),
    ("ini", "ini"),
    ("java", "java"),
    ("js", "javascript"),
    ("json", "json"),
    ("jsonl", "json"),
    ("kt", "kotlin"),
    ("lua", "lua"),
    ("mjs", "javascript"),
    ("patch", "diff"),
    ("php", "php"),
    ("pl", "perl"),
    ("py", "python"),
    ("pyi", "python"),
    ("r", "r"),
    ("rb", "ruby"),
    ("rs", "rust"),
    ("scss", "scss"),
    ("sh", "bash"),
    ("sql", "sql"),
    ("swift", "swift"),
    ("toml", "ini"),
    ("ts", "typescript"),
    ("tsx", "typescript"),
    ("xml", "xml"),
    ("yaml", "yaml"),
    ("yml", "yaml"),
];
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "svg"];

/// What is unknown may be text: the frame says if it is none.
pub(crate) fn kind(path: &str) -> Kind {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let of = |name, most, all| Kind { name, language: None, most, all };
    match ending {
        "ipynb" => of("notebook", 30 * MB, true),
        "md" | "markdown" => of("markdown", 2 * MB, false),
        "csv" | "tsv" => of("table", 256 * KB, false),
        _ if PICTURES.contains(&ending) => of("image", 30 * MB, true),
        _ => {
            let known = LANGUAGES.iter().find(|(of, _)| *of == ending).map(|(_, language)| *language);
            let named = match name.as_str() {
                "makefile" => Some("makefile"),
                "dockerfile" => Some("bash"),
                _ => None,
            };
            Kind { name: "code", language: known.or(named), most: 512 * KB, all: false }
        }
    }
}

impl Kind {
    /// A file of this kind, to be shown.
    pub(crate) fn shown(self, address: String) -> Part {
        Part { address, most: self.most, all: self.all, optional: false }
    }

    /// A file of this kind, to be compared with another: both are needed wholly,
    /// and one of the two may have no such file.
    pub(crate) fn compared(self, address: String) -> Part {
        Part { address, most: self.most.max(2 * MB), all: true, optional: true }
    }
}
