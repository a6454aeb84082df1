//! A stage's result as an image of one layer: of what its steps did and undid, nothing else is left.

use super::container::StepContainer;
use super::variables::Variables;
use crate::{Docker, Error, ImageId, Result, docker::within};
use bollard::{body_try_stream, query_parameters::CreateImageOptionsBuilder};
use futures::{StreamExt, TryStreamExt};
use std::{io, time::Duration};

/// An image may be gigabytes.
const LIMIT: Duration = Duration::from_secs(900);

impl Docker {
    /// Makes `tag` of all files of the container.
    pub(super) async fn flatten(
        &self,
        container: &StepContainer,
        tag: &str,
        (variables, user, folder): (&Variables, &str, &str),
    ) -> Result<ImageId> {
        let mut changes = format!("{}WORKDIR {folder}\nCMD [\"/bin/sh\"]\n", variables.instructions());
        if !user.is_empty() {
            changes.push_str(&format!("USER {user}\n"));
        }
        let (name, version) = tag.rsplit_once(':').unwrap_or((tag, "latest"));
        let options = CreateImageOptionsBuilder::new()
            .from_src("-")
            .repo(name)
            .tag(version)
            .changes(vec![changes])
            .build();
        let files = self.api().await?.export_container(&container.name).map_err(io::Error::other).boxed();
        let import = self.api().await?.create_image(Some(options), Some(body_try_stream(files)), None);
        within(LIMIT, import.try_collect::<Vec<_>>()).await?;
        let made = self.image(tag).await?;
        made.ok_or_else(|| Error::NotFound(format!("{tag} was removed as soon as it was made")))
    }
}
