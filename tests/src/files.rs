//! Versions of a project's files and results, made as a simple program makes them: one file after the other.

use crate::{Answer, Client};
use atelier_api::calls;
use atelier_api::data::{DataEntryKind, DataFolder, DataVersion};
use atelier_api::draft::{Draft, DraftSave, SaveDraft, TakenPaths};
use atelier_api::upload::{CommitFiles, CreateUpload, PutFiles, SentFile, Upload};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
enum Tree {
    Files,
    Results,
}

/// A project's files, or its results, by their address.
#[derive(Clone, Debug)]
pub struct TreePlace {
    pub organization: String,
    pub project: String,
    tree: Tree,
}

/// The call of this name about one of them.
macro_rules! call {
    ($place:expr, $name:ident($($arg:expr),* $(,)?)) => {
        paste::paste! {{
            let (o, p) = (&$place.organization, &$place.project);
            match $place.tree {
                Tree::Files => calls::[<files_ $name>](o, p $(, $arg)*),
                Tree::Results => calls::[<results_ $name>](o, p $(, $arg)*),
            }
        }}
    };
}

impl TreePlace {
    pub fn files(organization: impl Into<String>, project: impl Into<String>) -> TreePlace {
        TreePlace { organization: organization.into(), project: project.into(), tree: Tree::Files }
    }

    pub fn results(organization: impl Into<String>, project: impl Into<String>) -> TreePlace {
        TreePlace { tree: Tree::Results, ..TreePlace::files(organization, project) }
    }

    /// Begins an upload from the newest version.
    pub async fn begin(&self, client: &Client) -> Answer<Upload> {
        client.send(call!(self, upload_create(&CreateUpload::default()))).await
    }

    /// Puts a file into an upload.
    pub async fn put(&self, client: &Client, upload: &str, path: &str, text: &str) -> Answer<Upload> {
        let file = SentFile { path: path.to_owned(), executable: None };
        let address = call!(self, upload_file_path(upload, &file));
        client.run(client.request("PUT", &address).body(text.to_owned())).await
    }

    /// A new version with these files changed.
    pub async fn version(&self, client: &Client, message: &str, files: &[(&str, &str)]) -> DataVersion {
        let upload = self.begin(client).await.good_with(201).id;
        for (path, text) in files {
            self.put(client, &upload, path, text).await.good();
        }
        let body = CommitFiles { message: message.to_owned() };
        let commit = call!(self, upload_commit(&upload, &body));
        client.send(commit).await.good_with(201)
    }

    /// The caller's draft of the files; an empty one if there was none.
    pub async fn draft(&self, client: &Client) -> Answer<Draft> {
        client.send(calls::files_draft_open(&self.organization, &self.project)).await
    }

    /// Takes a file out of an upload or a draft.
    pub async fn remove(&self, client: &Client, upload: &str, path: &str) -> Answer<Upload> {
        let files = PutFiles { remove: vec![path.to_owned()], put: Vec::new() };
        client.send(call!(self, upload_files(upload, &files))).await
    }

    pub async fn save(&self, client: &Client, message: &str) -> DraftSave {
        let body = SaveDraft { message: message.to_owned() };
        client.send(calls::files_draft_save(&self.organization, &self.project, &body)).await.good()
    }

    /// Takes all that others changed, as the copy of a draft does. Gives its paths.
    pub async fn take(&self, client: &Client) -> Vec<String> {
        let (o, p) = (&self.organization, &self.project);
        let incoming = client.send(calls::files_draft_incoming(o, p, None)).await.good();
        let paths: Vec<String> = incoming.changes.into_iter().map(|change| change.path).collect();
        if let Some(version) = incoming.version {
            let body = TakenPaths { version, paths: paths.clone() };
            client.send(calls::files_draft_taken(o, p, &body)).await.good();
        }
        paths
    }

    /// All files of a version, by path.
    pub async fn all(&self, client: &Client, version: &str) -> BTreeMap<String, String> {
        let (mut found, mut folders) = (BTreeMap::new(), vec![String::new()]);
        while let Some(folder) = folders.pop() {
            let of = DataFolder { path: Some(folder.clone()).filter(|path| !path.is_empty()), cursor: None };
            let list = call!(self, list(version, &of));
            for entry in client.send(list).await.good().items {
                let path = if folder.is_empty() { entry.name } else { format!("{folder}/{}", entry.name) };
                match entry.kind {
                    DataEntryKind::Folder => folders.push(path),
                    DataEntryKind::File => {
                        let text = self.read(client, version, &path).await.text();
                        found.insert(path, text);
                    }
                }
            }
        }
        found
    }

    /// The text of a file.
    pub async fn read(&self, client: &Client, version: &str, path: &str) -> Answer {
        client.get(&call!(self, content_path(version, path))).await
    }
}
