//! Models: what was trained, under a name, every version of it kept with what it scored and what made it.

use crate::access::{CommitModel, CreateModel, DeleteModel, ListModels, ReadModel, UpdateModel};
use crate::artifacts::Noun;
use crate::db::schema;
use crate::events::Change;
use atelier_api::role::Object;

pub struct Models;

impl Noun for Models {
    const TYPE: Object = Object::Model;
    const WORD: &'static str = "model";
    const PLURAL: &'static str = "models";
    const UPLOAD: &'static str = "model_upload";
    const IN_TRASH: &'static str = "model-in-trash";

    type List = ListModels;
    type Create = CreateModel;
    type Read = ReadModel;
    type Update = UpdateModel;
    type Commit = CommitModel;
    type Delete = DeleteModel;

    type Rows = schema::models::table;

    fn changed(project_id: String) -> Change {
        Change::Models { project_id }
    }
}
