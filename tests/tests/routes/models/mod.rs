//! Models: what a version scored and what made it, beside all that they have in common with datasets.

mod facts;
mod reach;

use atelier_api::project::Project;
use atelier_api::role::{Object, OrganizationRole, ProjectRole};
use atelier_tests::{ArtifactPlace, Client, Database, Person, World};

/// A project with a dataset of two versions and a model of none.
struct Lab {
    world: World,
    project: Project,
    owner: Person,
    scientist: Person,
    customers: ArtifactPlace,
    churn: ArtifactPlace,
}

impl Lab {
    async fn new(database: Database) -> anyhow::Result<Lab> {
        let world = World::new(database).await?;
        let owner = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&owner, "Churn").await;
        let scientist = world.acme.member(&project, ProjectRole::DataScientist).await;
        let make = async |object, name| {
            ArtifactPlace::create(&owner.client, object, "acme", &project.slug, name).await
        };
        let (customers, churn) =
            (make(Object::Dataset, "Customers").await, make(Object::Model, "Churn").await);
        for text in ["one", "two"] {
            customers.version(&owner.client, "a.csv", text).await;
        }
        Ok(Lab { world, project, owner, scientist, customers, churn })
    }

    /// An upload to the model with a file in it.
    async fn upload(&self, client: &Client, text: &str) -> String {
        let upload = self.churn.begin(client).await.good_with(201).id;
        self.churn.put(client, &upload, "model.joblib", text).await.good();
        upload
    }
}
