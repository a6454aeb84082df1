use super::http::Connector;
use crate::{Error, Result};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreScheme, RetryConfig};
use std::time::Duration;
use url::Url;

/// A request is tried so often.
const TRIES: usize = 5;
/// And no longer than this in all.
const PATIENCE: Duration = Duration::from_secs(60);

/// The object store of a URL, and the prefix in it.
pub(super) fn connect<I>(url: &Url, options: I) -> Result<(Box<dyn ObjectStore>, Path)>
where
    I: IntoIterator<Item = (String, String)>,
{
    let (scheme, prefix) = ObjectStoreScheme::parse(url).map_err(|error| setting(url, &error))?;
    let retry = RetryConfig { max_retries: TRIES, retry_timeout: PATIENCE, ..RetryConfig::default() };
    macro_rules! built {
        ($builder:ty) => {{
            let builder =
                <$builder>::new().with_url(url.as_str()).with_retry(retry).with_http_connector(Connector);
            let builder = options.into_iter().try_fold(builder, |builder, (key, value)| {
                Ok(builder.with_config(key.to_ascii_lowercase().parse()?, value))
            });
            builder.and_then(|builder| builder.build()).map(|store| Box::new(store) as Box<dyn ObjectStore>)
        }};
    }
    let store = match scheme {
        ObjectStoreScheme::AmazonS3 => built!(AmazonS3Builder),
        ObjectStoreScheme::MicrosoftAzure => built!(MicrosoftAzureBuilder),
        ObjectStoreScheme::GoogleCloudStorage => built!(GoogleCloudStorageBuilder),
        _ => return Err(Error::Setting(format!("{url} is neither s3://, az://, gs:// nor file://"))),
    };
    Ok((store.map_err(|error| setting(url, &error))?, prefix))
}

fn setting(url: &Url, error: &dyn std::error::Error) -> Error {
    Error::Setting(format!("{url}: {error}"))
}
