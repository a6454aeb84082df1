//! Every operation of the API, one function each.

mod files;

pub use files::*;

use crate::account::*;
use crate::billing::*;
use crate::call::{Call, Method, escape};
use crate::custom_role::*;
use crate::data::*;
use crate::dataset::*;
use crate::environment::{BuildLog, Environment};
use crate::grant::*;
use crate::group::*;
use crate::member::*;
use crate::organization::*;
use crate::page::Page;
use crate::person::*;
use crate::project::*;
use crate::role::RoleDescription;
use crate::session::*;
use crate::storage::*;
use crate::tier::*;
use crate::token::*;
use crate::upload::*;
use crate::workload::Workload;

/// Where the API begins.
pub const BASE: &str = "/api/v1";

fn at(parts: &[&str]) -> String {
    let mut path = String::from(BASE);
    for part in parts {
        path.push('/');
        path.push_str(&escape(part));
    }
    path
}

fn organization(slug: &str, rest: &[&str]) -> String {
    at(&[&["organizations", slug], rest].concat())
}

fn project(org: &str, slug: &str, rest: &[&str]) -> String {
    organization(org, &[&["projects", slug], rest].concat())
}

fn dataset(org: &str, project_slug: &str, slug: &str, rest: &[&str]) -> String {
    project(org, project_slug, &[&["datasets", slug], rest].concat())
}

use Method::{Delete, Get, Patch, Post, Put};

// Programs inside workloads
pub fn workload_get() -> Call<Workload> {
    Call::new(Get, at(&["workload"]))
}

// Accounts
pub fn setup_get() -> Call<SetupState> {
    Call::new(Get, at(&["setup"]))
}
pub fn setup_complete(body: &SetUp) -> Call<Me> {
    Call::new(Post, at(&["setup"])).with(body)
}
pub fn sign_in(body: &SignIn) -> Call<Me> {
    Call::new(Post, at(&["sign-in"])).with(body)
}
pub fn sign_out() -> Call<()> {
    Call::new(Post, at(&["sign-out"]))
}
pub fn me_get() -> Call<Me> {
    Call::new(Get, at(&["me"]))
}
pub fn me_update(body: &UpdateMe) -> Call<Me> {
    Call::new(Patch, at(&["me"])).with(body)
}
pub fn password_change(body: &ChangePassword) -> Call<()> {
    Call::new(Post, at(&["me", "password"])).with(body)
}
pub fn sign_in_list() -> Call<Vec<OpenSignIn>> {
    Call::new(Get, at(&["me", "sign-ins"]))
}
pub fn sign_in_end(id: &str) -> Call<()> {
    Call::new(Delete, at(&["me", "sign-ins", id]))
}
/// Ends every sign-in of the caller, this one too.
pub fn sign_in_end_all() -> Call<()> {
    Call::new(Delete, at(&["me", "sign-ins"]))
}
/// Newest first; without the revoked ones.
pub fn token_list() -> Call<Vec<AccessToken>> {
    Call::new(Get, at(&["me", "tokens"]))
}
pub fn token_create(body: &CreateToken) -> Call<CreatedToken> {
    Call::new(Post, at(&["me", "tokens"])).with(body)
}
pub fn token_revoke(id: &str) -> Call<()> {
    Call::new(Delete, at(&["me", "tokens", id]))
}
pub fn invitation_preview(token: &str) -> Call<InvitationPreview> {
    Call::new(Get, at(&["invitations", token]))
}
/// With a new account.
pub fn invitation_accept_new(token: &str, body: &NewAccount) -> Call<Me> {
    Call::new(Post, at(&["invitations", token, "new-account"])).with(body)
}
/// As who is signed in.
pub fn invitation_accept(token: &str) -> Call<Me> {
    Call::new(Post, at(&["invitations", token, "accept"]))
}
pub fn password_reset_preview(token: &str) -> Call<PasswordResetPreview> {
    Call::new(Get, at(&["password-resets", token]))
}
pub fn password_reset(token: &str, body: &ResetPassword) -> Call<()> {
    Call::new(Post, at(&["password-resets", token])).with(body)
}

// Organizations and their people
pub fn organization_list() -> Call<Vec<Organization>> {
    Call::new(Get, at(&["organizations"]))
}
pub fn organization_create(body: &CreateOrganization) -> Call<Organization> {
    Call::new(Post, at(&["organizations"])).with(body)
}
pub fn organization_get(org: &str) -> Call<Organization> {
    Call::new(Get, organization(org, &[]))
}
pub fn organization_update(org: &str, body: &UpdateOrganization) -> Call<Organization> {
    Call::new(Patch, organization(org, &[])).with(body)
}
pub fn role_list(org: &str) -> Call<Vec<RoleDescription>> {
    Call::new(Get, organization(org, &["roles"]))
}
pub fn custom_role_list(org: &str) -> Call<Vec<CustomRole>> {
    Call::new(Get, organization(org, &["custom-roles"]))
}
pub fn custom_role_create(org: &str, body: &SaveCustomRole) -> Call<CustomRole> {
    Call::new(Post, organization(org, &["custom-roles"])).with(body)
}
/// Replaces name and permissions.
pub fn custom_role_update(org: &str, id: &str, body: &SaveCustomRole) -> Call<CustomRole> {
    Call::new(Patch, organization(org, &["custom-roles", id])).with(body)
}
pub fn custom_role_delete(org: &str, id: &str) -> Call<()> {
    Call::new(Delete, organization(org, &["custom-roles", id]))
}
pub fn person_list(org: &str, search: Option<&str>, cursor: Option<&str>) -> Call<Page<Person>> {
    Call::new(Get, organization(org, &["people"])).query(&[("search", search), ("cursor", cursor)])
}
pub fn person_update(org: &str, person: &str, body: &UpdatePerson) -> Call<Person> {
    Call::new(Patch, organization(org, &["people", person])).with(body)
}
pub fn person_remove(org: &str, person: &str) -> Call<()> {
    Call::new(Delete, organization(org, &["people", person]))
}
pub fn person_reset_password(org: &str, person: &str) -> Call<OneTimeLink> {
    Call::new(Post, organization(org, &["people", person, "password-reset"]))
}
pub fn group_list(org: &str, search: Option<&str>, cursor: Option<&str>) -> Call<Page<Group>> {
    Call::new(Get, organization(org, &["groups"])).query(&[("search", search), ("cursor", cursor)])
}
pub fn group_create(org: &str, body: &SaveGroup) -> Call<Group> {
    Call::new(Post, organization(org, &["groups"])).with(body)
}
pub fn group_get(org: &str, id: &str) -> Call<GroupDetail> {
    Call::new(Get, organization(org, &["groups", id]))
}
pub fn group_update(org: &str, id: &str, body: &SaveGroup) -> Call<Group> {
    Call::new(Patch, organization(org, &["groups", id])).with(body)
}
/// `confirm` is the group's name, typed by the person.
pub fn group_delete(org: &str, id: &str, confirm: &str) -> Call<()> {
    Call::new(Delete, organization(org, &["groups", id])).query(&[("confirm", Some(confirm))])
}
pub fn group_person_add(org: &str, id: &str, body: &AddGroupPerson) -> Call<GroupPerson> {
    Call::new(Post, organization(org, &["groups", id, "people"])).with(body)
}
pub fn group_person_remove(org: &str, id: &str, person: &str) -> Call<()> {
    Call::new(Delete, organization(org, &["groups", id, "people", person]))
}
pub fn invitation_list(org: &str) -> Call<Vec<Invitation>> {
    Call::new(Get, organization(org, &["invitations"]))
}
pub fn invitation_create(org: &str, body: &CreateInvitation) -> Call<CreatedInvitation> {
    Call::new(Post, organization(org, &["invitations"])).with(body)
}
pub fn invitation_revoke(org: &str, id: &str) -> Call<()> {
    Call::new(Delete, organization(org, &["invitations", id]))
}

// Projects and members
pub fn project_list(org: &str, filter: &ProjectFilter) -> Call<Page<Project>> {
    Call::new(Get, organization(org, &["projects"])).query(&[
        ("search", filter.search.as_deref()),
        ("archived", filter.archived.map(|a| if a { "true" } else { "false" })),
        ("cursor", filter.cursor.as_deref()),
    ])
}
pub fn project_create(org: &str, body: &CreateProject) -> Call<Project> {
    Call::new(Post, organization(org, &["projects"])).with(body)
}
pub fn project_get(org: &str, slug: &str) -> Call<Project> {
    Call::new(Get, project(org, slug, &[]))
}
pub fn project_update(org: &str, slug: &str, body: &UpdateProject) -> Call<Project> {
    Call::new(Patch, project(org, slug, &[])).with(body)
}
/// `confirm` is the project's name, typed by the person.
pub fn project_delete(org: &str, slug: &str, confirm: &str) -> Call<()> {
    Call::new(Delete, project(org, slug, &[])).query(&[("confirm", Some(confirm))])
}
pub fn member_list(org: &str, slug: &str) -> Call<Vec<Member>> {
    Call::new(Get, project(org, slug, &["members"]))
}
pub fn member_candidates(org: &str, slug: &str, search: &str) -> Call<Vec<Candidate>> {
    Call::new(Get, project(org, slug, &["member-candidates"])).query(&[("search", Some(search))])
}
pub fn member_add(org: &str, slug: &str, body: &AddMember) -> Call<Member> {
    Call::new(Post, project(org, slug, &["members"])).with(body)
}
pub fn member_update(org: &str, slug: &str, person: &str, body: &UpdateMember) -> Call<Member> {
    Call::new(Patch, project(org, slug, &["members", person])).with(body)
}
pub fn member_remove(org: &str, slug: &str, person: &str) -> Call<()> {
    Call::new(Delete, project(org, slug, &["members", person]))
}
pub fn project_group_list(org: &str, slug: &str) -> Call<Vec<ProjectGroup>> {
    Call::new(Get, project(org, slug, &["groups"]))
}
pub fn project_group_candidates(org: &str, slug: &str, search: &str) -> Call<Vec<GroupCandidate>> {
    Call::new(Get, project(org, slug, &["group-candidates"])).query(&[("search", Some(search))])
}
pub fn project_group_add(org: &str, slug: &str, body: &AddProjectGroup) -> Call<ProjectGroup> {
    Call::new(Post, project(org, slug, &["groups"])).with(body)
}
pub fn project_group_update(org: &str, slug: &str, group: &str, body: &UpdateMember) -> Call<ProjectGroup> {
    Call::new(Patch, project(org, slug, &["groups", group])).with(body)
}
pub fn project_group_remove(org: &str, slug: &str, group: &str) -> Call<()> {
    Call::new(Delete, project(org, slug, &["groups", group]))
}

// Tiers and environments
/// With the archived ones; start options leave them out.
pub fn tier_list(org: &str) -> Call<Vec<Tier>> {
    Call::new(Get, organization(org, &["tiers"]))
}
pub fn tier_create(org: &str, body: &CreateTier) -> Call<Tier> {
    Call::new(Post, organization(org, &["tiers"])).with(body)
}
pub fn tier_update(org: &str, id: &str, body: &UpdateTier) -> Call<Tier> {
    Call::new(Patch, organization(org, &["tiers", id])).with(body)
}
pub fn tier_prices(org: &str, id: &str) -> Call<Vec<TierPrice>> {
    Call::new(Get, organization(org, &["tiers", id, "prices"]))
}
/// Who may start it.
pub fn tier_grants(org: &str, id: &str) -> Call<Grants> {
    Call::new(Get, organization(org, &["tiers", id, "grants"]))
}
pub fn tier_grants_set(org: &str, id: &str, body: &SetGrants) -> Call<Grants> {
    Call::new(Patch, organization(org, &["tiers", id, "grants"])).with(body)
}
pub fn environment_list(org: &str) -> Call<Vec<Environment>> {
    Call::new(Get, organization(org, &["environments"]))
}
pub fn environment_build(org: &str, id: &str) -> Call<Environment> {
    Call::new(Post, organization(org, &["environments", id, "build"]))
}
/// Whoever waits for the image is told; what the build has done so far counts for the next one.
pub fn environment_cancel(org: &str, id: &str) -> Call<Environment> {
    Call::new(Post, organization(org, &["environments", id, "cancel"]))
}
pub fn environment_log(org: &str, id: &str) -> Call<BuildLog> {
    Call::new(Get, organization(org, &["environments", id, "log"]))
}

// Sessions
/// Every session of the organization that the caller may see.
pub fn session_list_all(org: &str) -> Call<Vec<Session>> {
    Call::new(Get, organization(org, &["sessions"]))
}
pub fn session_list(org: &str, slug: &str) -> Call<Vec<Session>> {
    Call::new(Get, project(org, slug, &["sessions"]))
}
pub fn session_options(org: &str, slug: &str) -> Call<StartOptions> {
    Call::new(Get, project(org, slug, &["session-options"]))
}
pub fn session_create(org: &str, slug: &str, body: &CreateSession) -> Call<Session> {
    Call::new(Post, project(org, slug, &["sessions"])).with(body)
}
pub fn session_get(org: &str, slug: &str, id: &str) -> Call<Session> {
    Call::new(Get, project(org, slug, &["sessions", id]))
}
pub fn session_start(org: &str, slug: &str, id: &str, body: &StartSession) -> Call<Session> {
    Call::new(Post, project(org, slug, &["sessions", id, "start"])).with(body)
}
pub fn session_stop(org: &str, slug: &str, id: &str) -> Call<Session> {
    Call::new(Post, project(org, slug, &["sessions", id, "stop"]))
}
/// Counts as interaction: the idle clock begins anew.
pub fn session_extend(org: &str, slug: &str, id: &str) -> Call<Session> {
    Call::new(Post, project(org, slug, &["sessions", id, "extend"]))
}
pub fn session_open(org: &str, slug: &str, id: &str) -> Call<SessionEntry> {
    Call::new(Post, project(org, slug, &["sessions", id, "open"]))
}
pub fn session_delete(org: &str, slug: &str, id: &str) -> Call<()> {
    Call::new(Delete, project(org, slug, &["sessions", id]))
}
pub fn session_log(org: &str, slug: &str, id: &str) -> Call<SessionLog> {
    Call::new(Get, project(org, slug, &["sessions", id, "log"]))
}

// Datasets. `version` is a number, `latest` or a tag.
/// By name.
pub fn dataset_list(org: &str, slug: &str, filter: &DatasetFilter) -> Call<Page<Dataset>> {
    Call::new(Get, project(org, slug, &["datasets"])).query(&[
        ("search", filter.search.as_deref()),
        ("trashed", filter.trashed.map(|t| if t { "true" } else { "false" })),
        ("cursor", filter.cursor.as_deref()),
    ])
}
pub fn dataset_create(org: &str, slug: &str, body: &CreateDataset) -> Call<Dataset> {
    Call::new(Post, project(org, slug, &["datasets"])).with(body)
}
pub fn dataset_get(org: &str, slug: &str, name: &str) -> Call<Dataset> {
    Call::new(Get, dataset(org, slug, name, &[]))
}
pub fn dataset_update(org: &str, slug: &str, name: &str, body: &UpdateDataset) -> Call<Dataset> {
    Call::new(Patch, dataset(org, slug, name, &[])).with(body)
}
/// Puts it into the trash.
pub fn dataset_delete(org: &str, slug: &str, name: &str) -> Call<()> {
    Call::new(Delete, dataset(org, slug, name, &[]))
}
/// Takes it out of the trash.
pub fn dataset_recover(org: &str, slug: &str, name: &str) -> Call<Dataset> {
    Call::new(Post, dataset(org, slug, name, &["recover"]))
}
pub fn dataset_share_list(org: &str, slug: &str, name: &str) -> Call<Vec<DatasetShare>> {
    Call::new(Get, dataset(org, slug, name, &["shares"]))
}
pub fn dataset_share_set(org: &str, slug: &str, name: &str, body: &ShareDataset) -> Call<Vec<DatasetShare>> {
    Call::new(Put, dataset(org, slug, name, &["shares"])).with(body)
}
pub fn dataset_share_delete(org: &str, slug: &str, name: &str, share: &str) -> Call<()> {
    Call::new(Delete, dataset(org, slug, name, &["shares", share]))
}
/// The newest first, with those in the trash.
pub fn dataset_version_list(
    org: &str,
    slug: &str,
    name: &str,
    cursor: Option<&str>,
) -> Call<Page<DataVersion>> {
    Call::new(Get, dataset(org, slug, name, &["versions"])).query(&[("cursor", cursor)])
}
pub fn dataset_version_get(org: &str, slug: &str, name: &str, version: &str) -> Call<DataVersion> {
    Call::new(Get, dataset(org, slug, name, &["versions", version]))
}
pub fn dataset_version_update(
    org: &str,
    slug: &str,
    name: &str,
    version: &str,
    body: &UpdateDataVersion,
) -> Call<DataVersion> {
    Call::new(Patch, dataset(org, slug, name, &["versions", version])).with(body)
}
/// A new version with the files of this one.
pub fn dataset_version_restore(
    org: &str,
    slug: &str,
    name: &str,
    version: &str,
    body: &RestoreDataVersion,
) -> Call<DataVersion> {
    Call::new(Post, dataset(org, slug, name, &["versions", version, "restore"])).with(body)
}
/// The files and folders of one folder, by name.
pub fn dataset_files(
    org: &str,
    slug: &str,
    name: &str,
    version: &str,
    of: &DataFolder,
) -> Call<Page<DataEntry>> {
    let pairs = [("path", of.path.as_deref()), ("cursor", of.cursor.as_deref())];
    Call::new(Get, dataset(org, slug, name, &["versions", version, "files"])).query(&pairs)
}
/// The files that differ from an older version, by path.
pub fn dataset_changes(
    org: &str,
    slug: &str,
    name: &str,
    version: &str,
    since: &str,
    cursor: Option<&str>,
) -> Call<Page<DataChange>> {
    Call::new(Get, dataset(org, slug, name, &["versions", version, "changes"]))
        .query(&[("since", Some(since)), ("cursor", cursor)])
}
pub fn dataset_tag_set(org: &str, slug: &str, name: &str, tag: &str, body: &SetDataTag) -> Call<DataVersion> {
    Call::new(Put, dataset(org, slug, name, &["tags", tag])).with(body)
}
pub fn dataset_tag_delete(org: &str, slug: &str, name: &str, tag: &str) -> Call<()> {
    Call::new(Delete, dataset(org, slug, name, &["tags", tag]))
}

/// For a link, or a request with `Range`: the bytes of a file.
pub fn dataset_content_path(org: &str, slug: &str, name: &str, version: &str, path: &str) -> String {
    let address = dataset(org, slug, name, &["versions", version, "content"]);
    Call::<()>::new(Get, address).query(&[("path", Some(path))]).path
}
/// For a link: a folder, or the whole version, as a zip file.
pub fn dataset_archive_path(org: &str, slug: &str, name: &str, version: &str, path: Option<&str>) -> String {
    let address = dataset(org, slug, name, &["versions", version, "archive"]);
    Call::<()>::new(Get, address).query(&[("path", path)]).path
}

// Uploads
/// The caller's own that have not ended, the newest first.
pub fn upload_list(org: &str, slug: &str, name: &str) -> Call<Vec<Upload>> {
    Call::new(Get, dataset(org, slug, name, &["uploads"]))
}
pub fn upload_create(org: &str, slug: &str, name: &str, body: &CreateUpload) -> Call<Upload> {
    Call::new(Post, dataset(org, slug, name, &["uploads"])).with(body)
}
pub fn upload_get(org: &str, slug: &str, name: &str, id: &str) -> Call<Upload> {
    Call::new(Get, dataset(org, slug, name, &["uploads", id]))
}
/// Which of these chunks must be sent.
pub fn upload_lacking(org: &str, slug: &str, name: &str, id: &str, body: &Chunks) -> Call<Chunks> {
    Call::new(Post, dataset(org, slug, name, &["uploads", id, "lacking"])).with(body)
}
/// Says what files are made of. Refused with 409 `chunks-lacking` if a chunk was not sent.
pub fn upload_files(org: &str, slug: &str, name: &str, id: &str, body: &PutFiles) -> Call<Upload> {
    Call::new(Post, dataset(org, slug, name, &["uploads", id, "files"])).with(body)
}
pub fn upload_commit(org: &str, slug: &str, name: &str, id: &str, body: &CommitUpload) -> Call<DataVersion> {
    Call::new(Post, dataset(org, slug, name, &["uploads", id, "commit"])).with(body)
}
/// Leaves nothing of it.
pub fn upload_cancel(org: &str, slug: &str, name: &str, id: &str) -> Call<()> {
    Call::new(Delete, dataset(org, slug, name, &["uploads", id]))
}

/// For a `POST` of chunks, one after the other: each its 32 bytes of hash, its length in 4 bytes (little
/// endian), its bytes. Together at most [`MAX_CHUNK_BODY`].
pub fn upload_chunks_path(org: &str, slug: &str, name: &str, id: &str) -> String {
    dataset(org, slug, name, &["uploads", id, "chunks"])
}
/// For a `PUT` of a whole file, of any size.
pub fn upload_file_path(org: &str, slug: &str, name: &str, id: &str, file: &SentFile) -> String {
    let executable = file.executable.map(|e| if e { "true" } else { "false" });
    let address = dataset(org, slug, name, &["uploads", id, "file"]);
    Call::<()>::new(Put, address).query(&[("path", Some(&file.path)), ("executable", executable)]).path
}

// Spend
pub fn storage_report(org: &str) -> Call<StorageReport> {
    Call::new(Get, organization(org, &["storage"]))
}
pub fn storage_update(org: &str, body: &UpdateStorage) -> Call<StorageReport> {
    Call::new(Patch, organization(org, &["storage"])).with(body)
}
pub fn storage_price_list(org: &str) -> Call<Vec<StoragePrice>> {
    Call::new(Get, organization(org, &["storage", "prices"]))
}
pub fn storage_day_list(org: &str, filter: &StorageDayFilter) -> Call<Page<StorageDay>> {
    Call::new(Get, organization(org, &["storage", "days"])).query(&[
        ("month", filter.month.as_deref()),
        ("project", filter.project.as_deref()),
        ("cursor", filter.cursor.as_deref()),
    ])
}
pub fn storage_quota_set(org: &str, slug: &str, body: &SetStorageQuota) -> Call<ProjectStorage> {
    Call::new(Put, organization(org, &["storage", "quotas", slug])).with(body)
}
pub fn project_storage(org: &str, slug: &str) -> Call<ProjectStorageReport> {
    Call::new(Get, project(org, slug, &["storage"]))
}
pub fn spend_mine(org: &str) -> Call<MySpend> {
    Call::new(Get, organization(org, &["my-spend"]))
}
/// The caller's own month: the report with nobody else in it.
pub fn spend_report_mine(org: &str, month: Option<&str>) -> Call<SpendReport> {
    Call::new(Get, organization(org, &["my-spend-report"])).query(&[("month", month)])
}
/// The caller's own rows.
pub fn segment_list_mine(org: &str, filter: &SegmentFilter) -> Call<Page<Segment>> {
    Call::new(Get, organization(org, &["my-segments"])).query(&segments(filter))
}
pub fn spend_report(org: &str, month: Option<&str>) -> Call<SpendReport> {
    Call::new(Get, organization(org, &["spend"])).query(&[("month", month)])
}
pub fn segment_list(org: &str, filter: &SegmentFilter) -> Call<Page<Segment>> {
    Call::new(Get, organization(org, &["segments"])).query(&segments(filter))
}
pub fn project_spend(org: &str, slug: &str, month: Option<&str>) -> Call<SpendReport> {
    Call::new(Get, project(org, slug, &["spend"])).query(&[("month", month)])
}

fn segments(filter: &SegmentFilter) -> [(&'static str, Option<&str>); 4] {
    [
        ("month", filter.month.as_deref()),
        ("person", filter.person.as_deref()),
        ("project", filter.project.as_deref()),
        ("cursor", filter.cursor.as_deref()),
    ]
}

/// For a link: the rows as CSV, the caller's own or, for who may, everybody's.
pub fn segments_csv_path(org: &str, mine: bool, filter: &SegmentFilter) -> String {
    let file = if mine { "my-segments.csv" } else { "segments.csv" };
    Call::<()>::new(Get, organization(org, &[file])).query(&segments(filter)).path
}

/// For an `EventSource`.
pub fn events_path(org: &str) -> String {
    organization(org, &["events"])
}
