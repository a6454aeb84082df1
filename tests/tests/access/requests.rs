//! A well-formed request for every operation.

use crate::{artifacts, trees};
use atelier_api::account::{ChangePassword, Language, NewAccount, ResetPassword, SetUp, SignIn, UpdateMe};
use atelier_api::artifact::CreateArtifact;
use atelier_api::billing::SegmentFilter;
use atelier_api::call::Call;
use atelier_api::calls;
use atelier_api::custom_role::SaveCustomRole;
use atelier_api::dataset::{ShareAccess, ShareDataset};
use atelier_api::draft::{SaveDraft, TakenPaths};
use atelier_api::grant::SetGrants;
use atelier_api::group::{AddGroupPerson, AddProjectGroup, SaveGroup};
use atelier_api::member::{AddMember, UpdateMember};
use atelier_api::money::Micros;
use atelier_api::organization::{CreateOrganization, UpdateOrganization};
use atelier_api::person::{CreateInvitation, UpdatePerson};
use atelier_api::project::{CreateProject, ProjectFilter, UpdateProject};
use atelier_api::restriction::CreateRestriction;
use atelier_api::role::{Action, Object, OrganizationRole, Permission, ProjectRole, Scope};
use atelier_api::session::{CreateSession, DataWish, StartSession};
use atelier_api::storage::{SetStorageQuota, StorageDayFilter, UpdateStorage};
use atelier_api::table::{RowsOf, RunQuery};
use atelier_api::tier::{CreateTier, UpdateTier};
use atelier_api::token::{CreateToken, TokenScope};
use atelier_tests::PASSWORD;
use std::sync::atomic::{AtomicU32, Ordering};

/// Ready to be sent by anybody.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub body: Option<String>,
    /// Of the body.
    pub media_type: &'static str,
}

impl<T> From<Call<T>> for Request {
    fn from(call: Call<T>) -> Request {
        Request {
            method: call.method.as_str(),
            path: call.path,
            body: call.body,
            media_type: "application/json",
        }
    }
}

/// What requests name.
#[derive(Clone, Debug)]
pub struct Place {
    pub organization: String,
    pub project: String,
    pub project_name: String,
    /// A person of the organization, who is not a member of the project.
    pub person: String,
    /// A member of the project.
    pub member: String,
    pub session: String,
    /// With versions 1 and 2, and a tag at the latter.
    pub dataset: String,
    /// Of the dataset, with the organization.
    pub share: String,
    /// To the dataset, the files or the results, one's own if one can have any.
    pub upload: String,
    /// As the dataset.
    pub model: String,
    pub model_upload: String,
    /// Of the files.
    pub restriction: String,
    pub tier: String,
    pub environment: String,
    pub invitation: String,
    pub custom_role: String,
    /// A group with somebody in it, and its name.
    pub group: String,
    pub group_name: String,
    /// Somebody in the group.
    pub group_person: String,
    /// A group that has a role in the project.
    pub project_group: String,
    pub sign_in: String,
    /// Id of an access token.
    pub token: String,
    /// Of an invitation's link.
    pub invitation_token: String,
    /// Who can sign in.
    pub email: String,
}

impl Place {
    /// Where nothing is.
    pub fn absent() -> Place {
        let id = || "0192f1c4-7b3e-7cc1-8a55-000000000000".to_owned();
        Place {
            organization: "absent".to_owned(),
            project: "absent".to_owned(),
            project_name: "Absent".to_owned(),
            person: id(),
            member: id(),
            session: id(),
            dataset: "absent".to_owned(),
            share: id(),
            upload: id(),
            model: "absent".to_owned(),
            model_upload: id(),
            restriction: id(),
            tier: id(),
            environment: "absent".to_owned(),
            invitation: id(),
            custom_role: id(),
            group: id(),
            group_name: "Absent".to_owned(),
            group_person: id(),
            project_group: id(),
            sign_in: id(),
            token: id(),
            invitation_token: "absent".to_owned(),
            email: "nobody@nowhere.test".to_owned(),
        }
    }

    /// The same organization, but nothing in it.
    pub fn emptied(&self) -> Place {
        Place { organization: self.organization.clone(), ..Place::absent() }
    }

    /// The same project, but nothing in it.
    pub fn emptied_project(&self) -> Place {
        let (project, project_name) = (self.project.clone(), self.project_name.clone());
        Place { project, project_name, ..self.emptied() }
    }
}

/// The request of an operation; none if this file does not know it.
pub fn request(operation: &str, at: &Place) -> Option<Request> {
    let Place { organization: o, project: p, dataset: d, .. } = at;
    Some(match operation {
        "workload_get" => calls::workload_get().into(),
        "setup_get" => calls::setup_get().into(),
        "setup_complete" => calls::setup_complete(&SetUp {
            token: "absent".to_owned(),
            organization: "Second".to_owned(),
            name: "Second".to_owned(),
            email: "second@acme.test".to_owned(),
            password: PASSWORD.to_owned(),
            language: Language::English,
            sample_project: false,
        })
        .into(),
        "sign_in" => calls::sign_in(&SignIn {
            email: at.email.clone(),
            password: PASSWORD.to_owned(),
            invitation: None,
        })
        .into(),
        "sign_out" => calls::sign_out().into(),
        "me_get" => calls::me_get().into(),
        "me_update" => calls::me_update(&UpdateMe::default()).into(),
        // Too weak, so that the password stays as it is.
        "password_change" => calls::password_change(&ChangePassword {
            current: PASSWORD.to_owned(),
            new: "aaaaaaaaaaaa".to_owned(),
        })
        .into(),
        "sign_in_list" => calls::sign_in_list().into(),
        "sign_in_end" => calls::sign_in_end(&at.sign_in).into(),
        "sign_in_end_all" => calls::sign_in_end_all().into(),
        "token_list" => calls::token_list().into(),
        "token_create" => calls::token_create(&token(TokenScope::Read)).into(),
        "token_revoke" => calls::token_revoke(&at.token).into(),
        "invitation_preview" => calls::invitation_preview(&at.invitation_token).into(),
        "invitation_accept_new" => calls::invitation_accept_new("absent", &new_account()).into(),
        "invitation_accept" => calls::invitation_accept("absent").into(),
        "password_reset_preview" => calls::password_reset_preview("absent").into(),
        "password_reset" => {
            calls::password_reset("absent", &ResetPassword { password: PASSWORD.to_owned() }).into()
        }

        "organization_list" => calls::organization_list().into(),
        "organization_create" => {
            calls::organization_create(&CreateOrganization { name: "New".to_owned() }).into()
        }
        "organization_get" => calls::organization_get(o).into(),
        "organization_update" => calls::organization_update(o, &UpdateOrganization::default()).into(),
        "role_list" => calls::role_list(o).into(),
        "custom_role_list" => calls::custom_role_list(o).into(),
        "custom_role_create" => calls::custom_role_create(o, &custom_role()).into(),
        "custom_role_update" => calls::custom_role_update(o, &at.custom_role, &custom_role()).into(),
        "custom_role_delete" => calls::custom_role_delete(o, &at.custom_role).into(),
        "group_list" => calls::group_list(o, None, None).into(),
        "group_create" => calls::group_create(o, &group()).into(),
        "group_get" => calls::group_get(o, &at.group).into(),
        "group_update" => calls::group_update(o, &at.group, &group()).into(),
        "group_delete" => calls::group_delete(o, &at.group, &at.group_name).into(),
        "group_person_add" => {
            calls::group_person_add(o, &at.group, &AddGroupPerson { person: at.person.clone() }).into()
        }
        "group_person_remove" => calls::group_person_remove(o, &at.group, &at.group_person).into(),
        "person_list" => calls::person_list(o, None, None).into(),
        "person_update" => calls::person_update(o, &at.person, &UpdatePerson::default()).into(),
        "person_remove" => calls::person_remove(o, &at.person).into(),
        "person_reset_password" => calls::person_reset_password(o, &at.person).into(),
        "invitation_list" => calls::invitation_list(o).into(),
        "invitation_create" => calls::invitation_create(o, &invitation()).into(),
        "invitation_revoke" => calls::invitation_revoke(o, &at.invitation).into(),

        "project_list" => calls::project_list(o, &ProjectFilter::default()).into(),
        "project_create" => {
            let name = "New".to_owned();
            calls::project_create(o, &CreateProject { name, description: String::new() }).into()
        }
        "project_get" => calls::project_get(o, p).into(),
        "project_update" => calls::project_update(o, p, &UpdateProject::default()).into(),
        "project_delete" => calls::project_delete(o, p, &at.project_name).into(),
        "member_list" => calls::member_list(o, p).into(),
        "member_candidates" => calls::member_candidates(o, p, "").into(),
        "member_add" => {
            let member =
                AddMember { person: at.person.clone(), role: ProjectRole::Annotator, custom_role: None };
            calls::member_add(o, p, &member).into()
        }
        "member_update" => {
            let role = ProjectRole::Annotator;
            calls::member_update(o, p, &at.member, &UpdateMember { role, custom_role: None }).into()
        }
        "member_remove" => calls::member_remove(o, p, &at.member).into(),

        "project_group_list" => calls::project_group_list(o, p).into(),
        "project_group_candidates" => calls::project_group_candidates(o, p, "").into(),
        "project_group_add" => {
            let role = ProjectRole::Annotator;
            let new = AddProjectGroup { group: at.group.clone(), role, custom_role: None };
            calls::project_group_add(o, p, &new).into()
        }
        "project_group_update" => {
            let role = ProjectRole::Annotator;
            let change = UpdateMember { role, custom_role: None };
            calls::project_group_update(o, p, &at.project_group, &change).into()
        }
        "project_group_remove" => calls::project_group_remove(o, p, &at.project_group).into(),

        "tier_list" => calls::tier_list(o).into(),
        "tier_create" => calls::tier_create(o, &tier()).into(),
        "tier_update" => calls::tier_update(o, &at.tier, &UpdateTier::default()).into(),
        "tier_prices" => calls::tier_prices(o, &at.tier).into(),
        "tier_grants" => calls::tier_grants(o, &at.tier).into(),
        "tier_grants_set" => calls::tier_grants_set(o, &at.tier, &SetGrants::default()).into(),
        "environment_list" => calls::environment_list(o).into(),
        "environment_build" => calls::environment_build(o, &at.environment).into(),
        "environment_cancel" => calls::environment_cancel(o, &at.environment).into(),
        "environment_log" => calls::environment_log(o, &at.environment).into(),

        "session_list_all" => calls::session_list_all(o).into(),
        "session_list" => calls::session_list(o, p).into(),
        "session_options" => calls::session_options(o, p).into(),
        "session_create" => calls::session_create(o, p, &session(&at.environment, &at.tier)).into(),
        "session_get" => calls::session_get(o, p, &at.session).into(),
        "session_start" => calls::session_start(o, p, &at.session, &StartSession::default()).into(),
        "session_stop" => calls::session_stop(o, p, &at.session).into(),
        "session_extend" => calls::session_extend(o, p, &at.session).into(),
        "session_open" => calls::session_open(o, p, &at.session).into(),
        "session_delete" => calls::session_delete(o, p, &at.session).into(),
        "session_log" => calls::session_log(o, p, &at.session).into(),

        "session_save" => calls::session_save(o, p, &at.session, &SaveDraft::default()).into(),

        "dataset_rows" => {
            calls::dataset_rows(o, p, d, "1", &RowsOf { path: FILE.to_owned(), ..RowsOf::default() }).into()
        }
        "query_run" => calls::query_run(o, p, &query(d)).into(),
        "query_stream" => {
            let body = serde_json::to_string(&query(d)).ok();
            Request {
                method: "POST",
                path: calls::query_stream_path(o, p),
                body,
                media_type: "application/json",
            }
        }
        "dataset_share_list" => calls::dataset_share_list(o, p, d).into(),
        "dataset_share_set" => {
            let all = ShareDataset { project: None, access: ShareAccess::Read };
            calls::dataset_share_set(o, p, d, &all).into()
        }
        "dataset_share_delete" => calls::dataset_share_delete(o, p, d, &at.share).into(),

        "storage_report" => calls::storage_report(o).into(),
        "storage_update" => {
            calls::storage_update(o, &UpdateStorage { price_per_gb_month: Micros(20_000) }).into()
        }
        "storage_price_list" => calls::storage_price_list(o).into(),
        "storage_day_list" => calls::storage_day_list(o, &StorageDayFilter::default()).into(),
        "storage_quota_set" => calls::storage_quota_set(o, p, &SetStorageQuota::default()).into(),
        "project_storage" => calls::project_storage(o, p).into(),

        "files_draft_open" => calls::files_draft_open(o, p).into(),
        "files_draft_get" => calls::files_draft_get(o, p).into(),
        "files_draft_list" => calls::files_draft_list(o, p, None).into(),
        "files_draft_content" => read(calls::files_draft_content_path(o, p, FILE)),
        "files_draft_incoming" => calls::files_draft_incoming(o, p, None).into(),
        "files_draft_taken" => {
            calls::files_draft_taken(o, p, &TakenPaths { version: 1, paths: vec![FILE.to_owned()] }).into()
        }
        "files_draft_save" => calls::files_draft_save(o, p, &SaveDraft::default()).into(),
        "files_restriction_list" => calls::files_restriction_list(o, p).into(),
        "files_restriction_create" => calls::files_restriction_create(o, p, &restriction()).into(),
        "files_restriction_update" => {
            calls::files_restriction_update(o, p, &at.restriction, &SetGrants::default()).into()
        }
        "files_restriction_delete" => calls::files_restriction_delete(o, p, &at.restriction).into(),
        "spend_mine" => calls::spend_mine(o).into(),
        "spend_report_mine" => calls::spend_report_mine(o, None).into(),
        "segment_list_mine" => calls::segment_list_mine(o, &SegmentFilter::default()).into(),
        "spend_report" => calls::spend_report(o, None).into(),
        "segment_list" => calls::segment_list(o, &SegmentFilter::default()).into(),
        "project_spend" => calls::project_spend(o, p, None).into(),
        "segments_csv" => read(calls::segments_csv_path(o, false, &SegmentFilter::default())),
        "segments_csv_mine" => read(calls::segments_csv_path(o, true, &SegmentFilter::default())),
        "events" => read(calls::events_path(o)),
        _ => return artifacts::request(operation, at).or_else(|| trees::request(operation, at)),
    })
}

/// At the newest version of a dataset or model.
pub const TAG: &str = "production";
/// In its versions.
pub const FILE: &str = "a.csv";

pub fn artifact() -> CreateArtifact {
    let name = format!("Customers {}", next());
    CreateArtifact { name, description: String::new(), labels: Vec::new() }
}

fn session(environment: &str, tier: &str) -> CreateSession {
    CreateSession {
        name: None,
        environment: environment.to_owned(),
        tool: "jupyterlab".to_owned(),
        tier: tier.to_owned(),
        data: DataWish::All,
    }
}

pub fn read(path: String) -> Request {
    Request { method: "GET", path, body: None, media_type: "" }
}

pub fn bytes(method: &'static str, path: String, body: &str) -> Request {
    Request { method, path, body: Some(body.to_owned()), media_type: "application/octet-stream" }
}

fn query(dataset: &str) -> RunQuery {
    RunQuery { sql: format!("SELECT * FROM \"{dataset}@1/{FILE}\""), limit: None }
}

fn new_account() -> NewAccount {
    NewAccount {
        name: "New".to_owned(),
        email: "new@acme.test".to_owned(),
        password: PASSWORD.to_owned(),
        language: Language::English,
    }
}

pub fn invitation() -> CreateInvitation {
    let role = OrganizationRole::Member;
    CreateInvitation { email: None, role, project: None, project_role: None, days: 1 }
}

pub fn token(scope: TokenScope) -> CreateToken {
    CreateToken { name: format!("To {scope}"), scope, days: 7 }
}

pub fn custom_role() -> SaveCustomRole {
    SaveCustomRole {
        name: format!("Reviewer {}", next()),
        base: ProjectRole::Client,
        allow: vec![Permission { object: Object::Member, action: Action::Read, scope: Scope::Any }],
        deny: Vec::new(),
    }
}

pub fn group() -> SaveGroup {
    SaveGroup { name: format!("Team {}", next()), description: String::new() }
}

pub fn restriction() -> CreateRestriction {
    CreateRestriction { path: format!("private/{}", next()), readers: SetGrants::default() }
}

/// Names of roles and groups are unique, and there is an end to datasets and models of one name.
pub fn next() -> u32 {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

fn tier() -> CreateTier {
    CreateTier {
        name: "New".to_owned(),
        cpu_milli: 100,
        memory_bytes: 64 << 20,
        price_per_hour: Micros(10_000),
    }
}
