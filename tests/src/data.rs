//! Versions of datasets and models, made as a simple program makes them: one file after the other.

use crate::{Answer, Client};
use atelier_api::artifact::{Artifact, CreateArtifact};
use atelier_api::calls;
use atelier_api::data::{DataVersion, SetDataTag};
use atelier_api::role::Object;
use atelier_api::upload::{CommitUpload, CreateUpload, SentFile, Upload};

/// A dataset or a model by its address.
#[derive(Clone, Debug)]
pub struct ArtifactPlace {
    /// [`Object::Dataset`] or [`Object::Model`].
    pub object: Object,
    pub organization: String,
    pub project: String,
    pub slug: String,
}

/// The call of this name for the type of `$at`.
macro_rules! call {
    ($at:ident, $name:ident $(, $arg:expr)*) => {
        paste::paste! {
            match $at.object {
                Object::Model => {
                    calls::[<model_ $name>](&$at.organization, &$at.project, &$at.slug $(, $arg)*)
                }
                _ => calls::[<$name>](&$at.organization, &$at.project, &$at.slug $(, $arg)*),
            }
        }
    };
}

impl ArtifactPlace {
    /// Makes one.
    pub async fn create(
        client: &Client,
        object: Object,
        organization: &str,
        project: &str,
        name: &str,
    ) -> ArtifactPlace {
        let new = CreateArtifact { name: name.to_owned(), description: String::new(), labels: Vec::new() };
        let made: Answer<Artifact> = match object {
            Object::Model => client.send(calls::model_create(organization, project, &new)).await,
            _ => client.send(calls::dataset_create(organization, project, &new)).await,
        };
        let (organization, project) = (organization.to_owned(), project.to_owned());
        ArtifactPlace { object, organization, project, slug: made.good_with(201).slug }
    }

    /// Begins an upload from the newest version.
    pub async fn begin(&self, client: &Client) -> Answer<Upload> {
        client.send(call!(self, upload_create, &CreateUpload::default())).await
    }

    /// Puts a file into an upload.
    pub async fn put(&self, client: &Client, upload: &str, path: &str, text: &str) -> Answer<Upload> {
        let file = SentFile { path: path.to_owned(), executable: None };
        let address = call!(self, upload_file_path, upload, &file);
        client.run(client.request("PUT", &address).body(text.to_owned())).await
    }

    pub async fn commit(&self, client: &Client, upload: &str) -> Answer<DataVersion> {
        self.commit_with(client, upload, &CommitUpload::default()).await
    }

    /// With a message, metrics and so on.
    pub async fn commit_with(
        &self,
        client: &Client,
        upload: &str,
        body: &CommitUpload,
    ) -> Answer<DataVersion> {
        client.send(call!(self, upload_commit, upload, body)).await
    }

    /// A new version with one more file, or another text in it.
    pub async fn version(&self, client: &Client, path: &str, text: &str) -> DataVersion {
        let upload = self.begin(client).await.good_with(201).id;
        self.put(client, &upload, path, text).await.good();
        self.commit(client, &upload).await.good_with(201)
    }

    /// A new version with these files beside those of the one before.
    pub async fn version_of(&self, client: &Client, files: &[(&str, &[u8])]) -> DataVersion {
        let upload = self.begin(client).await.good_with(201).id;
        for (path, bytes) in files {
            let executable = path.ends_with(".sh").then_some(true);
            let file = SentFile { path: (*path).to_owned(), executable };
            let address = call!(self, upload_file_path, &upload, &file);
            client.run::<Upload>(client.request("PUT", &address).body(bytes.to_vec())).await.good();
        }
        self.commit(client, &upload).await.good_with(201)
    }

    /// Points a tag to a version.
    pub async fn tag(&self, client: &Client, tag: &str, number: i64) -> Answer<DataVersion> {
        let (o, p, a) = (&self.organization, &self.project, &self.slug);
        let body = SetDataTag { number };
        match self.object {
            Object::Model => client.send(calls::model_tag_set(o, p, a, tag, &body)).await,
            _ => client.send(calls::dataset_tag_set(o, p, a, tag, &body)).await,
        }
    }

    /// The text of a file.
    pub async fn read(&self, client: &Client, version: &str, path: &str) -> Answer {
        let (o, p, a) = (&self.organization, &self.project, &self.slug);
        let address = match self.object {
            Object::Model => calls::model_content_path(o, p, a, version, path),
            _ => calls::dataset_content_path(o, p, a, version, path),
        };
        client.get(&address).await
    }
}
