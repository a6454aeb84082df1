//! Datasets, their versions, tags and trash.

mod commits;
mod lists;
mod reach;
mod sharing;
mod tags;
mod trash;
mod words;

use atelier_api::calls;
use atelier_api::data::{DataVersion, RestoreDataVersion, SetDataTag, UpdateDataVersion};
use atelier_api::dataset::{CreateDataset, Dataset, DatasetFilter, UpdateDataset};
use atelier_api::page::Page;
use atelier_api::project::Project;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Answer, Client, Database, Person, World};

/// A project of one who may do everything with its datasets, and one who looks after them.
struct Library {
    world: World,
    project: Project,
    owner: Person,
    /// Sees all, changes what is his or hers.
    scientist: Person,
}

/// One dataset to one caller.
struct At<'a> {
    client: &'a Client,
    project: &'a str,
    dataset: &'a str,
}

impl Library {
    async fn new(database: Database) -> anyhow::Result<Library> {
        let world = World::new(database).await?;
        let owner = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&owner, "Churn").await;
        let scientist = world.acme.member(&project, ProjectRole::DataScientist).await;
        Ok(Library { world, project, owner, scientist })
    }

    /// A dataset of this person's, with so many versions.
    async fn dataset(&self, of: &Person, name: &str, versions: i64) -> anyhow::Result<Dataset> {
        let made = of.client.send(self.create(name)).await.good_with(201);
        for number in 1..=versions {
            self.world.server.database.version(&made.id, number)?;
        }
        Ok(made)
    }

    fn create(&self, name: &str) -> atelier_api::call::Call<Dataset> {
        calls::dataset_create("acme", &self.project.slug, &new(name))
    }

    async fn list(&self, client: &Client, filter: &DatasetFilter) -> Page<Dataset> {
        client.send(calls::dataset_list("acme", &self.project.slug, filter)).await.good()
    }

    /// The names that a list shows.
    async fn names(&self, client: &Client, filter: &DatasetFilter) -> Vec<String> {
        self.list(client, filter).await.items.into_iter().map(|dataset| dataset.name).collect()
    }

    fn at<'a>(&'a self, person: &'a Person, dataset: &'a Dataset) -> At<'a> {
        At { client: &person.client, project: &self.project.slug, dataset: &dataset.slug }
    }
}

impl At<'_> {
    async fn get(&self) -> Answer<Dataset> {
        self.client.send(calls::dataset_get("acme", self.project, self.dataset)).await
    }

    async fn update(&self, change: &UpdateDataset) -> Answer<Dataset> {
        self.client.send(calls::dataset_update("acme", self.project, self.dataset, change)).await
    }

    async fn delete(&self) -> Answer<()> {
        self.client.send(calls::dataset_delete("acme", self.project, self.dataset)).await
    }

    async fn recover(&self) -> Answer<Dataset> {
        self.client.send(calls::dataset_recover("acme", self.project, self.dataset)).await
    }

    async fn versions(&self, cursor: Option<&str>) -> Answer<Page<DataVersion>> {
        self.client.send(calls::dataset_version_list("acme", self.project, self.dataset, cursor)).await
    }

    async fn version(&self, version: &str) -> Answer<DataVersion> {
        self.client.send(calls::dataset_version_get("acme", self.project, self.dataset, version)).await
    }

    async fn trash(&self, version: &str, trashed: bool) -> Answer<DataVersion> {
        let change = UpdateDataVersion { trashed };
        let call = calls::dataset_version_update("acme", self.project, self.dataset, version, &change);
        self.client.send(call).await
    }

    async fn restore(&self, version: &str, message: &str) -> Answer<DataVersion> {
        let body = RestoreDataVersion { message: message.to_owned() };
        let call = calls::dataset_version_restore("acme", self.project, self.dataset, version, &body);
        self.client.send(call).await
    }

    async fn tag(&self, tag: &str, number: i64) -> Answer<DataVersion> {
        let call = calls::dataset_tag_set("acme", self.project, self.dataset, tag, &SetDataTag { number });
        self.client.send(call).await
    }

    async fn untag(&self, tag: &str) -> Answer<()> {
        self.client.send(calls::dataset_tag_delete("acme", self.project, self.dataset, tag)).await
    }
}

fn new(name: &str) -> CreateDataset {
    CreateDataset { name: name.to_owned(), description: String::new(), labels: Vec::new() }
}
