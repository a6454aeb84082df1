//! What is asked of each tree that a project has one of: its files, its results. `version` is a number, `latest`, or,
//! where there are tags, one of them.

use super::{Call, project};
use crate::call::Method::{Delete, Get, Patch, Post, Put};
use crate::data::{
    DataChange, DataEntry, DataFileVersion, DataFolder, DataLastChanges, DataVersion, RestoreDataFile,
    RestoreDataVersion, UpdateDataVersion,
};
use crate::page::Page;
use crate::upload::{Chunks, CommitFiles, CreateUpload, PutFiles, SentFile, Upload};

fn tree(word: &str, org: &str, slug: &str, rest: &[&str]) -> String {
    project(org, slug, &[&[word], rest].concat())
}

/// The calls of one of them, their names beginning with its word.
macro_rules! calls_of {
    ($tree:ident, $word:literal) => {
        paste::paste! {
            /// The newest first.
            pub fn [<$tree _version_list>](org: &str, slug: &str, cursor: Option<&str>) -> Call<Page<DataVersion>> {
                Call::new(Get, tree($word, org, slug, &["versions"])).query(&[("cursor", cursor)])
            }
            pub fn [<$tree _version_get>](org: &str, slug: &str, version: &str) -> Call<DataVersion> {
                Call::new(Get, tree($word, org, slug, &["versions", version]))
            }
            /// A new version with the files of this one.
            pub fn [<$tree _version_restore>](
                org: &str,
                slug: &str,
                version: &str,
                body: &RestoreDataVersion,
            ) -> Call<DataVersion> {
                Call::new(Post, tree($word, org, slug, &["versions", version, "restore"])).with(body)
            }
            /// The files and folders of one folder, by name.
            pub fn [<$tree _list>](org: &str, slug: &str, version: &str, of: &DataFolder) -> Call<Page<DataEntry>> {
                let pairs = [("path", of.path.as_deref()), ("cursor", of.cursor.as_deref())];
                Call::new(Get, tree($word, org, slug, &["versions", version, "files"])).query(&pairs)
            }
            /// The files that differ from an older version, by path.
            pub fn [<$tree _changes>](
                org: &str,
                slug: &str,
                version: &str,
                since: &str,
                cursor: Option<&str>,
            ) -> Call<Page<DataChange>> {
                Call::new(Get, tree($word, org, slug, &["versions", version, "changes"]))
                    .query(&[("since", Some(since)), ("cursor", cursor)])
            }
            /// The versions in which a file changed, the newest first, up to this one.
            pub fn [<$tree _history>](
                org: &str,
                slug: &str,
                version: &str,
                path: &str,
                cursor: Option<&str>,
            ) -> Call<Page<DataFileVersion>> {
                Call::new(Get, tree($word, org, slug, &["versions", version, "history"]))
                    .query(&[("path", Some(path)), ("cursor", cursor)])
            }
            /// Which versions changed what is in a folder last, up to this one.
            pub fn [<$tree _last_changes>](org: &str, slug: &str, version: &str, path: Option<&str>) -> Call<DataLastChanges> {
                Call::new(Get, tree($word, org, slug, &["versions", version, "last-changes"])).query(&[("path", path)])
            }
            /// A new version in which one file is as it was in this one.
            pub fn [<$tree _file_restore>](org: &str, slug: &str, version: &str, body: &RestoreDataFile) -> Call<DataVersion> {
                Call::new(Post, tree($word, org, slug, &["versions", version, "restore-file"])).with(body)
            }
            /// For a link, or a request with `Range`: the bytes of a file.
            pub fn [<$tree _content_path>](org: &str, slug: &str, version: &str, path: &str) -> String {
                let address = tree($word, org, slug, &["versions", version, "content"]);
                Call::<()>::new(Get, address).query(&[("path", Some(path))]).path
            }
            /// For a link: a folder, or the whole version, as a zip file.
            pub fn [<$tree _archive_path>](org: &str, slug: &str, version: &str, path: Option<&str>) -> String {
                let address = tree($word, org, slug, &["versions", version, "archive"]);
                Call::<()>::new(Get, address).query(&[("path", path)]).path
            }

            /// Where an upload is, and a draft.
            pub fn [<$tree _upload_path>](org: &str, slug: &str, id: &str) -> String {
                tree($word, org, slug, &["uploads", id])
            }
            /// The caller's own that have not ended, the newest first.
            pub fn [<$tree _upload_list>](org: &str, slug: &str) -> Call<Vec<Upload>> {
                Call::new(Get, tree($word, org, slug, &["uploads"]))
            }
            pub fn [<$tree _upload_create>](org: &str, slug: &str, body: &CreateUpload) -> Call<Upload> {
                Call::new(Post, tree($word, org, slug, &["uploads"])).with(body)
            }
            pub fn [<$tree _upload_get>](org: &str, slug: &str, id: &str) -> Call<Upload> {
                Call::new(Get, tree($word, org, slug, &["uploads", id]))
            }
            /// Which of these chunks must be sent.
            pub fn [<$tree _upload_lacking>](org: &str, slug: &str, id: &str, body: &Chunks) -> Call<Chunks> {
                Call::new(Post, tree($word, org, slug, &["uploads", id, "lacking"])).with(body)
            }
            /// Says what files are made of. Refused with 409 `chunks-lacking` if a chunk was not sent.
            pub fn [<$tree _upload_files>](org: &str, slug: &str, id: &str, body: &PutFiles) -> Call<Upload> {
                Call::new(Post, tree($word, org, slug, &["uploads", id, "files"])).with(body)
            }
            pub fn [<$tree _upload_commit>](org: &str, slug: &str, id: &str, body: &CommitFiles) -> Call<DataVersion> {
                Call::new(Post, tree($word, org, slug, &["uploads", id, "commit"])).with(body)
            }
            /// Leaves nothing of it.
            pub fn [<$tree _upload_cancel>](org: &str, slug: &str, id: &str) -> Call<()> {
                Call::new(Delete, tree($word, org, slug, &["uploads", id]))
            }
            /// For a `POST` of chunks, one after the other: each its 32 bytes of hash, its length in 4 bytes (little
            /// endian), its bytes. Together at most [`MAX_CHUNK_BODY`](crate::upload::MAX_CHUNK_BODY).
            pub fn [<$tree _upload_chunks_path>](org: &str, slug: &str, id: &str) -> String {
                tree($word, org, slug, &["uploads", id, "chunks"])
            }
            /// For a `PUT` of a whole file, of any size.
            pub fn [<$tree _upload_file_path>](org: &str, slug: &str, id: &str, file: &SentFile) -> String {
                let executable = file.executable.map(|e| if e { "true" } else { "false" });
                let address = tree($word, org, slug, &["uploads", id, "file"]);
                Call::<()>::new(Put, address).query(&[("path", Some(&file.path)), ("executable", executable)]).path
            }
        }
    };
}

calls_of!(files, "files");
calls_of!(results, "results");

/// Puts a version of results into the trash, or takes it out.
pub fn results_version_update(
    org: &str,
    slug: &str,
    version: &str,
    body: &UpdateDataVersion,
) -> Call<DataVersion> {
    Call::new(Patch, tree("results", org, slug, &["versions", version])).with(body)
}
