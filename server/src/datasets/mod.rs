//! Datasets: data of a project under a name, every version of it kept. They can be shared with other projects.

mod shares;
mod sharing;

pub use sharing::borrowers;

use crate::access::{
    Access, Caller, CommitDataset, CreateDataset, DeleteDataset, ListDatasets, Permission, ReadDataset,
    Resource, Routes, UpdateDataset,
};
use crate::artifacts::{self, Artifact, Lent, Noun, Row};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::events::Change;
use crate::projects::Project;
use atelier_api::dataset::ShareAccess;
use atelier_api::role::Object;
use atelier_policies::RoleName;

pub fn routes(routes: &mut Routes) {
    artifacts::routes::<Datasets>(routes);
    shares::routes(routes);
}

pub struct Datasets;

/// A dataset with the project, and so the organization, that it is in.
pub type Dataset = Artifact<Datasets>;

impl Noun for Datasets {
    const TYPE: Object = Object::Dataset;
    const WORD: &'static str = "dataset";
    const PLURAL: &'static str = "datasets";
    const UPLOAD: &'static str = "upload";
    const IN_TRASH: &'static str = "dataset-in-trash";

    type List = ListDatasets;
    type Create = CreateDataset;
    type Read = ReadDataset;
    type Update = UpdateDataset;
    type Commit = CommitDataset;
    type Delete = DeleteDataset;

    type Rows = schema::datasets::table;

    fn changed(project_id: String) -> Change {
        Change::Datasets { project_id }
    }

    fn find_lent(
        connection: &mut Connection,
        caller: &Caller,
        here: (&Project, &[RoleName]),
        address: &str,
    ) -> Result<Option<Row>> {
        sharing::find(connection, caller, here, address)
    }

    fn list_lent<R: Resource, P: Permission>(
        connection: &mut Connection,
        access: &Access<R, P>,
    ) -> Result<Vec<Row>> {
        sharing::list(connection, access)
    }

    fn takes_by_share(connection: &mut Connection, dataset: &Dataset, lent: &Lent) -> Result<bool> {
        let with = &dataset.project.row.id;
        let access = sharing::shared(connection, &dataset.row.id, with, lent.outside)?;
        Ok(access == Some(ShareAccess::Commit))
    }

    fn forgotten(connection: &mut Connection, id: &str) -> Result<()> {
        sharing::end_all(connection, id)
    }
}
