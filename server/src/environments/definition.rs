//! Environments as files: a folder with a `Dockerfile` and an `environment.toml` each.

use anyhow::{Context, ensure};
use atelier_sandbox::Recipe;
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(RustEmbed)]
#[folder = "../sandbox/images"]
struct Images;

const ABOUT: &str = "environment.toml";
const DOCKERFILE: &str = "Dockerfile";
/// Comes with the sources, not with the product: those who test name its folder in their settings.
const FOR_TESTS: &str = "test-tool";

/// An environment that can be built here.
#[derive(Clone, Debug)]
pub struct Definition {
    pub about: About,
    /// Changes with every change of its files.
    pub hash: String,
    /// Contents by path, the Dockerfile among them.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What the Dockerfile says.
    pub recipe: Recipe,
}

/// What `environment.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The word in addresses; the folder's name.
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub tools: Vec<Tool>,
}

/// A program that sessions of the environment can run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub id: String,
    pub name: String,
    pub argv: Vec<String>,
    pub cwd: String,
    /// On the container's own loopback.
    pub port: u16,
    /// Answers below 500 once the tool is usable.
    pub ready_path: String,
    /// Whether it has Jupyter's API for kernels and terminals.
    #[serde(default)]
    pub jupyter: bool,
}

/// The built-in definitions and those of the administrator's folder, which replace built-in ones of the
/// same id.
///
/// # Errors
/// Names the file that is wrong.
pub fn all(folder: Option<&Path>) -> anyhow::Result<BTreeMap<String, Definition>> {
    let mut definitions = BTreeMap::new();
    for (id, files) in built_in() {
        if id != FOR_TESTS {
            let definition = Definition::read(&id, files).with_context(|| format!("environment {id}"))?;
            definitions.insert(id, definition);
        }
    }
    let entries = folder.map(std::fs::read_dir).transpose().context("setting environments_dir")?;
    for entry in entries.into_iter().flatten() {
        let path = entry?.path();
        if path.join(ABOUT).is_file() {
            let id = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let mut files = BTreeMap::new();
            read_folder(&path, "", &mut files)?;
            let definition = Definition::read(&id, files).with_context(|| path.display().to_string())?;
            definitions.insert(id, definition);
        }
    }
    Ok(definitions)
}

fn built_in() -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let mut folders: BTreeMap<String, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for path in Images::iter() {
        if let Some((id, file)) = path.split_once('/')
            && let Some(found) = Images::get(&path)
        {
            folders.entry(id.to_owned()).or_default().insert(file.to_owned(), found.data.into_owned());
        }
    }
    folders.retain(|_, files| files.contains_key(ABOUT));
    folders
}

fn read_folder(folder: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(())
}

impl Definition {
    fn read(id: &str, files: BTreeMap<String, Vec<u8>>) -> anyhow::Result<Definition> {
        let text = files.get(ABOUT).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let about: About = config::Config::builder()
            .add_source(config::File::from_str(&text, config::FileFormat::Toml))
            .build()
            .and_then(config::Config::try_deserialize)
            .context(ABOUT)?;
        ensure!(about.id == id, "{ABOUT}: id must be the folder's name, {id}");
        ensure!(!about.tools.is_empty(), "{ABOUT}: it needs a tool");
        ensure!(about.tools.iter().all(|tool| !tool.argv.is_empty()), "{ABOUT}: argv names no program");
        let dockerfile = files.get(DOCKERFILE).with_context(|| format!("it has no {DOCKERFILE}"))?;
        let recipe = Recipe::parse(&String::from_utf8_lossy(dockerfile)).context(DOCKERFILE)?;
        let mut hash = blake3::Hasher::new();
        for (path, contents) in &files {
            hash.update(path.as_bytes()).update(&[0]);
            hash.update(&(contents.len() as u64).to_le_bytes()).update(contents);
        }
        Ok(Definition { about, hash: hash.finalize().to_hex()[..16].to_owned(), files, recipe })
    }

    /// The name of the image that this definition makes.
    pub fn tag(&self) -> String {
        format!("atelier/{}:{}", self.about.id, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(about: &str) -> BTreeMap<String, Vec<u8>> {
        let files = [(ABOUT, about), (DOCKERFILE, "FROM atelier/base:trixie\n")];
        files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into()
    }

    const ABOUT_TEXT: &str = "id = \"x\"\nname = \"X\"\n[[tools]]\nid = \"t\"\nname = \"T\"\nargv = [\"t\"]\n\
        cwd = \"/work\"\nport = 8888\nready_path = \"/api\"\n";

    #[test]
    fn built_in_definitions_are_in_order() {
        let all = all(None).unwrap();
        assert!(all.contains_key("python-data-science"));
        assert!(!all.contains_key(FOR_TESTS));
    }

    #[test]
    fn every_change_of_a_file_changes_the_image() {
        let first = Definition::read("x", files(ABOUT_TEXT)).unwrap();
        let mut changed = files(ABOUT_TEXT);
        changed.insert("more".into(), Vec::new());
        assert_ne!(first.tag(), Definition::read("x", changed).unwrap().tag());
        assert_eq!(first.tag(), Definition::read("x", files(ABOUT_TEXT)).unwrap().tag());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |id: &str, text: &str| format!("{:#}", Definition::read(id, files(text)).unwrap_err());
        assert!(wrong("y", ABOUT_TEXT).contains("must be the folder's name"));
        assert!(wrong("x", &format!("{ABOUT_TEXT}prot = 1\n")).contains("prot"));
        assert!(wrong("x", &ABOUT_TEXT.replace("[\"t\"]", "[]")).contains("argv"));
        let mut nothing = files(ABOUT_TEXT);
        nothing.remove(DOCKERFILE);
        assert!(Definition::read("x", nothing).is_err());
        let mut strange = files(ABOUT_TEXT);
        strange.insert(DOCKERFILE.into(), b"FROM a\nARG X\n".to_vec());
        let said = format!("{:#}", Definition::read("x", strange).unwrap_err());
        assert!(said.starts_with("Dockerfile: line 2, ARG X: ARG is not supported"), "{said}");
    }
}
