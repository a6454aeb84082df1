//! Organizations with people in them, made through the API.

use crate::{Client, Database, PASSWORD, TestServer};
use atelier_api::account::{Language, NewAccount, OneTimeLink, SetUp};
use atelier_api::calls;
use atelier_api::member::AddMember;
use atelier_api::organization::CreateOrganization;
use atelier_api::person::CreateInvitation;
use atelier_api::project::{CreateProject, Project};
use atelier_api::role::{OrganizationRole, ProjectRole};
use std::sync::atomic::{AtomicU32, Ordering};

/// A server that is set up: one organization with its administrator, who also runs the installation.
pub struct World {
    pub server: TestServer,
    pub acme: Tenant,
}

/// An organization.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub slug: String,
    pub administrator: Person,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
    pub client: Client,
}

impl World {
    /// Without Docker.
    pub async fn new(database: Database) -> anyhow::Result<World> {
        World::on(TestServer::start(database).await?).await
    }

    /// Sets a server up.
    pub async fn on(server: TestServer) -> anyhow::Result<World> {
        let client = server.client();
        let token = server.setup_token().await?;
        let (name, email) = ("Ada", "ada@acme.test");
        let set_up = SetUp {
            token,
            organization: "Acme".to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
            language: Language::English,
            sample_project: false,
        };
        let me = client.send(calls::setup_complete(&set_up)).await.good_with(201);
        let administrator = Person { id: me.id, name: name.to_owned(), email: email.to_owned(), client };
        Ok(World { server, acme: Tenant { slug: "acme".to_owned(), administrator } })
    }

    /// Another organization, with an administrator of its own and nobody else.
    pub async fn tenant(&self, name: &str) -> Tenant {
        let operator = &self.acme.administrator;
        let create = calls::organization_create(&CreateOrganization { name: name.to_owned() });
        let organization = operator.client.send(create).await.good_with(201);
        let slug = organization.slug;
        let made = Tenant { slug: slug.clone(), administrator: operator.clone() };
        let administrator = made.person(OrganizationRole::Administrator).await;
        administrator.client.send(calls::person_remove(&slug, &operator.id)).await.good();
        Tenant { slug, administrator }
    }
}

impl Tenant {
    /// Somebody new in this organization.
    pub async fn person(&self, role: OrganizationRole) -> Person {
        let link = self.invite(role).await;
        let (name, email) = new_name();
        let account = NewAccount {
            name: name.clone(),
            email: email.clone(),
            password: PASSWORD.to_owned(),
            language: Language::English,
        };
        let client = self.administrator.client.fresh();
        let accept = calls::invitation_accept_new(token_of(&link), &account);
        let me = client.send(accept).await.good_with(201);
        Person { id: me.id, name, email, client }
    }

    /// An invitation's link.
    pub async fn invite(&self, role: OrganizationRole) -> OneTimeLink {
        let invitation = CreateInvitation { email: None, role, project: None, project_role: None, days: 7 };
        let create = calls::invitation_create(&self.slug, &invitation);
        self.administrator.client.send(create).await.good_with(201).link
    }

    /// A project of this person.
    pub async fn project(&self, owner: &Person, name: &str) -> Project {
        let new = CreateProject { name: name.to_owned(), description: String::new() };
        owner.client.send(calls::project_create(&self.slug, &new)).await.good_with(201)
    }

    /// Somebody new with a role in a project. Clients and consumers are guests of the organization.
    pub async fn member(&self, project: &Project, role: ProjectRole) -> Person {
        let outside = matches!(role, ProjectRole::Client | ProjectRole::Consumer);
        let person =
            self.person(if outside { OrganizationRole::Guest } else { OrganizationRole::Member }).await;
        self.add(project, &person, role).await;
        person
    }

    /// Gives somebody a role in a project.
    pub async fn add(&self, project: &Project, person: &Person, role: ProjectRole) {
        let member = AddMember { person: person.id.clone(), role, custom_role: None };
        let add = calls::member_add(&self.slug, &project.slug, &member);
        self.administrator.client.send(add).await.good_with(201);
    }
}

/// What follows the last `/` or `=` of a one-time link.
pub fn token_of(link: &OneTimeLink) -> &str {
    link.url.rsplit(['/', '=']).next().unwrap_or_default()
}

/// A name and an address that nobody else has.
fn new_name() -> (String, String) {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    (format!("Person {number}"), format!("person{number}@acme.test"))
}
