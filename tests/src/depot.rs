//! A dataset, and what people send to it.

use crate::{Answer, Client, Database, Person, TestServer, World};
use atelier_api::calls;
use atelier_api::data::{DataFolder, DataVersion};
use atelier_api::dataset::{CreateDataset, Dataset};
use atelier_api::page::Page;
use atelier_api::project::Project;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_api::upload::{Chunks, CommitUpload, CreateUpload, PutFile, PutFiles, SentFile, Upload};
use atelier_chunk::ChunkId;

/// A project with a dataset, its owner, and somebody else who may commit to it.
pub struct Depot {
    pub world: World,
    pub project: Project,
    pub dataset: Dataset,
    pub owner: Person,
    pub scientist: Person,
}

/// The name of a chunk.
pub fn chunk(bytes: &[u8]) -> String {
    ChunkId::of(bytes).to_string()
}

/// Chunks as one body.
pub fn frames(chunks: &[&[u8]]) -> Vec<u8> {
    let frame = |bytes: &&[u8]| {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
        [ChunkId::of(bytes).as_bytes().as_slice(), &length, bytes].concat()
    };
    chunks.iter().flat_map(frame).collect()
}

impl Depot {
    pub async fn new(database: Database) -> anyhow::Result<Depot> {
        Depot::on(TestServer::start(database).await?).await
    }

    pub async fn on(server: TestServer) -> anyhow::Result<Depot> {
        let world = World::on(server).await?;
        let owner = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&owner, "Churn").await;
        let scientist = world.acme.member(&project, ProjectRole::DataScientist).await;
        let new = CreateDataset { name: "Events".to_owned(), description: String::new(), labels: Vec::new() };
        let dataset = owner.client.send(calls::dataset_create("acme", &project.slug, &new)).await.good();
        Ok(Depot { world, project, dataset, owner, scientist })
    }

    /// Organization, project and dataset in the address.
    pub fn place(&self) -> (&str, &str, &str) {
        ("acme", &self.project.slug, &self.dataset.slug)
    }

    pub async fn begin(&self, client: &Client, replace: bool) -> Answer<Upload> {
        let (o, p, d) = self.place();
        client.send(calls::upload_create(o, p, d, &CreateUpload { replace })).await
    }

    pub async fn upload(&self, client: &Client, id: &str) -> Answer<Upload> {
        let (o, p, d) = self.place();
        client.send(calls::upload_get(o, p, d, id)).await
    }

    /// Sends a whole file.
    pub async fn put(&self, client: &Client, id: &str, path: &str, bytes: &[u8]) -> Answer<Upload> {
        let request = client.request("PUT", &self.file_path(id, path)).body(bytes.to_vec());
        client.run(request).await
    }

    /// Where a whole file is sent.
    pub fn file_path(&self, id: &str, path: &str) -> String {
        let (o, p, d) = self.place();
        calls::upload_file_path(o, p, d, id, &SentFile { path: path.to_owned(), executable: None })
    }

    pub async fn send_chunks(&self, client: &Client, id: &str, body: Vec<u8>) -> Answer {
        let (o, p, d) = self.place();
        client.run(client.request("POST", &calls::upload_chunks_path(o, p, d, id)).body(body)).await
    }

    pub async fn lacking(&self, client: &Client, id: &str, chunks: &[String]) -> Answer<Chunks> {
        let (o, p, d) = self.place();
        client.send(calls::upload_lacking(o, p, d, id, &Chunks { chunks: chunks.to_vec() })).await
    }

    /// Says of which chunks a file is made.
    pub async fn made_of(&self, client: &Client, id: &str, path: &str, chunks: &[String]) -> Answer<Upload> {
        let put = vec![PutFile { path: path.to_owned(), chunks: chunks.to_vec(), executable: false }];
        self.files(client, id, &PutFiles { remove: Vec::new(), put }).await
    }

    pub async fn files(&self, client: &Client, id: &str, files: &PutFiles) -> Answer<Upload> {
        let (o, p, d) = self.place();
        client.send(calls::upload_files(o, p, d, id, files)).await
    }

    pub async fn commit(&self, client: &Client, id: &str, message: &str) -> Answer<DataVersion> {
        let (o, p, d) = self.place();
        let body = CommitUpload { message: message.to_owned(), ..CommitUpload::default() };
        client.send(calls::upload_commit(o, p, d, id, &body)).await
    }

    pub async fn cancel(&self, client: &Client, id: &str) -> Answer {
        let (o, p, d) = self.place();
        client.send(calls::upload_cancel(o, p, d, id)).await
    }

    /// A version in which these files are beside those of the version before.
    pub async fn version(&self, client: &Client, files: &[(&str, &[u8])]) -> DataVersion {
        let upload = self.begin(client, false).await.good_with(201);
        for (path, bytes) in files {
            self.put(client, &upload.id, path, bytes).await.good();
        }
        self.commit(client, &upload.id, "A version").await.good_with(201)
    }

    /// The bytes of a file of a version.
    pub async fn content(&self, client: &Client, version: &str, path: &str) -> Answer {
        let (o, p, d) = self.place();
        client.get(&calls::dataset_content_path(o, p, d, version, path)).await
    }

    /// A part of the files of a folder.
    pub async fn list(
        &self,
        client: &Client,
        version: &str,
        of: &DataFolder,
    ) -> Answer<Page<atelier_api::data::DataEntry>> {
        let (o, p, d) = self.place();
        client.send(calls::dataset_files(o, p, d, version, of)).await
    }

    /// The names in the top folder of a version.
    pub async fn names(&self, client: &Client, version: &str) -> Vec<String> {
        let page = self.list(client, version, &DataFolder::default()).await.good();
        page.items.into_iter().map(|entry| entry.name).collect()
    }
}
