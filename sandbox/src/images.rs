//! Images: built here, known by their id.

use crate::{Context, Docker, Error, Result, docker::ask, lines::Lines};
use bollard::{BollardRequest, body_full, query_parameters::BuildImageOptionsBuilder};
use futures::TryStreamExt;
use std::{collections::HashMap, fmt};

/// Sub-processes of a build step.
const BUILD_PROCESSES: u32 = 4096;

/// The digest by which Docker knows an image's content: `sha256:…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageId(pub String);

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How an image is built.
#[derive(Clone, Debug)]
pub struct Build {
    pub context: Context,
    /// The Dockerfile's path in the context.
    pub dockerfile: String,
    /// `name:tag` to give the image.
    pub tag: String,
    pub arguments: HashMap<String, String>,
    /// Limits of each step.
    pub cpu_millis: u32,
    pub memory_bytes: u64,
    /// The network that the steps may use, with the same firewall as a project's; `None` for none.
    pub network: Option<String>,
}

impl Docker {
    /// Builds an image with the daemon's classic builder, telling each line of the log as it comes.
    /// Takes as long as the build does; dropping the future ends the build.
    pub async fn build(&self, build: Build, mut on_log: impl FnMut(&str)) -> Result<ImageId> {
        let api = self.api().await?.clone().with_request_modifier(limits(&build));
        let options = BuildImageOptionsBuilder::new()
            .dockerfile(&build.dockerfile)
            .t(&build.tag)
            .buildargs(&build.arguments)
            .networkmode(build.network.as_deref().unwrap_or("none"))
            .rm(true)
            .forcerm(true)
            .build();
        let mut steps = Box::pin(api.build_image(options, None, Some(body_full(build.context.0))));
        let (mut image, mut lines) = (None, Lines::default());
        while let Some(step) = steps.try_next().await? {
            lines.add(&step.stream.unwrap_or_default(), &mut on_log);
            image = step.aux.and_then(|made| made.id).or(image);
        }
        image.map(ImageId).ok_or_else(|| Error::Unreachable("the build's answer was cut short".into()))
    }

    /// Bytes of the image on the daemon's disk, layers shared with others included.
    pub async fn image_size(&self, image: &ImageId) -> Result<Option<i64>> {
        match ask(self.api().await?.inspect_image(&image.0)).await {
            Ok(image) => Ok(image.size),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The image behind a name, tag or id.
    pub async fn image(&self, reference: &str) -> Result<Option<ImageId>> {
        match ask(self.api().await?.inspect_image(reference)).await {
            Ok(image) => Ok(image.id.map(ImageId)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// bollard's options end at 2 GiB of memory and have no place for process limits: they are added to the
/// request as Docker's API takes them.
fn limits(build: &Build) -> impl Fn(BollardRequest) -> BollardRequest + Send + Sync + 'static {
    let query = format!(
        "&memory={0}&memswap={0}&cpuperiod=100000&cpuquota={1}&ulimits={2}",
        build.memory_bytes,
        u64::from(build.cpu_millis) * 100,
        format_args!(
            "%5B%7B%22Name%22:%22nproc%22,%22Soft%22:{BUILD_PROCESSES},%22Hard%22:{BUILD_PROCESSES}%7D%5D"
        ),
    );
    move |mut request| {
        let with_limits = format!("{}{query}", request.uri());
        // An address that does not parse leads nowhere: better no build than one without limits.
        *request.uri_mut() = with_limits.parse().unwrap_or_default();
        request
    }
}
