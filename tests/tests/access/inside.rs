//! Programs inside a workload: who they are is the socket's to say, and what they may is their person's
//! right, within the project.

use atelier_api::calls;
use atelier_api::channel::{API, Activity, CONTROL, Kernel, Report};
use atelier_api::data::{SetDataTag, UpdateDataVersion};
use atelier_api::dataset::CreateDataset;
use atelier_api::person::UpdatePerson;
use atelier_api::project::Project;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Client, Database, Person, World, on_both_databases, until};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(20);
/// What is revoked is out by then.
const REVOKED: Duration = Duration::from_secs(5);

on_both_databases!(
    t07_a_workload_is_its_person_within_its_project,
    t07_a_program_reads_and_commits_to_datasets_of_its_project,
    t14_who_is_disabled_is_out_inside_too,
);

/// A data scientist with a session that runs, as far as the rows say.
struct Lab {
    world: World,
    project: Project,
    person: Person,
    tier: String,
    session: String,
    program: Client,
}

impl Lab {
    async fn new(database: Database) -> anyhow::Result<Lab> {
        let world = World::new(database).await?;
        let project = world.acme.project(&world.acme.administrator, "Churn").await;
        let person = world.acme.member(&project, ProjectRole::DataScientist).await;
        let tiers = person.client.send(calls::tier_list(&world.acme.slug)).await.good();
        let tier = tiers.first().map(|tier| tier.id.clone()).unwrap_or_default();
        let session = world.server.database.session(&project.slug, &person.email, &tier, "running")?;
        let program = world.server.inside(&session).await?;
        Ok(Lab { world, project, person, tier, session, program })
    }

    fn another_session(&self, project: &str, person: &Person) -> anyhow::Result<String> {
        self.world.server.database.session(project, &person.email, &self.tier, "running")
    }
}

async fn t07_a_workload_is_its_person_within_its_project(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let (organization, project) = (lab.world.acme.slug.as_str(), lab.project.slug.as_str());
    let admin = &lab.world.acme.administrator;

    let me = lab.program.send(calls::workload_get()).await.good();
    assert_eq!(
        (me.id.as_str(), me.person.as_str(), me.organization.as_str(), me.project.as_str()),
        (lab.session.as_str(), lab.person.id.as_str(), organization, project)
    );
    // Nothing that the request carries makes it somebody else.
    lab.program.set_cookie(admin.client.cookie());
    let token = admin.client.cookie().unwrap_or_default();
    let token = token.split_once('=').map(|(_, token)| token.to_owned()).unwrap_or_default();
    let request = lab.program.request("GET", "/api/v1/workload").bearer_auth(token);
    let request = request.header("x-forwarded-user", "admin").header("x-atelier-workload", "other");
    let still = lab.program.run::<atelier_api::workload::Workload>(request).await.good();
    assert_eq!(still, me);
    // To everybody else there is nothing.
    for client in [&lab.person.client, &admin.client, &lab.world.server.client()] {
        client.send(calls::workload_get()).await.refused(404, "not-found");
    }

    // The project and what is in it, with the person's rights: a scientist sees everybody's sessions and
    // stops his or her own.
    lab.program.send(calls::project_get(organization, project)).await.good();
    lab.program.send(calls::tier_list(organization)).await.good();
    let theirs = lab.another_session(project, admin)?;
    let listed = lab.program.send(calls::session_list(organization, project)).await.good();
    assert_eq!(listed.len(), 2);
    lab.program.send(calls::session_stop(organization, project, &theirs)).await.refused(403, "forbidden");

    // Another project of the same person does not exist from here, nor does its organization's name matter.
    let other = lab.world.acme.project(&lab.person, "Other").await;
    lab.person.client.send(calls::project_get(organization, &other.slug)).await.good();
    lab.program.send(calls::project_get(organization, &other.slug)).await.refused(404, "not-found");
    let elsewhere = lab.another_session(&other.slug, &lab.person)?;
    let call = calls::session_get(organization, &other.slug, &elsewhere);
    lab.program.send(call).await.refused(404, "not-found");
    let call = calls::session_get(organization, project, &elsewhere);
    lab.program.send(call).await.refused(404, "not-found");

    // Nothing puts off its end, opens a way in, or reaches the account.
    let own = lab.session.as_str();
    let inside = "not-from-inside";
    lab.program.send(calls::session_extend(organization, project, own)).await.refused(403, inside);
    lab.program.send(calls::session_open(organization, project, own)).await.refused(403, inside);
    lab.program.send(calls::me_get()).await.refused(403, inside);
    lab.program.send(calls::sign_out()).await.refused(403, inside);
    lab.program.send(calls::setup_get()).await.refused(403, inside);
    // Nor is anything but the API there.
    for path in ["/", "/healthz", "/metrics", "/index.html", "/api/v1/openapi.json", "/api/v2/workload"] {
        assert_eq!(lab.program.get(path).await.status, 404, "{path}");
    }

    // A role that ends is felt with the next request.
    let update = atelier_api::member::UpdateMember { role: ProjectRole::Client, custom_role: None };
    admin.client.send(calls::member_update(organization, project, &lab.person.id, &update)).await.good();
    let listed = lab.program.send(calls::session_list(organization, project)).await;
    assert!(matches!(listed.status.as_u16(), 401 | 403), "{}", listed.status);
    Ok(())
}

async fn t07_a_program_reads_and_commits_to_datasets_of_its_project(
    database: Database,
) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let (o, p) = (lab.world.acme.slug.as_str(), lab.project.slug.as_str());
    let new =
        |name: &str| CreateDataset { name: name.to_owned(), description: String::new(), labels: Vec::new() };
    let made = lab.program.send(calls::dataset_create(o, p, &new("Customers"))).await.good_with(201);
    let slug = made.slug.as_str();
    let me = lab.person.client.send(calls::me_get()).await.good();
    assert_eq!(made.created_by, me.name);
    for number in 1..=2 {
        lab.world.server.database.version(&made.id, number)?;
    }
    assert_eq!(lab.program.send(calls::dataset_list(o, p, &Default::default())).await.good().items.len(), 1);
    lab.program.send(calls::dataset_version_get(o, p, slug, "latest")).await.good();
    let tag = SetDataTag { number: 1 };
    lab.program.send(calls::dataset_tag_set(o, p, slug, "production", &tag)).await.good();
    lab.program.send(calls::dataset_tag_delete(o, p, slug, "production")).await.good();
    // What a program makes says in which session.
    let restore = calls::dataset_version_restore(o, p, slug, "1", &Default::default());
    assert_eq!(lab.program.send(restore).await.good().session.as_ref(), Some(&lab.session));

    // Its person may do these; the program may not.
    let inside = "not-from-inside";
    let update = || calls::dataset_update(o, p, slug, &Default::default());
    lab.program.send(update()).await.refused(403, inside);
    lab.person.client.send(update()).await.good();
    let trash = UpdateDataVersion { trashed: true };
    let trash = || calls::dataset_version_update(o, p, slug, "2", &trash);
    lab.program.send(trash()).await.refused(403, inside);
    lab.person.client.send(trash()).await.good();
    lab.program.send(calls::dataset_delete(o, p, slug)).await.refused(403, inside);
    lab.person.client.send(calls::dataset_delete(o, p, slug)).await.good();
    lab.program.send(calls::dataset_recover(o, p, slug)).await.refused(403, inside);

    // Other projects of its person have no datasets from here.
    let other = lab.world.acme.project(&lab.person, "Other").await;
    let theirs = lab.person.client.send(calls::dataset_create(o, &other.slug, &new("Theirs"))).await.good();
    lab.program.send(calls::dataset_get(o, &other.slug, &theirs.slug)).await.refused(404, "not-found");
    let create = calls::dataset_create(o, &other.slug, &new("More"));
    lab.program.send(create).await.refused(404, "not-found");
    Ok(())
}

async fn t14_who_is_disabled_is_out_inside_too(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    // A connection that was used and is kept.
    let mut kept = lab.world.server.dial(&lab.session, API).await?;
    kept.write_all(b"GET /api/v1/workload HTTP/1.1\r\nHost: a\r\n\r\n").await?;
    let mut heard = [0; 16];
    timeout(SOON, kept.read_exact(&mut heard)).await??;
    assert!(heard.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&heard));

    let admin = &lab.world.acme.administrator.client;
    let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
    admin.send(calls::person_update(&lab.world.acme.slug, &lab.person.id, &disable)).await.good();
    let begun = Instant::now();
    let mut rest = Vec::new();
    timeout(SOON, kept.read_to_end(&mut rest)).await?.ok();
    assert!(begun.elapsed() <= REVOKED, "cut after {:?}", begun.elapsed());
    lab.program.send(calls::workload_get()).await.refused(401, "workload-over");

    // Enabled again: the session was stopped by then, and its end is the end of its rights.
    let enable = UpdatePerson { disabled: Some(false), ..UpdatePerson::default() };
    admin.send(calls::person_update(&lab.world.acme.slug, &lab.person.id, &enable)).await.good();
    let end = format!("UPDATE workload_status SET state = 'stopped' WHERE workload_id = '{}'", lab.session);
    lab.world.server.database.execute(&end)?;
    lab.program.send(calls::workload_get()).await.refused(401, "workload-over");
    Ok(())
}

/// T1: whoever is inside may speak as the agent does; it is believed about its own workload only.
#[tokio::test]
async fn t01_the_agents_part_played_from_inside_reaches_nothing_else() -> anyhow::Result<()> {
    let lab = Lab::new(Database::Sqlite).await?;
    let admin = &lab.world.acme.administrator;
    let other = lab.another_session(&lab.project.slug, admin)?;
    let others = lab.world.server.inside(&other).await?;

    let mut control = lab.world.server.dial(&lab.session, CONTROL).await?;
    let busy = Kernel { id: other.clone(), path: None, busy: true, last_activity_ms: i64::MAX };
    let lies = [
        Report::Hello { generation: 1, protocol: 1, port: None },
        Report::Ready,
        Report::Activity(Activity { kernels: vec![busy], memory_bytes: u64::MAX, ..Activity::default() }),
        Report::OutOfMemory { used_bytes: u64::MAX, limit_bytes: 0 },
        Report::ToolExited { code: Some(0), signal: None },
    ];
    for lie in lies {
        control.write_all(format!("{}\n", serde_json::to_string(&lie)?).as_bytes()).await?;
    }
    control.write_all(format!("{{\"report\":\"ready\",\"workload\":\"{other}\"}}\n").as_bytes()).await?;
    // Its own is as it says.
    until("its report arrived", SOON, || async {
        let call = calls::session_get(&lab.world.acme.slug, &lab.project.slug, &lab.session);
        admin.client.send(call).await.good().notice
    })
    .await;
    let call = calls::session_get(&lab.world.acme.slug, &lab.project.slug, &other);
    let untouched = admin.client.send(call).await.good();
    assert_eq!((untouched.notice, untouched.usage), (None, None));
    assert_eq!(others.send(calls::workload_get()).await.good().id, other);

    // What makes no sense ends no more than its own connection.
    for sent in [&b"\0\0\0\0"[..], b"C\n", b"C{\"report\":\"hello\"}\n", b"PW", b"A\r\n\r\n", b"W", b"AGET"] {
        let mut socket = lab.world.server.dial(&lab.session, sent[0]).await?;
        // It may be hung up on before all is said.
        socket.write_all(&sent[1..]).await.ok();
    }
    lab.program.send(calls::workload_get()).await.good();
    others.send(calls::workload_get()).await.good();
    Ok(())
}

/// T19: what is said of another start than the current one counts for nothing.
#[tokio::test]
async fn t19_a_faked_start_does_not_keep_a_session_alive() -> anyhow::Result<()> {
    let lab = Lab::new(Database::Sqlite).await?;
    let call = || calls::session_get(&lab.world.acme.slug, &lab.project.slug, &lab.session);
    let before = lab.person.client.send(call()).await.good();
    let future = Kernel { id: "k".to_owned(), path: None, busy: true, last_activity_ms: i64::MAX };
    let lies = [Report::Ready, Report::Activity(Activity { kernels: vec![future], ..Activity::default() })];
    report(&lab, 7, &lies).await?;
    // Reports are taken one after the other: this one tells when those were.
    report(&lab, 1, &[Report::OutOfMemory { used_bytes: 2, limit_bytes: 1 }]).await?;
    let after = until("the last report is taken", SOON, || async {
        Some(lab.person.client.send(call()).await.good()).filter(|session| session.notice.is_some())
    })
    .await;
    assert_eq!((&after.usage, &after.steps, &after.idle), (&None, &before.steps, &before.idle));
    Ok(())
}

/// Says all this as the agent of a start, and waits until the server has heard it.
async fn report(lab: &Lab, generation: i64, reports: &[Report]) -> anyhow::Result<()> {
    let mut control = lab.world.server.dial(&lab.session, CONTROL).await?;
    for report in [&[Report::Hello { generation, protocol: 1, port: None }], reports].concat() {
        control.write_all(format!("{}\n", serde_json::to_string(&report)?).as_bytes()).await?;
    }
    control.shutdown().await?;
    timeout(SOON, control.read_to_end(&mut Vec::new())).await??;
    Ok(())
}

/// A head or body without end is refused or cut off, and the server stays small.
#[tokio::test]
async fn t21_endless_requests_from_inside_are_cut_off() -> anyhow::Result<()> {
    let lab = Lab::new(Database::Sqlite).await?;
    let path = format!(
        "/api/v1/organizations/{}/projects/{}/sessions/{}/stop",
        lab.world.acme.slug, lab.project.slug, lab.session
    );
    let large = vec![b' '; 1 << 20];
    for head in [
        "GET /api/v1/workload HTTP/1.1\r\nX-Long: ".to_owned(),
        format!("GET /api/v1/workload?{}", "a".repeat(1 << 20)),
        format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"
        ),
    ] {
        let mut socket = lab.world.server.dial(&lab.session, API).await?;
        let sending = async {
            socket.write_all(head.as_bytes()).await?;
            for _ in 0..256 {
                socket.write_all(&large).await?;
            }
            Ok::<_, std::io::Error>(())
        };
        assert!(timeout(SOON, sending).await?.is_err(), "256 MiB were taken after {:.60}", head);
    }
    lab.program.send(calls::workload_get()).await.good();
    Ok(())
}

/// A member of the organization who was removed has nothing left, also where his or her session still ends.
#[tokio::test]
async fn t14_who_is_removed_is_out_inside_too() -> anyhow::Result<()> {
    let lab = Lab::new(Database::Sqlite).await?;
    let admin = &lab.world.acme.administrator.client;
    lab.program.send(calls::workload_get()).await.good();
    admin.send(calls::person_remove(&lab.world.acme.slug, &lab.person.id)).await.good();
    lab.program.send(calls::workload_get()).await.refused(401, "workload-over");
    lab.world.acme.person(OrganizationRole::Member).await.client.send(calls::me_get()).await.good();
    Ok(())
}
