//! Files and folders that not everybody may read who may read the others: for whoever may not, they are not there.

use crate::team::{join, team};
use atelier_api::calls;
use atelier_api::data::{DataFolder, RestoreDataFile, RestoreDataVersion};
use atelier_api::draft::TakenPaths;
use atelier_api::grant::{SetGrants, Subject};
use atelier_api::project::Project;
use atelier_api::restriction::{CreateRestriction, Restriction};
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_api::upload::{Chunks, CommitFiles, CreateUpload, PutFile, PutFiles};
use atelier_chunk::ChunkId;
use atelier_tests::{Client, Database, Person, TreePlace, World, on_both_databases};

on_both_databases!(
    what_is_hidden_is_nowhere,
    roles_groups_and_people_are_let_in_or_kept_out,
    a_draft_leaves_alone_what_its_person_may_not_read,
    a_draft_that_had_it_does_not_give_or_take_it_any_more,
    what_was_hidden_for_a_while_is_removed_by_nobody,
    an_upload_that_was_begun_before_takes_nothing_away,
    what_is_kept_of_a_restricted_file_is_restricted_too,
    a_list_in_parts_names_nothing_hidden,
    t08_a_known_hash_opens_no_hidden_file,
    owners_alone_say_who_may_read,
);

struct Office {
    world: World,
    project: Project,
    /// Who owns the project.
    ada: Person,
    /// A data scientist.
    ben: Person,
    files: TreePlace,
}

const FILES: [(&str, &str); 4] =
    [("a.py", "1\n"), ("salaries.csv", "all\n"), ("salaries/ada.csv", "9\n"), ("salaries/x/ben.csv", "7\n")];

impl Office {
    async fn new(database: Database) -> anyhow::Result<Office> {
        let world = World::new(database).await?;
        let ada = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&ada, "Churn").await;
        let ben = world.acme.member(&project, ProjectRole::DataScientist).await;
        let files = TreePlace::files("acme".to_owned(), project.slug.clone());
        files.version(&ada.client, "Begun", &FILES).await;
        Ok(Office { world, project, ada, ben, files })
    }

    async fn restrict(&self, path: &str, readers: SetGrants) -> Restriction {
        let body = CreateRestriction { path: path.to_owned(), readers };
        let call = calls::files_restriction_create("acme", &self.project.slug, &body);
        self.ada.client.send(call).await.good_with(201)
    }

    async fn readers(&self, restriction: &Restriction, readers: SetGrants) -> Restriction {
        let call = calls::files_restriction_update("acme", &self.project.slug, &restriction.id, &readers);
        self.ada.client.send(call).await.good()
    }

    /// The files of the newest version, as somebody finds them.
    async fn seen_by(&self, client: &Client) -> Vec<String> {
        self.files.all(client, "latest").await.into_keys().collect()
    }
}

fn nobody() -> SetGrants {
    SetGrants { only: true, ..SetGrants::default() }
}

async fn what_is_hidden_is_nowhere(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ada, ben, p) = (&office.ada.client, &office.ben.client, office.project.slug.as_str());
    office.restrict("salaries", nobody()).await;
    office.files.version(ada, "Raised", &[("salaries/ada.csv", "10\n"), ("b.py", "2\n")]).await;

    assert_eq!(office.seen_by(ben).await, ["a.py", "b.py", "salaries.csv"]);
    assert_eq!(office.seen_by(ada).await.len(), 5, "whoever restricts reads all");
    let inside = DataFolder { path: Some("salaries".to_owned()), cursor: None };
    ben.send(calls::files_list("acme", p, "latest", &inside)).await.refused(404, "not-found");
    // In no version, under no name, and in nothing that tells of versions.
    for version in ["1", "2", "latest"] {
        for path in ["salaries/ada.csv", "salaries/x/ben.csv"] {
            office.files.read(ben, version, path).await.refused(404, "not-found");
            let history = ben.send(calls::files_history("acme", p, version, path, None)).await.good();
            assert!(history.items.is_empty(), "as of what never was: {history:?}");
            let restore = RestoreDataFile { path: path.to_owned(), message: String::new() };
            ben.send(calls::files_file_restore("acme", p, version, &restore)).await.refused(404, "not-found");
        }
    }
    let changes = ben.send(calls::files_changes("acme", p, "2", "1", None)).await.good();
    assert_eq!(changes.items.iter().map(|change| change.path.as_str()).collect::<Vec<_>>(), ["b.py"]);
    let last = ben.send(calls::files_last_changes("acme", p, "latest", None)).await.good();
    assert!(last.entries.iter().all(|entry| entry.name != "salaries"), "{last:?}");
    for folder in ["salaries", "absent"] {
        let last = ben.send(calls::files_last_changes("acme", p, "latest", Some(folder))).await.good();
        assert!(last.entries.is_empty() && last.versions.is_empty() && last.others.is_none(), "{last:?}");
    }
    let zip = ben.get(&calls::files_archive_path("acme", p, "latest", None)).await;
    let (names, all) = (String::from_utf8_lossy(&zip.body).into_owned(), "salaries/");
    assert!(names.contains("a.py") && names.contains("salaries.csv") && !names.contains(all), "{names}");
    ben.get(&calls::files_archive_path("acme", p, "latest", Some("salaries")))
        .await
        .refused(404, "not-found");
    // Nor may somebody replace all of it who does not see all of it.
    let replace = CreateUpload { replace: true };
    for wish in [replace, CreateUpload::default()] {
        ben.send(calls::files_upload_create("acme", p, &wish)).await.refused(403, "not-all-readable");
    }
    let restore = RestoreDataVersion::default();
    ben.send(calls::files_version_restore("acme", p, "1", &restore)).await.refused(403, "not-all-readable");
    assert_eq!(ben.send(calls::files_restriction_list("acme", p)).await.good(), []);
    Ok(())
}

async fn roles_groups_and_people_are_let_in_or_kept_out(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (acme, ben, p) = (&office.world.acme, &office.ben.client, office.project.slug.as_str());
    let engineer = acme.member(&office.project, ProjectRole::DataEngineer).await;
    let group = team(acme, "Finance", &[]).await;
    let sees = async |client: &Client| office.seen_by(client).await.contains(&"salaries/ada.csv".to_owned());
    let role = |role: ProjectRole| Subject::Role(role.as_str().to_owned());
    let person = Subject::Person(office.ben.id.clone());

    let only = |allow: Vec<Subject>| SetGrants { only: true, allow, deny: Vec::new() };
    let but = |deny: Vec<Subject>| SetGrants { only: false, allow: Vec::new(), deny };
    let restriction = office.restrict("salaries", nobody()).await;
    assert_eq!((sees(ben).await, sees(&engineer.client).await), (false, false));
    for (readers, ben_sees, engineer_sees) in [
        (only(vec![role(ProjectRole::DataEngineer)]), false, true),
        (only(vec![person.clone()]), true, false),
        (only(vec![Subject::Group(group.id.clone())]), false, false),
        (but(vec![role(ProjectRole::DataScientist)]), false, true),
        (but(vec![person.clone()]), false, true),
        (but(Vec::new()), true, true),
        // Deny wins.
        (
            SetGrants { only: true, allow: vec![person], deny: vec![role(ProjectRole::DataScientist)] },
            false,
            false,
        ),
    ] {
        office.readers(&restriction, readers.clone()).await;
        assert_eq!((sees(ben).await, sees(&engineer.client).await), (ben_sees, engineer_sees), "{readers:?}");
    }
    office.readers(&restriction, only(vec![Subject::Group(group.id.clone())])).await;
    join(acme, &group, &office.ben).await;
    assert!(sees(ben).await, "through the group");
    let listed = ben.send(calls::files_restriction_list("acme", p)).await.good();
    assert_eq!(listed.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["salaries"]);
    assert_eq!(listed[0].readers.allow[0].name, "Finance");

    office.restrict("salaries/ada.csv", nobody()).await;
    assert!(!sees(ben).await);
    assert!(office.seen_by(ben).await.contains(&"salaries/x/ben.csv".to_owned()));
    let again = calls::files_restriction_delete("acme", p, &restriction.id);
    office.ada.client.send(again).await.good_with(204);
    assert!(sees(&engineer.client).await == sees(ben).await);
    Ok(())
}

async fn a_draft_leaves_alone_what_its_person_may_not_read(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ada, ben, p) = (&office.ada.client, &office.ben.client, office.project.slug.as_str());
    office.restrict("salaries", nobody()).await;
    let draft = office.files.draft(ben).await.good().id;
    assert_eq!(office.files.take(ben).await, ["a.py", "salaries.csv"]);
    let taken = TakenPaths { version: 1, paths: vec!["salaries/ada.csv".to_owned()] };
    ben.send(calls::files_draft_taken("acme", p, &taken)).await.refused(404, "not-found");
    ben.get(&calls::files_draft_content_path("acme", p, "salaries/ada.csv")).await.refused(404, "not-found");
    for path in ["salaries/ada.csv", "salaries/new.csv", "salaries"] {
        office.files.put(ben, &draft, path, "mine\n").await.refused(422, "invalid");
        // As of what is not there.
        office.files.remove(ben, &draft, path).await.good();
    }

    office.files.put(ben, &draft, "a.py", "1\n2\n").await.good();
    office.files.remove(ben, &draft, "salaries.csv").await.good();
    let saved = office.files.save(ben, "Mine").await;
    assert_eq!((saved.version, saved.kept_count), (Some(2), 0));
    let all = office.files.all(ada, "latest").await;
    let expected = [("a.py", "1\n2\n"), ("salaries/ada.csv", "9\n"), ("salaries/x/ben.csv", "7\n")];
    assert_eq!(all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>(), expected);
    Ok(())
}

async fn a_draft_that_had_it_does_not_give_or_take_it_any_more(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ada, ben, p) = (&office.ada.client, &office.ben.client, office.project.slug.as_str());
    let draft = office.files.draft(ben).await.good().id;
    office.files.take(ben).await;
    office.files.put(ben, &draft, "salaries/ada.csv", "0\n").await.good();
    let restriction = office.restrict("salaries", nobody()).await;

    let listed = ben.send(calls::files_draft_list("acme", p, None)).await.good().items;
    assert_eq!(listed.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["a.py", "salaries.csv"]);
    ben.get(&calls::files_draft_content_path("acme", p, "salaries/x/ben.csv"))
        .await
        .refused(404, "not-found");
    office.files.put(ben, &draft, "b.py", "2\n").await.good();
    office.files.version(ada, "Raised", &[("salaries/x/ben.csv", "8\n")]).await;
    assert_eq!(office.files.take(ben).await, Vec::<String>::new());
    assert_eq!(office.files.save(ben, "Mine").await.kept_count, 0);
    let all = office.files.all(ada, "latest").await;
    let text = |path: &str| all[path].as_str();
    assert_eq!((text("b.py"), text("salaries/ada.csv"), text("salaries/x/ben.csv")), ("2\n", "9\n", "8\n"));

    // Whoever may read it again finds it as it is now.
    ada.send(calls::files_restriction_delete("acme", p, &restriction.id)).await.good_with(204);
    assert!(office.files.take(ben).await.contains(&"salaries/x/ben.csv".to_owned()));
    Ok(())
}

async fn what_was_hidden_for_a_while_is_removed_by_nobody(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ada, ben, p) = (&office.ada.client, &office.ben.client, office.project.slug.as_str());
    let draft = office.files.draft(ben).await.good().id;
    office.files.take(ben).await;
    office.files.put(ben, &draft, "salaries/ada.csv", "mine\n").await.good();
    let restriction = office.restrict("salaries", nobody()).await;
    // The next session begins with what there is now; its copy has nothing of it.
    office.files.draft(ben).await.good();
    office.files.put(ben, &draft, "b.py", "2\n").await.good();
    office.files.save(ben, "Meanwhile").await;
    ada.send(calls::files_restriction_delete("acme", p, &restriction.id)).await.good_with(204);

    assert_eq!(office.files.take(ben).await, ["salaries/ada.csv", "salaries/x/ben.csv"], "it comes in again");
    office.files.put(ben, &draft, "c.py", "3\n").await.good();
    office.files.save(ben, "After").await;
    let all = office.files.all(ada, "latest").await;
    assert_eq!((all["salaries/ada.csv"].as_str(), all["salaries/x/ben.csv"].as_str()), ("9\n", "7\n"));
    Ok(())
}

async fn an_upload_that_was_begun_before_takes_nothing_away(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ada, ben, p) = (&office.ada.client, &office.ben.client, office.project.slug.as_str());
    let replace = calls::files_upload_create("acme", p, &CreateUpload { replace: true });
    let all = ben.send(replace).await.good_with(201).id;
    let some = office.files.begin(ben).await.good_with(201).id;
    for upload in [&all, &some] {
        office.files.put(ben, upload, "salaries/ada.csv", "0\n").await.good();
    }
    office.restrict("salaries", nobody()).await;
    for upload in [&all, &some] {
        office.files.put(ben, upload, "b.py", "2\n").await.refused(403, "not-all-readable");
        office.files.remove(ben, upload, "salaries").await.refused(403, "not-all-readable");
        let commit = calls::files_upload_commit("acme", p, upload, &CommitFiles::default());
        ben.send(commit).await.refused(403, "not-all-readable");
    }
    assert_eq!(office.files.read(ada, "latest", "salaries/ada.csv").await.text(), "9\n");
    assert_eq!(office.seen_by(ada).await.len(), FILES.len());
    Ok(())
}

async fn what_is_kept_of_a_restricted_file_is_restricted_too(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ada, ben) = (&office.ada.client, &office.ben.client);
    let cleo = office.world.acme.member(&office.project, ProjectRole::DataEngineer).await;
    let readers = SetGrants { deny: vec![Subject::Person(office.ben.id.clone())], ..SetGrants::default() };
    office.restrict("salaries.csv", readers).await;
    let draft = office.files.draft(&cleo.client).await.good().id;
    office.files.take(&cleo.client).await;
    office.files.put(&cleo.client, &draft, "salaries.csv", "Cleo's\n").await.good();
    office.files.version(ada, "Mine", &[("salaries.csv", "Ada's\n")]).await;
    let saved = office.files.save(&cleo.client, "Hers").await;
    let beside = saved.kept[0].beside.clone().unwrap_or_default();
    assert!(beside.starts_with("salaries ("), "{saved:?}");

    assert!(office.seen_by(&cleo.client).await.contains(&beside));
    assert!(
        !office.seen_by(ben).await.iter().any(|path| path.contains("salaries (") || path == "salaries.csv")
    );
    office.files.read(ben, "latest", &beside).await.refused(404, "not-found");
    Ok(())
}

async fn a_list_in_parts_names_nothing_hidden(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ada, ben, p) = (&office.ada.client, &office.ben.client, office.project.slug.as_str());
    // The hidden one is where a part ends, and the last ones of all are hidden, too.
    let names: Vec<String> = (0..202).map(|n| format!("many/{n:03}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    office.files.version(ada, "Many", &files).await;
    for hidden in ["many/199", "many/201"] {
        office.restrict(hidden, nobody()).await;
    }
    let list = async |cursor: Option<String>| {
        let of = DataFolder { path: Some("many".to_owned()), cursor };
        ben.send(calls::files_list("acme", p, "latest", &of)).await.good()
    };
    let first = list(None).await;
    let shown: Vec<&str> = first.items.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!((shown.len(), shown[198], shown[199]), (200, "198", "200"));
    assert_eq!(first.next, None, "nothing follows that may be read");
    Ok(())
}

async fn t08_a_known_hash_opens_no_hidden_file(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ben, p) = (&office.ben.client, office.project.slug.as_str());
    let chunk = ChunkId::of(b"9\n").to_string();
    let asked = Chunks { chunks: vec![chunk.clone()] };
    let draft = office.files.draft(ben).await.good().id;
    let lacks = async || ben.send(calls::files_upload_lacking("acme", p, &draft, &asked)).await.good().chunks;
    assert_eq!(lacks().await, Vec::<String>::new(), "who may read it need not send it");

    office.restrict("salaries", nobody()).await;
    assert_eq!(lacks().await, [chunk.as_str()]);
    let put = PutFile { path: "mine.csv".to_owned(), chunks: vec![chunk], executable: false };
    let files = PutFiles { remove: Vec::new(), put: vec![put] };
    let call = calls::files_upload_files("acme", p, &draft, &files);
    ben.send(call).await.refused(409, "chunks-lacking");
    Ok(())
}

async fn owners_alone_say_who_may_read(database: Database) -> anyhow::Result<()> {
    let office = Office::new(database).await?;
    let (ada, ben, p) = (&office.ada.client, &office.ben.client, office.project.slug.as_str());
    let restriction = office.restrict("salaries", nobody()).await;
    let create = |path: &str| CreateRestriction { path: path.to_owned(), readers: nobody() };
    ben.send(calls::files_restriction_create("acme", p, &create("a.py"))).await.refused(403, "forbidden");
    let update = calls::files_restriction_update("acme", p, &restriction.id, &SetGrants::default());
    ben.send(update).await.refused(403, "forbidden");
    ben.send(calls::files_restriction_delete("acme", p, &restriction.id)).await.refused(403, "forbidden");

    let again = calls::files_restriction_create("acme", p, &create("salaries"));
    ada.send(again).await.refused(409, "restricted-already");
    ada.send(calls::files_restriction_create("acme", p, &create("../x"))).await.refused(422, "invalid");
    let globex = office.world.tenant("Globex").await;
    for stranger in [Subject::Person(globex.administrator.id.clone()), Subject::Role("king".to_owned())] {
        let readers = SetGrants { allow: vec![stranger], ..nobody() };
        let call = calls::files_restriction_update("acme", p, &restriction.id, &readers);
        ada.send(call).await.refused(422, "invalid");
    }
    // Of two who change the same, the second is told.
    let call = || calls::files_restriction_update("acme", p, &restriction.id, &nobody());
    let version = restriction.readers.version;
    ada.send(call().unless_changed(version)).await.good();
    ada.send(call().unless_changed(version)).await.refused(412, "changed-meanwhile");
    // Another project's are not there.
    let other = office.world.acme.project(&office.ada, "Other").await;
    let elsewhere = calls::files_restriction_delete("acme", &other.slug, &restriction.id);
    ada.send(elsewhere).await.refused(404, "not-found");
    Ok(())
}
