//! The setting `storage_url`, and what gives access to it.

use crate::config::Config;
use anyhow::Context;
use atelier_store::Backend;
use std::fmt;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The variables that each kind of object store is known by, as its other tools read them. `docs/configuration.md`
/// lists them.
const AMAZON: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ALLOW_HTTP",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
];
const AZURE: &[&str] = &[
    "AZURE_STORAGE_ACCOUNT_NAME",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_ENDPOINT",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_TENANT_ID",
    "AZURE_FEDERATED_TOKEN_FILE",
];
const GOOGLE: &[&str] =
    &["GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_KEY", "GOOGLE_APPLICATION_CREDENTIALS"];

/// Where objects are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    Url(String),
}

impl Place {
    pub fn of(config: &Config) -> Place {
        match &config.storage_url {
            None => Place::Folder(config.data_dir.join("objects")),
            Some(url) => match url.strip_prefix("file://") {
                Some(folder) => Place::Folder(PathBuf::from(folder)),
                None => Place::Url(url.clone()),
            },
        }
    }

    /// The folder, if it is one of this machine.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Place::Folder(folder) => Some(folder),
            Place::Url(_) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Folder(folder) => folder.display().fmt(f),
            Place::Url(url) => f.write_str(url),
        }
    }
}

/// Nothing is asked of an object store yet; a folder is made, for nobody else to read.
///
/// # Errors
/// If the URL is wrong, credentials are incomplete, or the folder cannot be made.
pub fn open(place: &Place) -> anyhow::Result<Backend> {
    match place {
        Place::Folder(folder) => {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.with_context(|| format!("cannot make the folder {}", folder.display()))?;
            Ok(Backend::folder(folder)?)
        }
        Place::Url(url) => {
            let wrong = || format!("setting storage_url (ATELIER_STORAGE_URL): {url} cannot be used");
            Backend::url(url, environment(url)).with_context(wrong)
        }
    }
}

fn environment(url: &str) -> Vec<(String, String)> {
    let names = match url.split_once(':').map_or("", |(scheme, _)| scheme) {
        "s3" | "s3a" => AMAZON,
        "az" | "azure" | "abfs" | "abfss" | "adl" => AZURE,
        "gs" => GOOGLE,
        _ => &[],
    };
    let set = names.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)));
    set.filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_folder_is_made_for_the_server_alone() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::Folder(dir.path().join("a/objects"));
        open(&place).unwrap();
        let about = std::fs::metadata(place.folder().unwrap()).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn what_is_no_store_is_refused_with_its_address() {
        for url in ["http://somewhere/bucket", "nonsense", "s3://"] {
            let error = open(&Place::Url(url.to_owned())).err().map(|error| format!("{error:#}"));
            assert!(error.as_deref().is_some_and(|error| error.contains(url)), "{url}: {error:?}");
        }
    }
}
