//! Well-formed requests for the operations that a project's files and its results both have.

use crate::requests::{FILE, Place, Request, bytes, read};
use atelier_api::calls;
use atelier_api::data::{DataFolder, RestoreDataFile, RestoreDataVersion, UpdateDataVersion};
use atelier_api::upload::{Chunks, CommitFiles, CreateUpload, PutFiles, SentFile};

/// The request for what comes after the tree in an operation's name.
macro_rules! of {
    ($tree:ident, $rest:expr, $at:expr) => {
        paste::paste! {{
            let (o, p, u) = (&$at.organization, &$at.project, &$at.upload);
            match $rest {
                "version_list" => calls::[<$tree _version_list>](o, p, None).into(),
                "version_get" => calls::[<$tree _version_get>](o, p, "1").into(),
                "version_restore" => {
                    calls::[<$tree _version_restore>](o, p, "1", &RestoreDataVersion::default()).into()
                }
                "list" => calls::[<$tree _list>](o, p, "1", &DataFolder::default()).into(),
                "changes" => calls::[<$tree _changes>](o, p, "2", "1", None).into(),
                "history" => calls::[<$tree _history>](o, p, "2", FILE, None).into(),
                "last_changes" => calls::[<$tree _last_changes>](o, p, "2", None).into(),
                "file_restore" => {
                    let body = RestoreDataFile { path: FILE.to_owned(), message: String::new() };
                    calls::[<$tree _file_restore>](o, p, "1", &body).into()
                }
                "content" => read(calls::[<$tree _content_path>](o, p, "1", FILE)),
                "archive" => read(calls::[<$tree _archive_path>](o, p, "1", None)),
                "upload_list" => calls::[<$tree _upload_list>](o, p).into(),
                "upload_create" => calls::[<$tree _upload_create>](o, p, &CreateUpload::default()).into(),
                "upload_get" => calls::[<$tree _upload_get>](o, p, u).into(),
                "upload_lacking" => {
                    calls::[<$tree _upload_lacking>](o, p, u, &Chunks { chunks: Vec::new() }).into()
                }
                "upload_chunks" => bytes("POST", calls::[<$tree _upload_chunks_path>](o, p, u), ""),
                "upload_files" => calls::[<$tree _upload_files>](o, p, u, &PutFiles::default()).into(),
                "upload_file" => {
                    let file = SentFile { path: FILE.to_owned(), executable: None };
                    bytes("PUT", calls::[<$tree _upload_file_path>](o, p, u, &file), "other")
                }
                "upload_commit" => calls::[<$tree _upload_commit>](o, p, u, &CommitFiles::default()).into(),
                "upload_cancel" => calls::[<$tree _upload_cancel>](o, p, u).into(),
                _ => return None,
            }
        }}
    };
}

/// The request of an operation; none if it is of neither.
pub fn request(operation: &str, at: &Place) -> Option<Request> {
    Some(match operation.split_once('_')? {
        ("files", rest) => of!(files, rest, at),
        ("results", "version_update") => {
            let body = UpdateDataVersion { trashed: true };
            calls::results_version_update(&at.organization, &at.project, "1", &body).into()
        }
        ("results", rest) => of!(results, rest, at),
        _ => return None,
    })
}
