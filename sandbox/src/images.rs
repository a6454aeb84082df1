//! Images, known by their id.

use crate::{Docker, Error, Result, docker::ask};
use std::fmt;

/// The digest by which Docker knows an image's content: `sha256:…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageId(pub String);

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Docker {
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
