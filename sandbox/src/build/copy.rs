//! `COPY`: into a step's container, which does not run.

use super::container::StepContainer;
use super::renamed::renamed;
use crate::{
    Context, Docker, Error, Result,
    context::Found,
    docker::{ask, within},
};
use bollard::{
    body_try_stream,
    query_parameters::{
        ContainerArchiveInfoOptionsBuilder, DownloadFromContainerOptionsBuilder,
        UploadToContainerOptionsBuilder,
    },
};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    time::Duration,
};
use tar::{Builder, EntryType, Header};

/// A copy between stages may be gigabytes.
const COPY_LIMIT: Duration = Duration::from_secs(600);
/// How Docker marks a folder in the mode of a path.
const IS_FOLDER: u32 = 1 << 31;

/// Where a copy goes.
pub(super) struct Target {
    /// Absolute, without a slash at its end.
    path: String,
    /// Whether files go into it, under their own names.
    folder: bool,
}

impl Target {
    /// `text` as it is written, seen from the folder `from`; `many`: there is more than one source.
    pub(super) fn new(text: &str, from: &str, many: bool) -> Target {
        let whole = if text.starts_with('/') { text.to_owned() } else { format!("{from}/{text}") };
        let mut parts: Vec<&str> = Vec::new();
        for part in whole.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let folder = many || text.ends_with('/') || text.ends_with("/.") || text == ".";
        Target { path: format!("/{}", parts.join("/")), folder }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    fn join(&self, below: &str) -> String {
        format!("{}/{below}", self.path.trim_end_matches('/'))
    }

    /// Where a file of this name goes.
    fn file(&self, name: &str) -> String {
        if self.folder { self.join(name.rsplit('/').next().unwrap_or(name)) } else { self.path.clone() }
    }
}

impl StepContainer {
    /// Whether the path is there, and whether it is a folder.
    async fn stat(&self, docker: &Docker, path: &str) -> Result<Option<bool>> {
        let options = ContainerArchiveInfoOptionsBuilder::new().path(path).build();
        match ask(docker.api().await?.get_container_archive_info(&self.name, Some(options))).await {
            Ok(stat) => Ok(Some(stat.file_mode & IS_FOLDER != 0)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A file goes into a folder that is there already.
    async fn settled(&self, docker: &Docker, mut target: Target) -> Result<Target> {
        target.folder = target.folder || self.stat(docker, &target.path).await? == Some(true);
        Ok(target)
    }

    /// The folders above `paths` that are not there yet, from the top.
    async fn missing(&self, docker: &Docker, paths: impl Iterator<Item = &str>) -> Result<Vec<String>> {
        let mut folders = BTreeSet::new();
        for path in paths {
            folders.extend(path.match_indices('/').skip(1).map(|(end, _)| path[..end].to_owned()));
        }
        let mut missing = Vec::new();
        for folder in folders {
            if self.stat(docker, &folder).await?.is_none() {
                missing.push(folder);
            }
        }
        Ok(missing)
    }

    /// Copies files and folders' contents from the context.
    pub(super) async fn copy_context(
        &self,
        docker: &Docker,
        context: &Context,
        sources: &[String],
        target: Target,
    ) -> Result<()> {
        let target = self.settled(docker, target).await?;
        let mut files: BTreeMap<String, &Bytes> = BTreeMap::new();
        let mut tops = Vec::new();
        for source in sources {
            match context.find(source) {
                Some(Found::File(contents)) => drop(files.insert(target.file(source), contents)),
                Some(Found::Folder(inside)) => {
                    tops.push(target.join(""));
                    files.extend(inside.into_iter().map(|(name, contents)| (target.join(name), contents)));
                }
                None => return Err(Error::Refused(format!("{source} is not beside the Dockerfile"))),
            }
        }
        let paths = files.keys().chain(&tops).map(String::as_str);
        let mut archive = Builder::new(Vec::new());
        for folder in self.missing(docker, paths).await? {
            add(&mut archive, EntryType::Directory, &folder, &[])?;
        }
        for (path, contents) in files {
            add(&mut archive, EntryType::Regular, &path, contents)?;
        }
        let archive = archive.into_inner().map_err(own)?;
        self.upload(docker, whole(archive)).await
    }

    /// Copies a file or a folder's contents from another stage's container.
    pub(super) async fn copy_stage(
        &self,
        docker: &Docker,
        other: &StepContainer,
        source: &str,
        target: Target,
    ) -> Result<()> {
        let source = Target::new(source, "/", false).path;
        let is_folder = other.stat(docker, &source).await?;
        let is_folder = is_folder.ok_or_else(|| Error::Refused(format!("{source} is not there")))?;
        let target = self.settled(docker, target).await?;
        let to = if is_folder { target.path.clone() } else { target.file(&source) };
        let inside = if is_folder { target.join("") } else { to.clone() };
        let mut folders = Builder::new(Vec::new());
        for folder in self.missing(docker, std::iter::once(inside.as_str())).await? {
            add(&mut folders, EntryType::Directory, &folder, &[])?;
        }
        self.upload(docker, whole(folders.into_inner().map_err(own)?)).await?;
        let api = docker.api().await?;
        // The root has no name of its own, which all else has as the first part of its path.
        let (parts, unnamed) = match source.as_str() {
            "/" => (api.export_container(&other.name).boxed(), false),
            path => {
                let options = DownloadFromContainerOptionsBuilder::new().path(path).build();
                (api.download_from_container(&other.name, Some(options)).boxed(), true)
            }
        };
        let parts = parts.map_err(io::Error::other).boxed();
        self.upload(docker, renamed(parts, unnamed, to)).await
    }

    async fn upload(
        &self,
        docker: &Docker,
        archive: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<()> {
        let options = UploadToContainerOptionsBuilder::new().path("/").build();
        let archive = body_try_stream(archive);
        let upload = docker.api().await?.upload_to_container(&self.name, Some(options), archive);
        within(COPY_LIMIT, upload).await
    }
}

fn whole(archive: Vec<u8>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    futures::stream::iter([Ok(Bytes::from(archive))])
}

fn add(archive: &mut Builder<Vec<u8>>, kind: EntryType, path: &str, contents: &[u8]) -> Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(contents.len() as u64);
    header.set_mode(if kind == EntryType::Directory { 0o755 } else { 0o644 });
    archive.append_data(&mut header, path.trim_start_matches('/'), contents).map_err(own)
}

fn own(error: io::Error) -> Error {
    Error::Refused(format!("the files cannot be packed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn targets_are_absolute_and_plain() {
        for (text, from, many, path, folder) in [
            ("/a/b", "/", false, "/a/b", false),
            ("/a/b/", "/", false, "/a/b", true),
            ("b", "/work", false, "/work/b", false),
            (".", "/work", false, "/work", true),
            ("/a/../../b/./c", "/", false, "/b/c", false),
            ("/", "/x", false, "/", true),
            ("/a", "/", true, "/a", true),
        ] {
            let target = Target::new(text, from, many);
            assert_eq!((target.path.as_str(), target.folder), (path, folder), "{text}");
        }
        assert_eq!(Target::new("/", "/", false).file("x/y"), "/y");
        assert_eq!(Target::new("/a", "/", false).file("x/y"), "/a");
    }
}
