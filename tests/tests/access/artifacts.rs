//! Well-formed requests for the operations that datasets and models both have.

use crate::requests::{FILE, Place, Request, TAG, artifact, bytes, read};
use atelier_api::artifact::{ArtifactFilter, UpdateArtifact};
use atelier_api::calls;
use atelier_api::data::{DataFolder, RestoreDataVersion, SetDataTag, UpdateDataVersion};
use atelier_api::upload::{Chunks, CommitUpload, CreateUpload, PutFiles, SentFile};

/// The request for what comes after the type in an operation's name.
macro_rules! of {
    ($noun:ident, $upload:ident, $rest:expr, $at:expr) => {
        paste::paste! {{
            let (o, p, a, u) = (&$at.organization, &$at.project, &$at.$noun, &$at.$upload);
            match $rest {
                "list" => calls::[<$noun _list>](o, p, &ArtifactFilter::default()).into(),
                "create" => calls::[<$noun _create>](o, p, &artifact()).into(),
                "get" => calls::[<$noun _get>](o, p, a).into(),
                "update" => calls::[<$noun _update>](o, p, a, &UpdateArtifact::default()).into(),
                "delete" => calls::[<$noun _delete>](o, p, a).into(),
                "recover" => calls::[<$noun _recover>](o, p, a).into(),
                "version_list" => calls::[<$noun _version_list>](o, p, a, None).into(),
                "version_get" => calls::[<$noun _version_get>](o, p, a, "1").into(),
                "version_update" => {
                    let body = UpdateDataVersion { trashed: true };
                    calls::[<$noun _version_update>](o, p, a, "1", &body).into()
                }
                "version_restore" => {
                    calls::[<$noun _version_restore>](o, p, a, "1", &RestoreDataVersion::default()).into()
                }
                "tag_set" => calls::[<$noun _tag_set>](o, p, a, TAG, &SetDataTag { number: 1 }).into(),
                "tag_delete" => calls::[<$noun _tag_delete>](o, p, a, TAG).into(),
                "files" => calls::[<$noun _files>](o, p, a, "1", &DataFolder::default()).into(),
                "changes" => calls::[<$noun _changes>](o, p, a, "2", "1", None).into(),
                "content" => read(calls::[<$noun _content_path>](o, p, a, "1", FILE)),
                "archive" => read(calls::[<$noun _archive_path>](o, p, a, "1", None)),
                "upload_list" => calls::[<$upload _list>](o, p, a).into(),
                "upload_create" => calls::[<$upload _create>](o, p, a, &CreateUpload::default()).into(),
                "upload_get" => calls::[<$upload _get>](o, p, a, u).into(),
                "upload_lacking" => {
                    calls::[<$upload _lacking>](o, p, a, u, &Chunks { chunks: Vec::new() }).into()
                }
                "upload_chunks" => bytes("POST", calls::[<$upload _chunks_path>](o, p, a, u), ""),
                "upload_files" => calls::[<$upload _files>](o, p, a, u, &PutFiles::default()).into(),
                "upload_file" => {
                    let file = SentFile { path: FILE.to_owned(), executable: None };
                    bytes("PUT", calls::[<$upload _file_path>](o, p, a, u, &file), "other")
                }
                "upload_commit" => calls::[<$upload _commit>](o, p, a, u, &CommitUpload::default()).into(),
                "upload_cancel" => calls::[<$upload _cancel>](o, p, a, u).into(),
                _ => return None,
            }
        }}
    };
}

/// The request of an operation; none if it is of neither.
pub fn request(operation: &str, at: &Place) -> Option<Request> {
    Some(match operation.split_once('_')? {
        ("model", rest) => of!(model, model_upload, rest, at),
        ("dataset", rest) => of!(dataset, upload, rest, at),
        ("upload", _) => of!(dataset, upload, operation, at),
        _ => return None,
    })
}
