//! Steps that were done before: an image is known by the hash of all that led to it.

use crate::{
    Docker, Error, Identity, ImageId, Result,
    docker::{ask, within},
    spec::{INSTALLATION, WORKLOAD},
};
use bollard::{
    models::ContainerConfig,
    query_parameters::{CommitContainerOptionsBuilder, ListImagesOptionsBuilder, RemoveImageOptionsBuilder},
};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// The label by which the result of a step is found again.
const STEP: &str = "atelier.step";
/// A step may have written gigabytes.
const COMMIT_LIMIT: Duration = Duration::from_secs(600);

/// What led to a state of a stage: its base and each instruction with all that it read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain(blake3::Hash);

impl Chain {
    pub(super) fn begin(base: &str) -> Chain {
        Chain(blake3::hash(base.as_bytes()))
    }

    pub(super) fn then<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> Chain {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.0.as_bytes());
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Chain(hasher.finalize())
    }

    pub(super) fn name(&self) -> String {
        self.0.to_hex()[..32].to_owned()
    }
}

impl Docker {
    /// The result of the step, if it was done before by this installation.
    pub(super) async fn step_done(&self, identity: &Identity, chain: &Chain) -> Result<Option<ImageId>> {
        let labels = [of(INSTALLATION, &identity.installation), of(STEP, &chain.name())];
        let options = ListImagesOptionsBuilder::new().all(true).filters(&filter(labels)).build();
        let images = ask(self.api().await?.list_images(Some(options))).await?;
        Ok(images.into_iter().next().map(|image| ImageId(image.id)))
    }

    /// Makes an image of the step's container. It carries the container's labels, too.
    pub(super) async fn commit(&self, container: &str, chain: &Chain) -> Result<ImageId> {
        let options = CommitContainerOptionsBuilder::new()
            .container(container)
            .pause(false)
            .changes(&format!("LABEL {STEP}={}", chain.name()))
            .build();
        let committed = self.api().await?.commit_container(options, ContainerConfig::default());
        within(COMMIT_LIMIT, committed).await.map(|image| ImageId(image.id))
    }

    /// Removes what earlier builds of the same thing left and this one did not use.
    pub(super) async fn forget_steps_except(
        &self,
        identity: &Identity,
        used: &HashSet<String>,
    ) -> Result<()> {
        let labels = [of(INSTALLATION, &identity.installation), of(WORKLOAD, &identity.workload)];
        let options = ListImagesOptionsBuilder::new().all(true).filters(&filter(labels)).build();
        let mut images = ask(self.api().await?.list_images(Some(options))).await?;
        images.retain(|image| image.labels.get(STEP).is_none_or(|step| !used.contains(step)));
        let options = RemoveImageOptionsBuilder::new().noprune(true).build();
        // What others are built upon cannot go before them, and Docker tells their age in seconds only.
        loop {
            let mut built_upon = Vec::new();
            let before = images.len();
            for image in images {
                match ask(self.api().await?.remove_image(&image.id, Some(options.clone()), None)).await {
                    Ok(_) | Err(Error::NotFound(_)) => {}
                    Err(Error::Conflict(_)) => built_upon.push(image),
                    Err(error) => return Err(error),
                }
            }
            if built_upon.len() == before || built_upon.is_empty() {
                break;
            }
            images = built_upon;
        }
        Ok(())
    }
}

fn of(label: &str, value: &str) -> String {
    format!("{label}={value}")
}

fn filter<const N: usize>(labels: [String; N]) -> HashMap<&'static str, Vec<String>> {
    HashMap::from([("label", labels.to_vec())])
}

#[cfg(test)]
mod tests {
    use super::Chain;

    #[test]
    fn every_part_and_its_bounds_count() {
        let begin = Chain::begin("sha256:1");
        let names = [
            begin.clone(),
            Chain::begin("sha256:2"),
            begin.then([&b"ab"[..], b"c"]),
            begin.then([&b"a"[..], b"bc"]),
            begin.then([&b"abc"[..]]),
        ]
        .map(|chain| chain.name());
        let mut different = names.to_vec();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), names.len());
        assert_eq!(begin.then([&b"x"[..]]), begin.then([&b"x"[..]]));
    }
}
