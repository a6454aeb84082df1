//! Tags, and versions by them.

use super::Library;
use atelier_tests::{Database, on_both_databases};
use futures::future::join_all;

on_both_databases!(
    a_tag_points_to_one_version_and_moves,
    a_tag_moved_at_once_by_many_is_at_one_of_theirs,
    what_cannot_be_a_tag_is_refused,
);

async fn a_tag_points_to_one_version_and_moves(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 3).await?;
    // Whoever may commit may tag.
    let at = library.at(&library.scientist, &dataset);
    assert_eq!(at.tag("production", 1).await.good().tags, ["production"]);
    assert_eq!(at.tag("champion", 1).await.good().tags, ["champion", "production"]);
    assert_eq!(at.version("production").await.good().number, 1);
    assert_eq!(at.tag("production", 3).await.good().tags, ["production"]);
    assert_eq!(at.version("production").await.good().number, 3);
    let listed = at.versions(None).await.good().items;
    let tags: Vec<_> = listed.iter().map(|version| version.tags.join(" ")).collect();
    assert_eq!(tags, ["production", "", "champion"]);
    assert_eq!(at.get().await.good().latest.map(|version| version.tags), Some(vec!["production".to_owned()]));

    at.untag("production").await.good_with(204);
    at.version("production").await.refused(404, "not-found");
    at.untag("production").await.refused(404, "not-found");
    assert_eq!(at.version("3").await.good().tags, [""; 0]);
    // By number in both ways of writing it, and nothing else.
    assert_eq!(at.version("v3").await.good(), at.version("3").await.good());
    for absent in ["0", "4", "v", "vv3", "-3", "3.0", "99999999999999999999", "Latest", "%00"] {
        at.version(absent).await.refused(404, "not-found");
    }
    Ok(())
}

async fn a_tag_moved_at_once_by_many_is_at_one_of_theirs(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 8).await?;
    let at = library.at(&library.owner, &dataset);
    for round in 0..3 {
        let moved = join_all((1..=8).map(|number| at.tag("production", number))).await;
        moved.iter().for_each(|answer| drop(answer.good()));
        let listed = at.versions(None).await.good().items;
        let tagged: Vec<_> = listed.iter().filter(|version| !version.tags.is_empty()).collect();
        assert_eq!(tagged.len(), 1, "round {round}: {tagged:?}");
        assert_eq!(tagged[0].number, at.version("production").await.good().number);
    }
    Ok(())
}

async fn what_cannot_be_a_tag_is_refused(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 2).await?;
    let at = library.at(&library.owner, &dataset);
    let long = "x".repeat(41);
    for tag in ["latest", "7", "v7", "v", "a b", "a/b", "a\u{0}", long.as_str()] {
        at.tag(tag, 1).await.blames(&["tag"]);
        at.untag(tag).await.blames(&["tag"]);
    }
    at.tag("production", 9).await.blames(&["number"]);
    at.tag("production", 0).await.blames(&["number"]);
    at.trash("2", true).await.good();
    at.tag("production", 2).await.refused(409, "version-in-trash");
    for tag in ["été", "v1.0", "x".repeat(40).as_str()] {
        at.tag(tag, 1).await.good();
        assert_eq!(at.version(tag).await.good().number, 1, "{tag}");
    }
    Ok(())
}
