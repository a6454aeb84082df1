//! The pages of one dataset. A model has some of them, too.

mod access;
mod compare;
mod entries;
mod files;
mod frame;
mod restore;
mod rows;
mod settings;
mod tags;
mod version;
mod versions;

pub(super) use access::DatasetAccess;
pub(crate) use compare::Compare;
pub(crate) use files::Files;
pub(crate) use frame::{Area, Description, Tabs, Tags, Trashed, newest};
pub(super) use frame::{DatasetArea, From};
pub(crate) use rows::TableRows;
pub(crate) use settings::DatasetSettings;
pub(crate) use versions::Versions;

use crate::contexts::dataset::Ds;
use atelier_api::event::Event;

/// Says of each event whether it may be about this dataset or model.
pub(crate) fn moved(dataset: Ds) -> impl Fn(&Event) -> bool {
    let slug = dataset.project.slug();
    move |event| dataset.noun.moved(event, &slug)
}
