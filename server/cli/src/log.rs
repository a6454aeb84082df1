use crate::api::Api;
use crate::error::Error;
use crate::show;
use crate::target::Target;
use atelier_api::calls;
use atelier_api::data::DataVersion;
use clap::Args;

/// Options of `atelier data log`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    target: Target,
    /// Only so many
    #[arg(long, short = 'n')]
    limit: Option<usize>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(api: &Api, options: &Options) -> Result<(), Error> {
    let Target { organization, project, dataset, .. } = options.target.unversioned()?;
    let mut left = options.limit.unwrap_or(usize::MAX);
    let mut cursor = None;
    while left > 0 {
        let page =
            api.call(calls::dataset_version_list(organization, project, dataset, cursor.as_deref())).await?;
        for version in page.items.iter().take(left) {
            show_version(version, options.json)?;
        }
        left = left.saturating_sub(page.items.len());
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(())
}

fn show_version(version: &DataVersion, json: bool) -> Result<(), Error> {
    if json {
        return show::json(version);
    }
    let mut about = vec![show::files(version.files), show::bytes(version.bytes)];
    about.extend(version.tags.iter().map(|tag| format!("@{tag}")));
    if version.trashed_at.is_some() {
        about.push("in the trash".to_owned());
    }
    show::line(&format!(
        "@{}  {}  {}  ({})",
        version.number,
        show::moment(version.created_at),
        show::name(&version.author_name),
        about.join(", ")
    ))?;
    version.message.lines().try_for_each(|text| show::line(&format!("    {}", show::name(text))))
}
