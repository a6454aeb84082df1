//! Rows of data in containers, on both databases.

use super::given::give;
use super::place::Limits;
use super::rows::GivenRow;
use super::volumes::{self, Tree};
use super::{check, choose, recheck};
use crate::access::Policies;
use crate::data::{self, Author, Holder, NewVersion, Tag};
use crate::db::testing::{both, surroundings};
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::organizations::Organization;
use crate::projects::Project;
use crate::tiers::store::TierRow;
use crate::workloads::{End, Goal, SESSION, WorkloadRow, request, status};
use atelier_api::data::DataOrigin;
use atelier_api::money::Micros;
use atelier_api::role::Object;
use atelier_api::session::{DataChoice, DataPlace, DataWish, EndCause, SessionState, StepName};
use diesel::prelude::*;
use std::sync::LazyLock;

const MANY: Limits = Limits { version: 0, host: 0 };

/// Loaded once: that takes longer than a transaction may.
fn policies() -> Policies {
    static LOADED: LazyLock<Policies> = LazyLock::new(|| Policies::load().unwrap());
    LOADED.clone()
}

fn workload(id: &str, generation: i64) -> WorkloadRow {
    WorkloadRow {
        id: id.into(),
        kind: SESSION.into(),
        organization_id: "o".into(),
        project_id: "p".into(),
        owner_id: "u".into(),
        name: "Lab".into(),
        environment_id: "e".into(),
        tool: "jupyterlab".into(),
        wanted: Goal::Running.as_str().into(),
        stop_cause: None,
        generation,
        created_at: 1,
        wanted_at: 1,
    }
}

fn tier() -> TierRow {
    TierRow {
        id: "t".into(),
        name: "Small".into(),
        cpu_milli: 1000,
        memory_bytes: 1 << 30,
        archived_at: None,
        price: Micros(360_000),
    }
}

fn role(connection: &mut Connection, role: &str) -> Result<()> {
    use schema::{organization_members as people, project_members as members};
    diesel::delete(members::table).execute(connection)?;
    diesel::delete(people::table).execute(connection)?;
    diesel::insert_into(people::table)
        .values((
            (people::organization_id.eq("o"), people::user_id.eq("u")),
            (people::role.eq("member"), people::joined_at.eq(0)),
        ))
        .execute(connection)?;
    diesel::insert_into(members::table)
        .values((
            (members::project_id.eq("p"), members::user_id.eq("u")),
            (members::role.eq(role), members::since.eq(0)),
        ))
        .execute(connection)?;
    Ok(())
}

fn dataset(connection: &mut Connection, slug: &str) -> Result<()> {
    use schema::datasets as d;
    diesel::insert_into(d::table)
        .values((
            (d::id.eq(slug), d::project_id.eq("p"), d::slug.eq(slug), d::name.eq(slug)),
            (d::description.eq(""), d::created_by.eq("u"), d::created_at.eq(0)),
        ))
        .execute(connection)?;
    Ok(())
}

fn holder(slug: &str) -> Holder {
    Holder::in_test("p", Object::Dataset, slug)
}

/// Its root is named after dataset and number.
fn version(connection: &mut Connection, slug: &str, number: i64, bytes: i64) -> Result<()> {
    let author = Author { user_id: "u".to_owned(), workload_id: None };
    let new = NewVersion {
        parent: None,
        restored: None,
        root: &format!("{slug}-{number}"),
        message: "",
        author: &author,
        origin: DataOrigin::Upload,
        files: 0,
        bytes,
        stored_bytes: 1,
        at: 0,
    };
    assert_eq!(data::insert_version(connection, &holder(slug), &new)?, number);
    Ok(())
}

fn project(connection: &mut Connection) -> Result<Project> {
    use schema::{organizations, projects};
    Ok(Project {
        organization: organizations::table.find("o").select(Organization::as_select()).first(connection)?,
        row: projects::table.find("p").select(crate::projects::ProjectRow::as_select()).first(connection)?,
        held: Vec::new(),
    })
}

fn wish(chosen: &[(&str, &str)]) -> DataWish {
    let choice = |(dataset, version): &(&str, &str)| DataChoice {
        dataset: (*dataset).to_owned(),
        version: (*version).to_owned(),
    };
    DataWish::Chosen(chosen.iter().map(choice).collect())
}

/// Checks and writes a choice for the workload `w`; the detail of a refusal.
fn wished(connection: &mut Connection, wish: &DataWish) -> Result<Option<String>> {
    let project = project(connection)?;
    match check(connection, &policies(), &project, "u", MANY, wish) {
        Ok(checked) => choose(connection, "w", &checked).map(|()| None),
        Err(error) => {
            assert_eq!((error.problem().status, error.problem().fields.len()), (422, 1));
            assert_eq!(error.problem().fields[0].field, "data");
            Ok(Some(error.problem().fields[0].detail.clone()))
        }
    }
}

type Found = Result<Vec<(String, i64, DataPlace)>, String>;

/// What a start of the workload `w` is given: folder, number, place; or the code of its failure.
fn given(connection: &mut Connection, generation: i64, limits: Limits) -> Result<Found> {
    let found = give(connection, &policies(), &workload("w", generation), "u", limits)?;
    let shown = |row: GivenRow| (row.slug.clone(), row.number, row.place());
    Ok(found.map_err(|failure| failure.code).map(|given| {
        let mut rows: Vec<_> = given.rows.into_iter().map(shown).collect();
        rows.sort();
        rows
    }))
}

fn mounted(rows: &[(&str, i64)]) -> Found {
    Ok(rows.iter().map(|(slug, number)| ((*slug).to_owned(), *number, DataPlace::Mounted)).collect())
}

/// Runs `test` on both databases, with a workload `w` of an owner of the project, and two datasets with two versions.
async fn on_both(test: impl Fn(&mut Connection) -> Result<()> + Clone + Send + 'static) {
    for database in both() {
        let test = test.clone();
        database
            .db
            .admit(move |connection| {
                surroundings(connection)?;
                role(connection, "owner")?;
                request::create(connection, &workload("w", 1), "u", &tier())?;
                for slug in ["a", "b"] {
                    dataset(connection, slug)?;
                    version(connection, slug, 1, 10)?;
                    version(connection, slug, 2, 20)?;
                }
                dataset(connection, "empty")?;
                test(connection)
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn without_a_choice_a_start_has_everything_at_its_newest() {
    on_both(|connection| {
        assert_eq!(given(connection, 1, MANY)?, mounted(&[("a", 2), ("b", 2)]));
        // As long as its step has not ended, it is asked anew.
        version(connection, "a", 3, 30)?;
        assert_eq!(given(connection, 1, MANY)?, mounted(&[("a", 3), ("b", 2)]));
        status::step_began(connection, "w", 1, StepName::Data)?;
        status::step_ended(connection, "w", 1, StepName::Data)?;
        version(connection, "a", 4, 40)?;
        assert_eq!(given(connection, 1, MANY)?, mounted(&[("a", 3), ("b", 2)]));

        // The next start sees what is there then. What is too much is left out, the largest first.
        let limits = Limits { version: 30, host: 25 };
        let places = vec![("a".to_owned(), 4, DataPlace::TooLarge), ("b".to_owned(), 2, DataPlace::Mounted)];
        assert_eq!(given(connection, 2, limits)?, Ok(places));
        let before = schema::workload_data::table
            .filter(schema::workload_data::generation.eq(1))
            .count()
            .get_result::<i64>(connection)?;
        assert_eq!(before, 2, "what the first start had stays written");
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn what_was_chosen_is_what_a_start_has() {
    on_both(|connection| {
        data::set_tag(connection, &holder("b"), &Tag("production".to_owned()), 1, "u")?;
        assert_eq!(wished(connection, &wish(&[("a", "v1"), ("b", "production")]))?, None);
        assert_eq!(given(connection, 1, MANY)?, mounted(&[("a", 1), ("b", 1)]));
        // A tag is asked anew at each start, a number stays.
        data::set_tag(connection, &holder("b"), &Tag("production".to_owned()), 2, "u")?;
        assert_eq!(given(connection, 2, MANY)?, mounted(&[("a", 1), ("b", 2)]));
        let words: Vec<String> = schema::workload_data::table
            .filter(schema::workload_data::generation.eq(2))
            .order(schema::workload_data::slug)
            .select(schema::workload_data::version)
            .load(connection)?;
        assert_eq!(words, ["1", "production"]);

        assert_eq!(wished(connection, &wish(&[]))?, None);
        assert_eq!(given(connection, 3, MANY)?, mounted(&[]));
        assert_eq!(wished(connection, &DataWish::All)?, None);
        assert_eq!(given(connection, 4, MANY)?, mounted(&[("a", 2), ("b", 2)]));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn what_is_not_there_cannot_be_chosen_nor_what_may_not_be_read() {
    on_both(|connection| {
        for (chosen, why) in [
            (&[("c", "latest")][..], "there is no dataset \"c\" that you may read"),
            (&[("a", "3")], "a has no version \"3\""),
            (&[("a", "99999999999999999999")], "a has no version \"99999999999999999999\""),
            (&[("a", "none")], "a has no version \"none\""),
            (&[("empty", "latest")], "empty has no version yet"),
            (&[("a", "1"), ("a", "2")], "a is chosen twice"),
        ] {
            assert_eq!(wished(connection, &wish(chosen))?.as_deref(), Some(why), "{chosen:?}");
        }
        assert_eq!(wished(connection, &wish(&[("a", "1")]))?, None);

        // Whoever may not read sees no difference from what is not there.
        role(connection, "client")?;
        let refused = wished(connection, &wish(&[("a", "latest")]))?;
        assert_eq!(refused.as_deref(), Some("there is no dataset \"a\" that you may read"));
        assert_eq!(given(connection, 1, MANY)?, Err("data-gone".to_owned()));
        let project = project(connection)?;
        let again = recheck(connection, &policies(), &project, "u", "w").unwrap_err();
        assert_eq!((again.problem().status, again.problem().code.as_str()), (409, "data-gone"));
        assert!(!again.problem().detail.contains("a at version"), "its name is not told");
        let all = check(connection, &policies(), &project, "u", MANY, &DataWish::All)?;
        choose(connection, "w", &all)?;
        assert_eq!(given(connection, 1, MANY)?, mounted(&[]));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn a_right_that_ends_between_two_attempts_of_a_start_ends_the_start() {
    on_both(|connection| {
        given(connection, 1, MANY)?.unwrap();
        status::step_began(connection, "w", 1, StepName::Data)?;
        status::step_ended(connection, "w", 1, StepName::Data)?;
        role(connection, "client")?;
        assert_eq!(given(connection, 1, MANY)?, Err("data-gone".to_owned()));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn what_went_into_the_trash_is_not_given() {
    on_both(|connection| {
        assert_eq!(wished(connection, &wish(&[("a", "1")]))?, None);
        data::set_trashed(connection, &holder("a"), &data::Which::Number(1), true)?;
        assert_eq!(given(connection, 1, MANY)?, Err("data-gone".to_owned()));
        data::set_trashed(connection, &holder("a"), &data::Which::Number(2), true)?;
        assert_eq!(wished(connection, &DataWish::All)?, None);
        assert_eq!(given(connection, 1, MANY)?, mounted(&[("b", 2)]));
        diesel::update(schema::datasets::table.find("b"))
            .set(schema::datasets::trashed_at.eq(5))
            .execute(connection)?;
        assert_eq!(given(connection, 1, MANY)?, mounted(&[]));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn a_choice_that_is_too_much_is_refused_and_one_that_became_so_fails() {
    on_both(|connection| {
        let project = project(connection)?;
        let limits = Limits { version: 0, host: 25 };
        let both = wish(&[("a", "latest"), ("b", "1")]);
        assert!(check(connection, &policies(), &project, "u", limits, &both).is_err());
        assert_eq!(wished(connection, &both)?, None);
        assert_eq!(given(connection, 1, limits)?, Err("data-no-room".to_owned()));
        Ok(())
    })
    .await;
}

fn tree(root: &str) -> Tree {
    Tree { project_id: "p".to_owned(), root: root.to_owned() }
}

fn claim(connection: &mut Connection, root: &str, bytes: i64) -> Result<String> {
    let name = volumes::new_name();
    volumes::claim(connection, &tree(root), &name, bytes)?;
    Ok(name)
}

#[actix_web::test]
async fn what_was_not_used_for_longest_goes_and_never_what_a_container_has() {
    on_both(|connection| {
        // Given to a start that runs.
        given(connection, 1, MANY)?.unwrap();
        let mut names = Vec::new();
        for (at, root) in ["a-2", "old", "young"].iter().enumerate() {
            let name = claim(connection, root, 100)?;
            assert_eq!(volumes::whole(connection, &tree(root))?, None, "not before it is whole");
            assert!(volumes::prepared(connection, &name)?);
            diesel::update(schema::data_volumes::table.find(&name))
                .set(schema::data_volumes::used_at.eq(at as i64))
                .execute(connection)?;
            names.push(name);
        }
        claim(connection, "half", 1)?;
        assert_eq!(volumes::bytes_beside(connection, &tree("old"))?, 201);
        assert_eq!(volumes::put_away_one(connection)?, Some((names[1].clone(), 100)));
        assert_eq!(volumes::put_away_one(connection)?, Some((names[2].clone(), 100)));
        assert_eq!(volumes::put_away_one(connection)?, None, "one is in use, one is being filled");

        // Its container is there for a while after its end, and gone at once when it is deleted.
        let end = End { state: SessionState::Stopped, cause: EndCause::User, failure: None, at: now() };
        status::ended(connection, "w", 1, &end)?;
        assert_eq!(volumes::put_away_one(connection)?, None);
        request::delete(connection, "w", EndCause::User)?;
        assert_eq!(volumes::put_away_one(connection)?, Some((names[0].clone(), 100)));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn every_attempt_to_fill_has_a_volume_of_its_own() {
    on_both(|connection| {
        let first = claim(connection, "a-1", 1)?;
        let second = claim(connection, "a-1", 1)?;
        assert_ne!(first, second);
        assert_eq!(volumes::names(connection)?, std::slice::from_ref(&second));
        assert!(!volumes::prepared(connection, &first)?, "the first is too late");
        assert!(volumes::prepared(connection, &second)?);
        assert_eq!(volumes::whole(connection, &tree("a-1"))?, Some(second));
        let other = Tree { project_id: "other".to_owned(), root: "a-1".to_owned() };
        assert_eq!(volumes::whole(connection, &other)?, None, "nothing is shared between projects");
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn volumes_of_forgotten_versions_and_deleted_projects_go() {
    on_both(|connection| {
        for root in ["a-1", "a-2", "b-1"] {
            let name = claim(connection, root, 1)?;
            volumes::prepared(connection, &name)?;
        }
        use schema::data_versions as versions;
        diesel::update(versions::table.filter(versions::object_id.eq("b")).filter(versions::number.eq(1)))
            .set(versions::removed_at.eq(5))
            .execute(connection)?;
        volumes::put_away_unneeded(connection)?;
        assert_eq!(volumes::names(connection)?.len(), 2);
        diesel::update(schema::projects::table.find("p"))
            .set(schema::projects::deleted_at.eq(5))
            .execute(connection)?;
        volumes::put_away_unneeded(connection)?;
        assert_eq!(volumes::names(connection)?, [""; 0]);
        Ok(())
    })
    .await;
}
