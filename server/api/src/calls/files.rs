//! People's drafts of a project's files, and who may read which of the files.

use super::{Call, project};
use crate::call::Method::{Delete, Get, Patch, Post};
use crate::draft::{Draft, DraftFile, DraftSave, Incoming, SaveDraft, TakenPaths};
use crate::grant::SetGrants;
use crate::page::Page;
use crate::restriction::{CreateRestriction, Restriction};

fn files(org: &str, slug: &str, rest: &[&str]) -> String {
    project(org, slug, &[&["files"], rest].concat())
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
/// The files and folders that not everybody may read, and who may, by path. Those that the caller may not read are
/// not among them.
pub fn files_restriction_list(org: &str, slug: &str) -> Call<Vec<Restriction>> {
    Call::new(Get, files(org, slug, &["restrictions"]))
}
pub fn files_restriction_create(org: &str, slug: &str, body: &CreateRestriction) -> Call<Restriction> {
    Call::new(Post, files(org, slug, &["restrictions"])).with(body)
}
/// Say anew who may read it.
pub fn files_restriction_update(org: &str, slug: &str, id: &str, body: &SetGrants) -> Call<Restriction> {
    Call::new(Patch, files(org, slug, &["restrictions", id])).with(body)
}
/// Whoever may read the files may read it again.
pub fn files_restriction_delete(org: &str, slug: &str, id: &str) -> Call<()> {
    Call::new(Delete, files(org, slug, &["restrictions", id]))
}
