use crate::api::Api;
use crate::error::Error;
use crate::show;
use crate::target::Target;
use atelier_api::calls;
use atelier_api::data::{DataChange, DataChangeKind};
use clap::Args;

/// Options of `atelier data diff`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The older version, as acme/churn/customers@11
    before: Target,
    /// The newer version, as acme/churn/customers@12 or @12
    #[arg(default_value = "@latest")]
    after: String,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(api: &Api, options: &Options) -> Result<(), Error> {
    let before = &options.before;
    let after = match options.after.strip_prefix('@') {
        Some(version) => before.at(version),
        None => options.after.parse().map_err(Error::Usage)?,
    };
    let Target { organization, project, dataset, .. } = &after;
    if before.at("latest") != after.at("latest") {
        return Err(Error::Usage("only versions of one dataset can be compared".to_owned()));
    }
    let mut cursor = None;
    loop {
        let call = calls::dataset_changes(
            organization,
            project,
            dataset,
            after.version(),
            before.version(),
            cursor.as_deref(),
        );
        let page = api.call(call).await?;
        for change in &page.items {
            show_change(change, options.json)?;
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

fn show_change(change: &DataChange, json: bool) -> Result<(), Error> {
    if json {
        return show::json(change);
    }
    let path = show::name(&change.path);
    let bytes = |count: Option<i64>| show::bytes(count.unwrap_or_default());
    show::line(&match change.kind {
        DataChangeKind::Added => format!("+ {path}  ({})", bytes(change.bytes_after)),
        DataChangeKind::Removed => format!("- {path}  ({})", bytes(change.bytes_before)),
        DataChangeKind::Changed => {
            format!("~ {path}  ({} → {})", bytes(change.bytes_before), bytes(change.bytes_after))
        }
    })
}
