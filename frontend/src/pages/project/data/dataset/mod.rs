//! The pages of one dataset.

mod access;
mod compare;
mod entries;
mod files;
mod frame;
mod restore;
mod settings;
mod tags;
mod version;
mod versions;

pub(super) use access::DatasetAccess;
pub(super) use compare::Compare;
pub(super) use files::Files;
pub(super) use frame::{DatasetArea, From};
pub(super) use settings::DatasetSettings;
pub(super) use versions::Versions;

use crate::contexts::dataset::Ds;
use atelier_api::event::Event;

/// Says of each event whether it may be about this dataset.
fn moved(dataset: Ds) -> impl Fn(&Event) -> bool {
    let slug = dataset.project.slug();
    move |event| matches!(event, Event::DatasetsChanged { project } if *project == slug)
}
