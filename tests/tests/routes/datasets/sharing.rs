//! Datasets that are shared with another project or with the organization.

use super::{At, Library};
use crate::role::{any, give, make};
use atelier_api::calls;
use atelier_api::dataset::{Dataset, DatasetFilter, DatasetShare, ShareAccess, ShareDataset, UpdateDataset};
use atelier_api::project::Project;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_api::storage::SetStorageQuota;
use atelier_tests::{Answer, ArtifactPlace, Client, Database, Person, on_both_databases};

on_both_databases!(
    who_gets_at_a_shared_dataset_is_told_the_same_everywhere,
    what_is_committed_by_way_of_a_share_belongs_to_the_dataset,
    a_share_ends_at_once,
    who_shares_and_with_whom,
    what_is_lent_stays_in_its_organization,
);

/// Another project of the organization, and what the dataset is called there.
struct Borrower {
    project: Project,
    address: String,
}

impl Borrower {
    async fn new(library: &Library, dataset: &Dataset) -> Borrower {
        let acme = &library.world.acme;
        let project = acme.project(&acme.administrator, "Fraud").await;
        let address = format!("{}.{}", library.project.slug, dataset.slug);
        Borrower { project, address }
    }

    fn at<'a>(&'a self, person: &'a Person) -> At<'a> {
        At { client: &person.client, project: &self.project.slug, dataset: &self.address }
    }

    fn place(&self) -> ArtifactPlace {
        ArtifactPlace {
            object: Object::Dataset,
            organization: "acme".to_owned(),
            project: self.project.slug.clone(),
            slug: self.address.clone(),
        }
    }

    /// The addresses in the project's list, if the person has one.
    async fn listed(&self, client: &Client) -> Vec<String> {
        let list = calls::dataset_list("acme", &self.project.slug, &DatasetFilter::default());
        let answer = client.send(list).await;
        match answer.status.as_u16() {
            200 => answer.good().items.into_iter().map(|dataset| dataset.slug).collect(),
            403 | 404 => Vec::new(),
            other => panic!("a list answers {other}"),
        }
    }
}

async fn share(
    library: &Library,
    by: &Person,
    dataset: &Dataset,
    with: Option<&str>,
    access: ShareAccess,
) -> Answer<Vec<DatasetShare>> {
    let wish = ShareDataset { project: with.map(str::to_owned), access };
    by.client.send(calls::dataset_share_set("acme", &library.project.slug, &dataset.slug, &wish)).await
}

async fn end_all(library: &Library, dataset: &Dataset) {
    let (client, project) = (&library.owner.client, library.project.slug.as_str());
    let all = client.send(calls::dataset_share_list("acme", project, &dataset.slug)).await.good();
    for one in all {
        client.send(calls::dataset_share_delete("acme", project, &dataset.slug, &one.id)).await.good();
    }
}

/// Every kind of person, by every kind of share: the list, the dataset alone and each thing that can be done with it
/// say the same, and it is what the roles in the other project give, within the share, unless the dataset's own project
/// denies it.
async fn who_gets_at_a_shared_dataset_is_told_the_same_everywhere(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let acme = &library.world.acme;
    let dataset = library.dataset(&library.owner, "Customers", 2).await?;
    let borrower = Borrower::new(&library, &dataset).await;
    let project = [any(Object::Project, Action::Read)];
    let blind = make(acme, "Blind", &project, &[any(Object::Dataset, Action::Read)]).await;
    let mute = make(acme, "Mute", &project, &[any(Object::Dataset, Action::Commit)]).await;

    // Who, whether from outside, and what the roles give at most: nothing, reading, committing.
    let mut people: Vec<(&str, Person, bool, Option<ShareAccess>)> = Vec::new();
    for role in [ProjectRole::Owner, ProjectRole::DataScientist, ProjectRole::DataEngineer] {
        people.push(("works", acme.member(&borrower.project, role).await, false, Some(ShareAccess::Commit)));
    }
    let annotator = acme.member(&borrower.project, ProjectRole::Annotator).await;
    people.push(("annotator", annotator, false, Some(ShareAccess::Read)));
    for role in [ProjectRole::Client, ProjectRole::Consumer] {
        people.push(("sees no data", acme.member(&borrower.project, role).await, false, None));
    }
    people.push(("no member", acme.person(OrganizationRole::Member).await, false, None));
    people.push(("auditor", acme.person(OrganizationRole::Auditor).await, false, Some(ShareAccess::Read)));
    let guest = acme.person(OrganizationRole::Guest).await;
    acme.add(&borrower.project, &guest, ProjectRole::DataScientist).await;
    people.push(("guest", guest, true, Some(ShareAccess::Commit)));
    let kept_out = acme.member(&borrower.project, ProjectRole::DataScientist).await;
    acme.add(&library.project, &kept_out, ProjectRole::NoAccess).await;
    people.push(("kept out at home", kept_out, false, None));
    for (name, role, most) in
        [("blind at home", &blind, None), ("mute at home", &mute, Some(ShareAccess::Read))]
    {
        let person = acme.member(&borrower.project, ProjectRole::DataEngineer).await;
        give(acme, &library.project, &person, role).await;
        people.push((name, person, false, most));
    }
    // Whose it is at home is nobody in particular here.
    people.push(("its maker's colleague", library.scientist.clone(), false, None));

    let with = Some(borrower.project.slug.as_str());
    let read = |with| Some((with, ShareAccess::Read));
    let commit = |with| Some((with, ShareAccess::Commit));
    for shares in [
        [None, None],
        [read(with), None],
        [commit(with), None],
        [read(None), None],
        [commit(None), None],
        [read(with), commit(None)],
        [commit(with), read(None)],
    ] {
        end_all(&library, &dataset).await;
        for (with, access) in shares.into_iter().flatten() {
            share(&library, &acme.administrator, &dataset, with, access).await.good();
        }
        for (name, person, outside, most) in &people {
            let applies = shares.into_iter().flatten().filter(|(with, _)| with.is_some() || !outside);
            let lets = applies.map(|(_, access)| access).max();
            let expected = most.zip(lets).map(|(most, lets)| most.min(lets));
            says(&borrower, person, expected, &format!("{name} of {shares:?}")).await;
        }
    }
    Ok(())
}

async fn says(borrower: &Borrower, person: &Person, expected: Option<ShareAccess>, what: &str) {
    let at = borrower.at(person);
    let listed = borrower.listed(&person.client).await;
    let got = at.get().await;
    let Some(access) = expected else {
        assert_eq!(listed, [""; 0], "{what}");
        let absent = At { dataset: "churn.absent", ..borrower.at(person) }.get().await;
        got.refused(404, "not-found");
        assert_eq!(got.text(), absent.text(), "{what}");
        at.version("1").await.refused(404, "not-found");
        at.tag("a", 1).await.refused(404, "not-found");
        at.update(&UpdateDataset::default()).await.refused(404, "not-found");
        borrower.place().begin(&person.client).await.refused(404, "not-found");
        return;
    };
    assert_eq!(listed, [borrower.address.as_str()], "{what}");
    let shown = got.good();
    assert_eq!(shown.slug, borrower.address, "{what}");
    assert_eq!(shown.shared_from.as_ref().map(|from| from.project_name.as_str()), Some("Churn"), "{what}");
    let may: &[Action] = match access {
        ShareAccess::Read => &[Action::Read],
        ShareAccess::Commit => &[Action::Read, Action::Commit],
    };
    assert_eq!(shown.permissions, may, "{what}");
    assert_eq!(at.versions(None).await.good().items.len(), 2, "{what}");
    let (tagged, begun) = (at.tag("a", 1).await, borrower.place().begin(&person.client).await);
    match access {
        ShareAccess::Commit => {
            tagged.good();
            begun.good_with(201);
        }
        ShareAccess::Read => {
            tagged.refused(403, "forbidden");
            begun.refused(403, "forbidden");
        }
    }
    // Nobody describes, deletes, recovers or shares what is lent.
    at.update(&UpdateDataset::default()).await.refused(403, "forbidden");
    at.delete().await.refused(403, "forbidden");
    at.recover().await.refused(403, "forbidden");
    at.trash("1", true).await.refused(403, "forbidden");
    let wish = ShareDataset { project: None, access: ShareAccess::Commit };
    let (project, address) = (&borrower.project.slug, &borrower.address);
    person
        .client
        .send(calls::dataset_share_set("acme", project, address, &wish))
        .await
        .refused(403, "forbidden");
    person.client.send(calls::dataset_share_list("acme", project, address)).await.refused(403, "forbidden");
}

async fn what_is_committed_by_way_of_a_share_belongs_to_the_dataset(
    database: Database,
) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let acme = &library.world.acme;
    let dataset = library.dataset(&library.owner, "Customers", 0).await?;
    let borrower = Borrower::new(&library, &dataset).await;
    let engineer = acme.member(&borrower.project, ProjectRole::DataEngineer).await;
    share(&library, &acme.administrator, &dataset, Some(&borrower.project.slug), ShareAccess::Commit)
        .await
        .good();
    let (here, there) = (
        borrower.place(),
        ArtifactPlace {
            object: Object::Dataset,
            organization: "acme".to_owned(),
            project: library.project.slug.clone(),
            slug: dataset.slug.clone(),
        },
    );
    there.version(&library.owner.client, "a.csv", "from home").await;
    assert_eq!(here.read(&engineer.client, "latest", "a.csv").await.text(), "from home");
    let made = here.version(&engineer.client, "b.csv", "from elsewhere").await;
    assert_eq!((made.number, made.author.as_str()), (2, engineer.id.as_str()));
    assert_eq!(there.read(&library.owner.client, "2", "b.csv").await.text(), "from elsewhere");
    // Its bytes are in its own project's store, and count there.
    let rows = "SELECT DISTINCT project_id AS line FROM data_versions";
    assert_eq!(library.world.server.database.lines(rows)?, [library.project.id.as_str()]);
    let stored = "SELECT project_id AS line FROM project_storage";
    assert_eq!(library.world.server.database.lines(stored)?, [library.project.id.as_str()]);
    let quota = SetStorageQuota { bytes: Some(1) };
    let set = |slug| calls::storage_quota_set("acme", slug, &quota);
    acme.administrator.client.send(set(&borrower.project.slug)).await.good();
    here.version(&engineer.client, "c.csv", "the quota of the other does not matter").await;
    acme.administrator.client.send(set(&library.project.slug)).await.good();
    here.begin(&engineer.client).await.refused(409, "storage-quota");
    Ok(())
}

async fn a_share_ends_at_once(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let acme = &library.world.acme;
    let dataset = library.dataset(&library.owner, "Customers", 1).await?;
    let borrower = Borrower::new(&library, &dataset).await;
    let engineer = acme.member(&borrower.project, ProjectRole::DataEngineer).await;
    let with = Some(borrower.project.slug.as_str());
    let shared = share(&library, &acme.administrator, &dataset, with, ShareAccess::Commit).await.good();
    assert_eq!(shared.len(), 1);
    let place = borrower.place();
    let upload = place.begin(&engineer.client).await.good().id;
    // With less, reading goes on and what was begun does not.
    share(&library, &acme.administrator, &dataset, with, ShareAccess::Read).await.good();
    borrower.at(&engineer).get().await.good();
    place.commit(&engineer.client, &upload).await.refused(403, "forbidden");
    // In the trash it is lent to nobody; out of it, it is again.
    library.at(&library.owner, &dataset).delete().await.good();
    borrower.at(&engineer).get().await.refused(404, "not-found");
    assert_eq!(borrower.listed(&engineer.client).await, [""; 0]);
    library.at(&library.owner, &dataset).recover().await.good();
    borrower.at(&engineer).get().await.good();
    let end = || calls::dataset_share_delete("acme", &library.project.slug, &dataset.slug, &shared[0].id);
    engineer.client.send(end()).await.refused(404, "not-found");
    library.owner.client.send(end()).await.good();
    library.owner.client.send(end()).await.refused(404, "not-found");
    borrower.at(&engineer).get().await.refused(404, "not-found");
    borrower.at(&engineer).version("1").await.refused(404, "not-found");
    assert_eq!(borrower.listed(&engineer.client).await, [""; 0]);
    // So it does with the project that it comes from.
    share(&library, &acme.administrator, &dataset, with, ShareAccess::Read).await.good();
    borrower.at(&engineer).get().await.good();
    library.owner.client.send(calls::project_delete("acme", &library.project.slug, "Churn")).await.good();
    borrower.at(&engineer).get().await.refused(404, "not-found");
    assert_eq!(borrower.listed(&engineer.client).await, [""; 0]);
    Ok(())
}

async fn who_shares_and_with_whom(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let acme = &library.world.acme;
    let dataset = library.dataset(&library.owner, "Customers", 1).await?;
    let borrower = Borrower::new(&library, &dataset).await;
    let with = Some(borrower.project.slug.as_str());
    // A project that one may not see is as one that is not there.
    let unseen = share(&library, &library.owner, &dataset, with, ShareAccess::Read).await;
    let absent = share(&library, &library.owner, &dataset, Some("absent"), ShareAccess::Read).await;
    unseen.blames(&["project"]);
    assert_eq!(unseen.text(), absent.text());
    let own = share(&library, &library.owner, &dataset, Some(&library.project.slug), ShareAccess::Read).await;
    own.blames(&["project"]);
    acme.add(&borrower.project, &library.owner, ProjectRole::Client).await;
    share(&library, &library.owner, &dataset, with, ShareAccess::Read).await.good();
    share(&library, &library.owner, &dataset, None, ShareAccess::Commit).await.good();
    // Once more changes what there is.
    let all = share(&library, &library.owner, &dataset, with, ShareAccess::Commit).await.good();
    let all: Vec<_> =
        all.iter().map(|one| (one.project.as_ref().map(|p| p.name.as_str()), one.access)).collect();
    assert_eq!(all, [(None, ShareAccess::Commit), (Some("Fraud"), ShareAccess::Commit)]);
    // Who may not update it neither shares it nor sees with whom it is.
    share(&library, &library.scientist, &dataset, None, ShareAccess::Read).await.refused(403, "forbidden");
    let list = calls::dataset_share_list("acme", &library.project.slug, &dataset.slug);
    library.scientist.client.send(list).await.refused(403, "forbidden");
    let mine = library.dataset(&library.scientist, "Mine", 0).await?;
    share(&library, &library.scientist, &mine, None, ShareAccess::Read).await.good();
    // What is in the trash is not shared anew.
    library.at(&library.scientist, &mine).delete().await.good();
    share(&library, &library.scientist, &mine, None, ShareAccess::Read)
        .await
        .refused(409, "dataset-in-trash");
    Ok(())
}

async fn what_is_lent_stays_in_its_organization(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 1).await?;
    let globex = library.world.tenant("Globex").await;
    let theirs = globex.project(&globex.administrator, "Fraud").await;
    share(&library, &library.owner, &dataset, None, ShareAccess::Commit).await.good();
    share(&library, &library.owner, &dataset, Some(&theirs.slug), ShareAccess::Read)
        .await
        .blames(&["project"]);
    let client = &globex.administrator.client;
    for address in ["churn.customers", "churn.absent"] {
        client.send(calls::dataset_get("globex", &theirs.slug, address)).await.refused(404, "not-found");
    }
    let list = calls::dataset_list("globex", &theirs.slug, &DatasetFilter::default());
    assert!(client.send(list).await.good().items.is_empty());
    // Nor is there a second address at home.
    let at = At { client: &library.owner.client, project: &library.project.slug, dataset: "churn.customers" };
    at.get().await.refused(404, "not-found");
    Ok(())
}
