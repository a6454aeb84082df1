//! What is asked of everything that has a name and versions: the same operations for each type. `version` is a
//! number, `latest` or a tag.

use super::project;
use crate::artifact::*;
use crate::call::{Call, Method};
use crate::data::*;
use crate::page::Page;
use crate::upload::*;
use Method::{Delete, Get, Patch, Post, Put};

fn artifact(plural: &str, org: &str, project_slug: &str, slug: &str, rest: &[&str]) -> String {
    project(org, project_slug, &[&[plural, slug], rest].concat())
}

/// The calls of one type, their names beginning with its word; those about uploads with `$upload`.
macro_rules! calls_of {
    ($noun:ident, $plural:literal, $upload:ident) => {
        paste::paste! {
            /// By name.
            pub fn [<$noun _list>](org: &str, slug: &str, filter: &ArtifactFilter) -> Call<Page<Artifact>> {
                Call::new(Get, project(org, slug, &[$plural])).query(&[
                    ("search", filter.search.as_deref()),
                    ("trashed", filter.trashed.map(|t| if t { "true" } else { "false" })),
                    ("cursor", filter.cursor.as_deref()),
                ])
            }
            pub fn [<$noun _create>](org: &str, slug: &str, body: &CreateArtifact) -> Call<Artifact> {
                Call::new(Post, project(org, slug, &[$plural])).with(body)
            }
            pub fn [<$noun _get>](org: &str, slug: &str, name: &str) -> Call<Artifact> {
                Call::new(Get, artifact($plural, org, slug, name, &[]))
            }
            pub fn [<$noun _update>](org: &str, slug: &str, name: &str, body: &UpdateArtifact) -> Call<Artifact> {
                Call::new(Patch, artifact($plural, org, slug, name, &[])).with(body)
            }
            /// Puts it into the trash.
            pub fn [<$noun _delete>](org: &str, slug: &str, name: &str) -> Call<()> {
                Call::new(Delete, artifact($plural, org, slug, name, &[]))
            }
            /// Takes it out of the trash.
            pub fn [<$noun _recover>](org: &str, slug: &str, name: &str) -> Call<Artifact> {
                Call::new(Post, artifact($plural, org, slug, name, &["recover"]))
            }
            /// The newest first, with those in the trash.
            pub fn [<$noun _version_list>](
                org: &str,
                slug: &str,
                name: &str,
                cursor: Option<&str>,
            ) -> Call<Page<DataVersion>> {
                Call::new(Get, artifact($plural, org, slug, name, &["versions"])).query(&[("cursor", cursor)])
            }
            pub fn [<$noun _version_get>](org: &str, slug: &str, name: &str, version: &str) -> Call<DataVersion> {
                Call::new(Get, artifact($plural, org, slug, name, &["versions", version]))
            }
            pub fn [<$noun _version_update>](
                org: &str,
                slug: &str,
                name: &str,
                version: &str,
                body: &UpdateDataVersion,
            ) -> Call<DataVersion> {
                Call::new(Patch, artifact($plural, org, slug, name, &["versions", version])).with(body)
            }
            /// A new version with the files of this one.
            pub fn [<$noun _version_restore>](
                org: &str,
                slug: &str,
                name: &str,
                version: &str,
                body: &RestoreDataVersion,
            ) -> Call<DataVersion> {
                Call::new(Post, artifact($plural, org, slug, name, &["versions", version, "restore"])).with(body)
            }
            /// The files and folders of one folder, by name.
            pub fn [<$noun _files>](
                org: &str,
                slug: &str,
                name: &str,
                version: &str,
                of: &DataFolder,
            ) -> Call<Page<DataEntry>> {
                let pairs = [("path", of.path.as_deref()), ("cursor", of.cursor.as_deref())];
                Call::new(Get, artifact($plural, org, slug, name, &["versions", version, "files"])).query(&pairs)
            }
            /// The files that differ from an older version, by path.
            pub fn [<$noun _changes>](
                org: &str,
                slug: &str,
                name: &str,
                version: &str,
                since: &str,
                cursor: Option<&str>,
            ) -> Call<Page<DataChange>> {
                Call::new(Get, artifact($plural, org, slug, name, &["versions", version, "changes"]))
                    .query(&[("since", Some(since)), ("cursor", cursor)])
            }
            pub fn [<$noun _tag_set>](org: &str, slug: &str, name: &str, tag: &str, body: &SetDataTag) -> Call<DataVersion> {
                Call::new(Put, artifact($plural, org, slug, name, &["tags", tag])).with(body)
            }
            pub fn [<$noun _tag_delete>](org: &str, slug: &str, name: &str, tag: &str) -> Call<()> {
                Call::new(Delete, artifact($plural, org, slug, name, &["tags", tag]))
            }

            /// For a link, or a request with `Range`: the bytes of a file.
            pub fn [<$noun _content_path>](org: &str, slug: &str, name: &str, version: &str, path: &str) -> String {
                let address = artifact($plural, org, slug, name, &["versions", version, "content"]);
                Call::<()>::new(Get, address).query(&[("path", Some(path))]).path
            }
            /// For a link: a folder, or the whole version, as a zip file.
            pub fn [<$noun _archive_path>](org: &str, slug: &str, name: &str, version: &str, path: Option<&str>) -> String {
                let address = artifact($plural, org, slug, name, &["versions", version, "archive"]);
                Call::<()>::new(Get, address).query(&[("path", path)]).path
            }

            // Uploads
            /// The caller's own that have not ended, the newest first.
            pub fn [<$upload _list>](org: &str, slug: &str, name: &str) -> Call<Vec<Upload>> {
                Call::new(Get, artifact($plural, org, slug, name, &["uploads"]))
            }
            pub fn [<$upload _create>](org: &str, slug: &str, name: &str, body: &CreateUpload) -> Call<Upload> {
                Call::new(Post, artifact($plural, org, slug, name, &["uploads"])).with(body)
            }
            pub fn [<$upload _get>](org: &str, slug: &str, name: &str, id: &str) -> Call<Upload> {
                Call::new(Get, artifact($plural, org, slug, name, &["uploads", id]))
            }
            /// Which of these chunks must be sent.
            pub fn [<$upload _lacking>](org: &str, slug: &str, name: &str, id: &str, body: &Chunks) -> Call<Chunks> {
                Call::new(Post, artifact($plural, org, slug, name, &["uploads", id, "lacking"])).with(body)
            }
            /// Says what files are made of. Refused with 409 `chunks-lacking` if a chunk was not sent.
            pub fn [<$upload _files>](org: &str, slug: &str, name: &str, id: &str, body: &PutFiles) -> Call<Upload> {
                Call::new(Post, artifact($plural, org, slug, name, &["uploads", id, "files"])).with(body)
            }
            pub fn [<$upload _commit>](org: &str, slug: &str, name: &str, id: &str, body: &CommitUpload) -> Call<DataVersion> {
                Call::new(Post, artifact($plural, org, slug, name, &["uploads", id, "commit"])).with(body)
            }
            /// Leaves nothing of it.
            pub fn [<$upload _cancel>](org: &str, slug: &str, name: &str, id: &str) -> Call<()> {
                Call::new(Delete, artifact($plural, org, slug, name, &["uploads", id]))
            }

            /// For a `POST` of chunks, one after the other: each its 32 bytes of hash, its length in 4 bytes (little
            /// endian), its bytes. Together at most [`MAX_CHUNK_BODY`].
            pub fn [<$upload _chunks_path>](org: &str, slug: &str, name: &str, id: &str) -> String {
                artifact($plural, org, slug, name, &["uploads", id, "chunks"])
            }
            /// For a `PUT` of a whole file, of any size.
            pub fn [<$upload _file_path>](org: &str, slug: &str, name: &str, id: &str, file: &SentFile) -> String {
                let executable = file.executable.map(|e| if e { "true" } else { "false" });
                let address = artifact($plural, org, slug, name, &["uploads", id, "file"]);
                Call::<()>::new(Put, address).query(&[("path", Some(&file.path)), ("executable", executable)]).path
            }
        }
    };
}

calls_of!(dataset, "datasets", upload);
calls_of!(model, "models", model_upload);
