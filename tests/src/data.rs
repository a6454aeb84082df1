//! Versions of datasets, made as a simple program makes them: one file after the other.

use crate::{Answer, Client};
use atelier_api::calls;
use atelier_api::data::DataVersion;
use atelier_api::upload::{CommitUpload, CreateUpload, SentFile, Upload};

/// A dataset by its address.
#[derive(Clone, Debug)]
pub struct DatasetPlace {
    pub organization: String,
    pub project: String,
    pub dataset: String,
}

impl DatasetPlace {
    /// Begins an upload from the newest version.
    pub async fn begin(&self, client: &Client) -> Answer<Upload> {
        let DatasetPlace { organization: o, project: p, dataset: d } = self;
        client.send(calls::upload_create(o, p, d, &CreateUpload::default())).await
    }

    /// Puts a file into an upload.
    pub async fn put(&self, client: &Client, upload: &str, path: &str, text: &str) -> Answer<Upload> {
        let DatasetPlace { organization: o, project: p, dataset: d } = self;
        let file = SentFile { path: path.to_owned(), executable: None };
        let address = calls::upload_file_path(o, p, d, upload, &file);
        client.run(client.request("PUT", &address).body(text.to_owned())).await
    }

    pub async fn commit(&self, client: &Client, upload: &str) -> Answer<DataVersion> {
        let DatasetPlace { organization: o, project: p, dataset: d } = self;
        client.send(calls::upload_commit(o, p, d, upload, &CommitUpload::default())).await
    }

    /// A new version with one more file, or another text in it.
    pub async fn version(&self, client: &Client, path: &str, text: &str) -> DataVersion {
        let upload = self.begin(client).await.good_with(201).id;
        self.put(client, &upload, path, text).await.good();
        self.commit(client, &upload).await.good_with(201)
    }

    /// A new version with these files beside those of the one before.
    pub async fn version_of(&self, client: &Client, files: &[(&str, &[u8])]) -> DataVersion {
        let DatasetPlace { organization: o, project: p, dataset: d } = self;
        let upload = self.begin(client).await.good_with(201).id;
        for (path, bytes) in files {
            let executable = path.ends_with(".sh").then_some(true);
            let file = SentFile { path: (*path).to_owned(), executable };
            let address = calls::upload_file_path(o, p, d, &upload, &file);
            client.run::<Upload>(client.request("PUT", &address).body(bytes.to_vec())).await.good();
        }
        self.commit(client, &upload).await.good_with(201)
    }

    /// The text of a file.
    pub async fn read(&self, client: &Client, version: &str, path: &str) -> Answer {
        let DatasetPlace { organization: o, project: p, dataset: d } = self;
        client.get(&calls::dataset_content_path(o, p, d, version, path)).await
    }
}
