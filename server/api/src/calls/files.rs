//! The files of a project. `version` is a number or `latest`.

use super::{Call, project};
use crate::call::Method::{Delete, Get, Post, Put};
use crate::data::{
    DataChange, DataEntry, DataFileVersion, DataFolder, DataLastChanges, DataVersion, RestoreDataFile,
    RestoreDataVersion,
};
use crate::draft::{Draft, DraftFile, DraftSave, Incoming, SaveDraft, TakenPaths};
use crate::page::Page;
use crate::upload::{Chunks, CommitFiles, CreateUpload, PutFiles, SentFile, Upload};

fn files(org: &str, slug: &str, rest: &[&str]) -> String {
    project(org, slug, &[&["files"], rest].concat())
}

/// The newest first.
pub fn files_version_list(org: &str, slug: &str, cursor: Option<&str>) -> Call<Page<DataVersion>> {
    Call::new(Get, files(org, slug, &["versions"])).query(&[("cursor", cursor)])
}
pub fn files_version_get(org: &str, slug: &str, version: &str) -> Call<DataVersion> {
    Call::new(Get, files(org, slug, &["versions", version]))
}
/// A new version with the files of this one.
pub fn files_version_restore(
    org: &str,
    slug: &str,
    version: &str,
    body: &RestoreDataVersion,
) -> Call<DataVersion> {
    Call::new(Post, files(org, slug, &["versions", version, "restore"])).with(body)
}
/// The files and folders of one folder, by name.
pub fn files_list(org: &str, slug: &str, version: &str, of: &DataFolder) -> Call<Page<DataEntry>> {
    let pairs = [("path", of.path.as_deref()), ("cursor", of.cursor.as_deref())];
    Call::new(Get, files(org, slug, &["versions", version, "files"])).query(&pairs)
}
/// The files that differ from an older version, by path.
pub fn files_changes(
    org: &str,
    slug: &str,
    version: &str,
    since: &str,
    cursor: Option<&str>,
) -> Call<Page<DataChange>> {
    Call::new(Get, files(org, slug, &["versions", version, "changes"]))
        .query(&[("since", Some(since)), ("cursor", cursor)])
}
/// The versions in which a file changed, the newest first, up to this one.
pub fn files_history(
    org: &str,
    slug: &str,
    version: &str,
    path: &str,
    cursor: Option<&str>,
) -> Call<Page<DataFileVersion>> {
    Call::new(Get, files(org, slug, &["versions", version, "history"]))
        .query(&[("path", Some(path)), ("cursor", cursor)])
}
/// Which versions changed what is in a folder last, up to this one.
pub fn files_last_changes(org: &str, slug: &str, version: &str, path: Option<&str>) -> Call<DataLastChanges> {
    Call::new(Get, files(org, slug, &["versions", version, "last-changes"])).query(&[("path", path)])
}
/// A new version in which one file is as it was in this one.
pub fn files_file_restore(org: &str, slug: &str, version: &str, body: &RestoreDataFile) -> Call<DataVersion> {
    Call::new(Post, files(org, slug, &["versions", version, "restore-file"])).with(body)
}
/// For a link, or a request with `Range`: the bytes of a file.
pub fn files_content_path(org: &str, slug: &str, version: &str, path: &str) -> String {
    let address = files(org, slug, &["versions", version, "content"]);
    Call::<()>::new(Get, address).query(&[("path", Some(path))]).path
}
/// For a link: a folder, or the whole version, as a zip file.
pub fn files_archive_path(org: &str, slug: &str, version: &str, path: Option<&str>) -> String {
    let address = files(org, slug, &["versions", version, "archive"]);
    Call::<()>::new(Get, address).query(&[("path", path)]).path
}

/// Where an upload is, and a draft.
pub fn files_upload_path(org: &str, slug: &str, id: &str) -> String {
    files(org, slug, &["uploads", id])
}
/// The caller's own that have not ended, the newest first.
pub fn files_upload_list(org: &str, slug: &str) -> Call<Vec<Upload>> {
    Call::new(Get, files(org, slug, &["uploads"]))
}
pub fn files_upload_create(org: &str, slug: &str, body: &CreateUpload) -> Call<Upload> {
    Call::new(Post, files(org, slug, &["uploads"])).with(body)
}
pub fn files_upload_get(org: &str, slug: &str, id: &str) -> Call<Upload> {
    Call::new(Get, files(org, slug, &["uploads", id]))
}
/// Which of these chunks must be sent.
pub fn files_upload_lacking(org: &str, slug: &str, id: &str, body: &Chunks) -> Call<Chunks> {
    Call::new(Post, files(org, slug, &["uploads", id, "lacking"])).with(body)
}
/// Says what files are made of. Refused with 409 `chunks-lacking` if a chunk was not sent.
pub fn files_upload_files(org: &str, slug: &str, id: &str, body: &PutFiles) -> Call<Upload> {
    Call::new(Post, files(org, slug, &["uploads", id, "files"])).with(body)
}
pub fn files_upload_commit(org: &str, slug: &str, id: &str, body: &CommitFiles) -> Call<DataVersion> {
    Call::new(Post, files(org, slug, &["uploads", id, "commit"])).with(body)
}
/// Leaves nothing of it.
pub fn files_upload_cancel(org: &str, slug: &str, id: &str) -> Call<()> {
    Call::new(Delete, files(org, slug, &["uploads", id]))
}
/// For a `POST` of chunks, one after the other: each its 32 bytes of hash, its length in 4 bytes (little
/// endian), its bytes. Together at most [`MAX_CHUNK_BODY`](crate::upload::MAX_CHUNK_BODY).
pub fn files_upload_chunks_path(org: &str, slug: &str, id: &str) -> String {
    files(org, slug, &["uploads", id, "chunks"])
}
/// For a `PUT` of a whole file, of any size.
pub fn files_upload_file_path(org: &str, slug: &str, id: &str, file: &SentFile) -> String {
    let executable = file.executable.map(|e| if e { "true" } else { "false" });
    let address = files(org, slug, &["uploads", id, "file"]);
    Call::<()>::new(Put, address).query(&[("path", Some(&file.path)), ("executable", executable)]).path
}

/// The caller's draft; an empty one if there was none.
pub fn files_draft_open(org: &str, slug: &str) -> Call<Draft> {
    Call::new(Post, files(org, slug, &["draft"]))
}
pub fn files_draft_get(org: &str, slug: &str) -> Call<Draft> {
    Call::new(Get, files(org, slug, &["draft"]))
}
pub fn files_draft_list(org: &str, slug: &str, cursor: Option<&str>) -> Call<Page<DraftFile>> {
    Call::new(Get, files(org, slug, &["draft", "files"])).query(&[("cursor", cursor)])
}
pub fn files_draft_content_path(org: &str, slug: &str, path: &str) -> String {
    Call::<()>::new(Get, files(org, slug, &["draft", "content"])).query(&[("path", Some(path))]).path
}
/// What others changed and the draft has not. `after` is the path where the last answer ended.
pub fn files_draft_incoming(org: &str, slug: &str, after: Option<&str>) -> Call<Incoming> {
    Call::new(Get, files(org, slug, &["draft", "incoming"])).query(&[("after", after)])
}
pub fn files_draft_taken(org: &str, slug: &str, body: &TakenPaths) -> Call<Draft> {
    Call::new(Post, files(org, slug, &["draft", "taken"])).with(body)
}
/// As [`files_draft_save`], with what the caller's running session holds at this moment.
pub fn session_save(org: &str, slug: &str, session: &str, body: &SaveDraft) -> Call<DraftSave> {
    Call::new(Post, project(org, slug, &["sessions", session, "save"])).with(body)
}
/// A version of the draft and what others changed meanwhile.
pub fn files_draft_save(org: &str, slug: &str, body: &SaveDraft) -> Call<DraftSave> {
    Call::new(Post, files(org, slug, &["draft", "save"])).with(body)
}
