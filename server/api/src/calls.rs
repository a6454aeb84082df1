//! Every operation of the API, one function each.

mod artifacts;
mod files;
mod tables;
mod trees;

pub use artifacts::*;
pub use files::*;
pub use tables::*;
pub use trees::*;

use crate::account::*;
use crate::billing::*;
use crate::call::{Call, Method, escape};
use crate::custom_role::*;
use crate::dataset::{DatasetShare, ShareDataset};
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

fn shares(org: &str, project_slug: &str, dataset: &str, rest: &[&str]) -> String {
    project(org, project_slug, &[&["datasets", dataset, "shares"], rest].concat())
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

// Sharing of datasets
pub fn dataset_share_list(org: &str, slug: &str, name: &str) -> Call<Vec<DatasetShare>> {
    Call::new(Get, shares(org, slug, name, &[]))
}
pub fn dataset_share_set(org: &str, slug: &str, name: &str, body: &ShareDataset) -> Call<Vec<DatasetShare>> {
    Call::new(Put, shares(org, slug, name, &[])).with(body)
}
pub fn dataset_share_delete(org: &str, slug: &str, name: &str, share: &str) -> Call<()> {
    Call::new(Delete, shares(org, slug, name, &[share]))
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
