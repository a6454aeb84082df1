//! Everybody who could ask for something, with what they could ask for.

use crate::requests::{FILE, Place, TAG, artifact, custom_role, group, invitation, next, restriction, token};
use atelier_api::calls;
use atelier_api::dataset::{ShareAccess, ShareDataset};
use atelier_api::group::{AddGroupPerson, AddProjectGroup};
use atelier_api::member::AddMember;
use atelier_api::person::UpdatePerson;
use atelier_api::project::CreateProject;
use atelier_api::role::{Object, OrganizationRole, ProjectRole};
use atelier_api::token::TokenScope;
use atelier_tests::{ArtifactPlace, Client, Database, Person, TestServer, TreePlace, World, token_of};
use std::sync::{Mutex, PoisonError};

/// The identity that is a program inside a workload.
pub const WORKLOAD: &str = "workload";

/// The identities that are programs with an access token of somebody who may do everything here.
pub const TOKENS: [&str; 5] = ["t-read", "t-write", "t-admin", "t-expired", "t-revoked"];

/// A kind of caller.
#[derive(Clone)]
pub struct Identity {
    pub name: &'static str,
    pub client: Client,
    /// Absent if nobody can sign in as this.
    pub email: Option<String>,
    /// In the project.
    pub role: Option<ProjectRole>,
}

/// An organization where everybody is, a project in it, and spare rows to be taken away.
pub struct Cast {
    pub server: TestServer,
    pub place: Place,
    pub administrator: Person,
    pub owner: Person,
    pub identities: Vec<Identity>,
    /// Who is removed, added, changed.
    pub spare: Person,
    /// What was prepared for an operation that was then refused: the next one may ask for it.
    unused: Mutex<Option<(String, Place)>>,
}

impl Cast {
    pub async fn new(database: Database) -> anyhow::Result<Cast> {
        let world = World::new(database).await?;
        let operator = world.acme.administrator.clone();
        let tenant = world.tenant("Study").await;
        let administrator = tenant.administrator.clone();
        let owner = tenant.person(OrganizationRole::Member).await;
        let project = tenant.project(&owner, "Churn").await;

        let named = |name, person: &Person, role| Identity {
            name,
            client: person.client.clone(),
            email: Some(person.email.clone()),
            role,
        };
        let mut identities =
            vec![Identity { name: "nobody", client: world.server.client(), email: None, role: None }];

        let expired = tenant.member(&project, ProjectRole::Owner).await;
        let ended = format!("UPDATE sign_ins SET expires_at = 1 WHERE user_id = '{}'", expired.id);
        anyhow::ensure!(world.server.database.execute(&ended)? == 1, "one sign-in expires");
        identities.push(Identity { email: None, ..named("expired", &expired, Some(ProjectRole::Owner)) });

        let disabled = tenant.member(&project, ProjectRole::Owner).await;
        let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
        let call = calls::person_update(&tenant.slug, &disabled.id, &disable);
        administrator.client.send(call).await.good();
        identities.push(Identity { email: None, ..named("disabled", &disabled, Some(ProjectRole::Owner)) });

        let removed = tenant.member(&project, ProjectRole::Owner).await;
        administrator.client.send(calls::person_remove(&tenant.slug, &removed.id)).await.good();
        // Who was removed may still sign in: the account is the person's own.
        removed.client.sign_in(&removed.email).await.good();
        identities.push(named("removed", &removed, None));

        let stranger = tenant.person(OrganizationRole::Guest).await;
        administrator.client.send(calls::person_remove(&tenant.slug, &stranger.id)).await.good();
        stranger.client.sign_in(&stranger.email).await.good();
        identities.push(named("stranger", &stranger, None));

        identities.push(named("foreign", &world.tenant("Globex").await.administrator, None));
        identities.push(named("operator", &operator, None));
        identities.push(named("guest", &tenant.person(OrganizationRole::Guest).await, None));
        identities.push(named("member", &tenant.person(OrganizationRole::Member).await, None));
        for (name, role) in [
            ("consumer", ProjectRole::Consumer),
            ("client", ProjectRole::Client),
            ("annotator", ProjectRole::Annotator),
            ("scientist", ProjectRole::DataScientist),
            ("engineer", ProjectRole::DataEngineer),
        ] {
            identities.push(named(name, &tenant.member(&project, role).await, Some(role)));
        }
        identities.push(named("owner", &owner, Some(ProjectRole::Owner)));
        identities.push(named("auditor", &tenant.person(OrganizationRole::Auditor).await, None));
        identities.push(named("admin", &administrator, None));

        let all = tenant.person(OrganizationRole::Administrator).await;
        tenant.add(&project, &all, ProjectRole::Owner).await;
        let scopes = [TokenScope::Read, TokenScope::Write, TokenScope::Admin];
        for (name, scope) in TOKENS.into_iter().zip(scopes.into_iter().chain([TokenScope::Admin; 2])) {
            let made = all.client.send(calls::token_create(&token(scope))).await.good_with(201);
            let client = all.client.with_token(&made.text);
            let email = Some(all.email.clone()).filter(|_| !matches!(name, "t-expired" | "t-revoked"));
            match name {
                "t-revoked" => all.client.send(calls::token_revoke(&made.token.id)).await.good(),
                "t-expired" => {
                    // As what has expired looks when the server has noticed it.
                    let expired = format!(
                        "UPDATE access_tokens SET expires_at = 1, revoked_at = 1 WHERE id = '{}'",
                        made.token.id
                    );
                    anyhow::ensure!(world.server.database.execute(&expired)? == 1, "one token expires");
                }
                _ => {}
            }
            identities.push(Identity { name, client, email, role: Some(ProjectRole::Owner) });
        }

        let spare = tenant.person(OrganizationRole::Member).await;
        let tiers = administrator.client.send(calls::tier_list(&tenant.slug)).await.good();
        let tier = tiers.first().map(|tier| tier.id.clone()).unwrap_or_default();
        let made = administrator.client.send(calls::group_create(&tenant.slug, &group())).await.good();
        let place = Place {
            group: made.id,
            group_name: made.name,
            organization: tenant.slug.clone(),
            project: project.slug.clone(),
            project_name: project.name.clone(),
            person: spare.id.clone(),
            member: spare.id.clone(),
            tier,
            environment: "python-data-science".to_owned(),
            email: spare.email.clone(),
            invitation_token: token_of(&tenant.invite(OrganizationRole::Guest).await).to_owned(),
            ..Place::absent()
        };
        // A program in a session of one who may do everything here, with the cookie of one who runs everything.
        let (database, email) = (&world.server.database, &all.email);
        let session = database.session(&place.project, email, &place.tier, "running")?;
        let client = world.server.inside(&session).await?;
        client.set_cookie(operator.client.cookie());
        identities.push(Identity { name: WORKLOAD, client, email: None, role: None });
        Ok(Cast {
            server: world.server,
            place,
            administrator,
            owner,
            identities,
            spare,
            unused: Mutex::default(),
        })
    }

    /// A place where this identity may do this once more, whatever was taken away before.
    pub async fn prepare(&self, operation: &str, identity: &Identity) -> Place {
        let unused = self.unused.lock().unwrap_or_else(PoisonError::into_inner).take();
        match unused {
            Some((of, place)) if of == operation && !has_own(operation, identity) => place,
            _ => self.prepare_anew(operation, identity).await,
        }
    }

    /// The place is as it was: the operation was refused, or only read it.
    pub fn give_back(&self, operation: &str, identity: &Identity, place: Place) {
        if !has_own(operation, identity) {
            *self.unused.lock().unwrap_or_else(PoisonError::into_inner) = Some((operation.to_owned(), place));
        }
    }

    async fn prepare_anew(&self, operation: &str, identity: &Identity) -> Place {
        let mut place = self.place.clone();
        let organization = place.organization.clone();
        let admin = &self.administrator.client;
        match operation {
            "person_remove" | "person_update" | "person_reset_password" => self.spare_returns().await,
            "member_add" => {
                self.spare_returns().await;
                let remove = calls::member_remove(&organization, &place.project, &self.spare.id);
                admin.send(remove).await;
            }
            "member_update" | "member_remove" => self.spare_joins().await,
            "invitation_revoke" => {
                let new = invitation();
                let made = admin.send(calls::invitation_create(&organization, &new)).await.good();
                place.invitation = made.invitation.id;
            }
            "custom_role_update" | "custom_role_delete" => {
                let made = admin.send(calls::custom_role_create(&organization, &custom_role())).await.good();
                place.custom_role = made.id;
            }
            "group_get"
            | "group_update"
            | "group_delete"
            | "group_person_add"
            | "group_person_remove"
            | "project_group_add"
            | "project_group_update"
            | "project_group_remove" => {
                self.spare_returns().await;
                let made = admin.send(calls::group_create(&organization, &group())).await.good();
                (place.group, place.group_name) = (made.id.clone(), made.name);
                if operation == "group_person_remove" {
                    let person = AddGroupPerson { person: self.spare.id.clone() };
                    admin.send(calls::group_person_add(&organization, &made.id, &person)).await.good();
                    place.group_person = self.spare.id.clone();
                }
                if matches!(operation, "project_group_update" | "project_group_remove") {
                    let role = ProjectRole::Annotator;
                    let new = AddProjectGroup { group: made.id.clone(), role, custom_role: None };
                    admin.send(calls::project_group_add(&organization, &place.project, &new)).await.good();
                    place.project_group = made.id;
                }
            }
            "project_delete" => {
                let new = CreateProject { name: "To be deleted".to_owned(), description: String::new() };
                let owner = &self.owner.client;
                let project = owner.send(calls::project_create(&organization, &new)).await.good();
                (place.project, place.project_name) = (project.slug, project.name);
                if let (Some(role), Some(email)) = (identity.role, &identity.email) {
                    self.add(&place, email, role).await;
                }
            }
            "sign_in_end" => {
                if let Some(email) = &identity.email {
                    let other = identity.client.fresh();
                    other.sign_in(email).await.good();
                    let open = other.send(calls::sign_in_list()).await.good();
                    let current = open.into_iter().find(|one| one.current);
                    place.sign_in = current.map(|one| one.id).unwrap_or_default();
                }
            }
            "token_revoke" => {
                if let Some(email) = &identity.email {
                    let browser = identity.client.fresh();
                    browser.sign_in(email).await.good();
                    let made = browser.send(calls::token_create(&token(TokenScope::Read))).await.good();
                    place.token = made.token.id;
                }
            }
            "session_get" | "session_start" | "session_stop" | "session_extend" | "session_open"
            | "session_save" | "session_delete" | "session_log" => {
                // One's own if one can have any, else the owner's.
                let own = identity.email.as_deref().filter(|_| works(identity.role));
                let email = own.unwrap_or(&self.owner.email);
                let session = self.server.database.session(&place.project, email, &place.tier, "stopped");
                place.session = session.unwrap_or_else(|error| panic!("no session: {error:#}"));
            }
            "dataset_list" | "dataset_create" | "model_list" | "model_create" => {}
            _ if ["dataset_", "query_", "upload_", "model_"]
                .iter()
                .any(|begin| operation.starts_with(begin)) =>
            {
                let (o, p) = (organization.as_str(), self.place.project.as_str());
                let model = operation.starts_with("model_");
                let object = if model { Object::Model } else { Object::Dataset };
                let at = self.artifact(identity, object).await;
                let owner = &self.owner.client;
                match operation {
                    "dataset_recover" => owner.send(calls::dataset_delete(o, p, &at.slug)).await.good(),
                    "model_recover" => owner.send(calls::model_delete(o, p, &at.slug)).await.good(),
                    _ => {}
                }
                if operation == "dataset_share_delete" {
                    let all = ShareDataset { project: None, access: ShareAccess::Read };
                    let set = calls::dataset_share_set(o, p, &at.slug, &all);
                    place.share = owner.send(set).await.good().remove(0).id;
                }
                let (slug, upload) = match object {
                    Object::Model => (&mut place.model, &mut place.model_upload),
                    _ => (&mut place.dataset, &mut place.upload),
                };
                if operation.contains("upload_") {
                    // Who may not begin one has none.
                    let begun = at.begin(&identity.client).await;
                    if begun.status.is_success() {
                        *upload = begun.good().id;
                    }
                }
                *slug = at.slug;
            }
            _ if operation.starts_with("files_") || operation.starts_with("results_") => {
                let tree = match operation.starts_with("files_") {
                    true => TreePlace::files(organization, place.project.clone()),
                    false => TreePlace::results(organization, place.project.clone()),
                };
                for _ in 0..2 {
                    tree.version(&self.owner.client, "", &[(FILE, &next().to_string())]).await;
                }
                if operation.contains("_upload_") {
                    // Who may not begin one has none.
                    let begun = tree.begin(&identity.client).await;
                    if begun.status.is_success() {
                        place.upload = begun.good().id;
                    }
                }
                if matches!(operation, "files_restriction_update" | "files_restriction_delete") {
                    let create =
                        calls::files_restriction_create(&tree.organization, &tree.project, &restriction());
                    place.restriction = self.owner.client.send(create).await.good_with(201).id;
                }
                if operation.starts_with("files_draft_") {
                    let opened = tree.draft(&identity.client).await;
                    if opened.status.is_success() {
                        tree.put(&identity.client, &opened.good().id, FILE, "mine").await.good();
                    }
                }
            }
            _ => {}
        }
        place
    }

    /// With two versions: one's own if one can have any, else the owner's.
    async fn artifact(&self, identity: &Identity, object: Object) -> ArtifactPlace {
        let maker = if makes_own(identity) { &identity.client } else { &self.owner.client };
        let (organization, project) = (&self.place.organization, &self.place.project);
        let name = artifact().name;
        let at = ArtifactPlace::create(maker, object, organization, project, &name).await;
        for text in ["one", "two"] {
            at.version(maker, FILE, text).await;
        }
        at.tag(maker, TAG, 2).await.good();
        at
    }

    /// The identity as it was before the operation.
    pub async fn restore(&self, identity: &Identity, cookie: Option<String>) {
        if identity.client.cookie() == cookie
            && identity.client.send(calls::me_get()).await.status.is_success() == identity.email.is_some()
        {
            return;
        }
        identity.client.set_cookie(cookie);
        if let Some(email) = &identity.email {
            identity.client.sign_in(email).await.good();
        }
    }

    async fn spare_returns(&self) {
        let organization = &self.place.organization;
        let admin = &self.administrator.client;
        if self.spare.client.send(calls::organization_get(organization)).await.status.is_success() {
            return;
        }
        let new = invitation();
        let made = admin.send(calls::invitation_create(organization, &new)).await.good();
        // A removal may have ended the sign-in.
        self.spare.client.sign_in(&self.spare.email).await.good();
        self.spare.client.send(calls::invitation_accept(token_of(&made.link))).await.good();
    }

    async fn spare_joins(&self) {
        self.spare_returns().await;
        self.add(&self.place, &self.spare.email, ProjectRole::Annotator).await;
    }

    /// Whoever has this address becomes a member, if not yet.
    async fn add(&self, place: &Place, email: &str, role: ProjectRole) {
        let admin = &self.administrator.client;
        let found =
            admin.send(calls::member_candidates(&place.organization, &place.project, email)).await.good();
        for person in found.into_iter().map(|candidate| candidate.person) {
            let member = AddMember { person, role, custom_role: None };
            admin.send(calls::member_add(&place.organization, &place.project, &member)).await.good();
        }
    }
}

/// Whether what is prepared for this operation is the identity's own, or made with its help.
fn has_own(operation: &str, identity: &Identity) -> bool {
    let own = ["session_", "upload_", "model_upload_", "files_upload_", "files_draft_", "results_upload_"];
    match operation {
        "project_delete" | "sign_in_end" | "token_revoke" => true,
        _ if own.iter().any(|prefix| operation.starts_with(prefix)) => true,
        _ if operation.starts_with("dataset_") || operation.starts_with("model_") => makes_own(identity),
        _ => false,
    }
}

/// Whether the datasets and models that this identity asks for are its own.
fn makes_own(identity: &Identity) -> bool {
    identity.email.is_some() && works(identity.role) && !TOKENS.contains(&identity.name)
}

/// Whether somebody with this role can have sessions, datasets and models.
fn works(role: Option<ProjectRole>) -> bool {
    matches!(role, Some(ProjectRole::Owner | ProjectRole::DataScientist | ProjectRole::DataEngineer))
}
