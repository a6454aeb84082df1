use crate::api::Api;
use crate::error::Error;
use crate::show;
use crate::target::Target;
use atelier_api::calls;
use atelier_api::data::{DataEntry, DataEntryKind, DataFolder};
use atelier_api::dataset::{Dataset, DatasetFilter};
use clap::Args;

/// Options of `atelier data ls`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// A project, as acme/churn, or a version, as acme/churn/customers@12
    place: String,
    /// A folder of the version
    folder: Option<String>,
    /// With all that is in folders, each file by its whole path
    #[arg(long, short)]
    recursive: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(api: &Api, options: &Options) -> Result<(), Error> {
    if let [organization, project] = options.place.split('/').collect::<Vec<_>>()[..] {
        return datasets(api, organization, project, options.json).await;
    }
    let target: Target = options.place.parse().map_err(Error::Usage)?;
    let top = options.folder.as_deref().map(|folder| folder.trim_matches('/').to_owned());
    let mut folders = vec![top.filter(|folder| !folder.is_empty())];
    while let Some(folder) = folders.pop() {
        let mut pages = Pages::of(&target, folder.clone());
        let mut below = Vec::new();
        while let Some(entries) = pages.next(api).await? {
            for mut entry in entries {
                if options.recursive {
                    entry.name = within(folder.as_deref(), &entry.name);
                    if entry.kind == DataEntryKind::Folder {
                        below.push(Some(entry.name));
                        continue;
                    }
                }
                show_entry(&entry, options.json)?;
            }
        }
        folders.extend(below.into_iter().rev());
    }
    Ok(())
}

/// The entries of a folder, page by page.
pub(crate) struct Pages<'a> {
    target: &'a Target,
    folder: DataFolder,
    ended: bool,
}

impl<'a> Pages<'a> {
    pub(crate) fn of(target: &'a Target, path: Option<String>) -> Pages<'a> {
        Pages { target, folder: DataFolder { path, cursor: None }, ended: false }
    }

    pub(crate) async fn next(&mut self, api: &Api) -> Result<Option<Vec<DataEntry>>, Error> {
        if self.ended {
            return Ok(None);
        }
        let Target { organization, project, dataset, .. } = self.target;
        let version = self.target.version();
        let page =
            api.call(calls::dataset_files(organization, project, dataset, version, &self.folder)).await?;
        self.ended = page.next.is_none();
        self.folder.cursor = page.next;
        Ok(Some(page.items))
    }
}

/// A path in a version.
pub(crate) fn within(folder: Option<&str>, name: &str) -> String {
    folder.map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}"))
}

fn show_entry(entry: &DataEntry, json: bool) -> Result<(), Error> {
    if json {
        return show::json(entry);
    }
    let name = show::name(&entry.name);
    let bytes = show::bytes(entry.bytes);
    match entry.kind {
        DataEntryKind::Folder => show::line(&format!("{bytes:>12}  {name}/  ({})", show::files(entry.files))),
        DataEntryKind::File => show::line(&format!("{bytes:>12}  {name}")),
    }
}

async fn datasets(api: &Api, organization: &str, project: &str, json: bool) -> Result<(), Error> {
    let mut filter = DatasetFilter::default();
    loop {
        let page = api.call(calls::dataset_list(organization, project, &filter)).await?;
        for dataset in &page.items {
            show_dataset(dataset, json)?;
        }
        match page.next {
            Some(cursor) => filter.cursor = Some(cursor),
            None => return Ok(()),
        }
    }
}

fn show_dataset(dataset: &Dataset, json: bool) -> Result<(), Error> {
    if json {
        return show::json(dataset);
    }
    let about = match &dataset.latest {
        Some(latest) => {
            format!("@{}, {}, {}", latest.number, show::files(latest.files), show::bytes(latest.bytes))
        }
        None => "nothing yet".to_owned(),
    };
    show::line(&format!("{}  {}  ({about})", dataset.slug, dataset.name))
}
