//! `atelier data`.

use crate::laptop::{Laptop, PROJECT};
use atelier_api::calls;
use atelier_api::token::TokenScope;
use atelier_tests::{program, until};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

pub const CUSTOMERS: &str = "acme/churn/customers";

/// Files of a folder with all below it: what is in them, and whether they can be executed.
fn files(top: &Path) -> anyhow::Result<BTreeMap<String, (Vec<u8>, bool)>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
                continue;
            }
            let name = entry.path().strip_prefix(top)?.to_string_lossy().into_owned();
            let executable = entry.metadata()?.permissions().mode() & 0o100 != 0;
            found.insert(name, (fs::read(entry.path())?, executable));
        }
    }
    Ok(found)
}

pub fn write(path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> anyhow::Result<()> {
    if let Some(folder) = path.as_ref().parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, content)?)
}

/// Bytes in which nothing comes twice.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    std::iter::repeat_with(|| next().to_le_bytes()).flatten().take(length).collect()
}

/// A folder with the files that go wrong most easily.
fn tree(top: &Path) -> anyhow::Result<()> {
    write(top.join("a.csv"), "id,left\n1,true\n")?;
    write(top.join("empty"), "")?;
    write(top.join("raw/Zürich/顧客 1.bin"), noise(3_000_000))?;
    write(top.join("run.sh"), "#!/bin/sh\n")?;
    fs::set_permissions(top.join("run.sh"), fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[tokio::test]
async fn a_folder_comes_back_as_it_was() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let token = laptop.token(TokenScope::Write).await;
    tree(&laptop.path("tree"))?;
    let push = ["push", "tree", CUSTOMERS, "--create", "--tag", "first", "-m", "All of it"];
    let first = laptop.json(&token, &push).await?;
    assert_eq!(
        [&first[0]["number"], &first[0]["files"], &first[0]["message"]],
        [&json!(1), &json!(4), &json!("All of it")]
    );
    assert!(first[0]["sent_bytes"].as_u64() > Some(3_000_000));

    let pulled = laptop.json(&token, &["pull", &format!("{CUSTOMERS}@first"), "there"]).await?;
    assert_eq!(pulled[0]["fetched_files"], 4);
    assert_eq!(files(&laptop.path("tree"))?, files(&laptop.path("there"))?);

    // What is there already is neither sent nor fetched.
    let again = laptop.json(&token, &["pull", CUSTOMERS, "there"]).await?;
    assert_eq!(again[0]["fetched_bytes"], 0);
    write(laptop.path("tree/a.csv"), "id,left\n1,false\n")?;
    let second = laptop.json(&token, &["push", "tree", CUSTOMERS]).await?;
    assert!(second[0]["sent_bytes"].as_u64() < Some(10_000), "{second:?}");
    Ok(())
}

#[tokio::test]
async fn files_that_look_as_they_did_are_not_read_again() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let token = laptop.token(TokenScope::Write).await;
    tree(&laptop.path("tree"))?;
    // What changed this very moment is not trusted to look different after the next change.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let push = ["push", "tree", CUSTOMERS, "--create", "--replace"];
    let bytes = |pushed: &[Value]| ["read_bytes", "sent_bytes"].map(|name| pushed[0][name].as_u64());
    let first = laptop.json(&token, &push).await?;
    assert!(bytes(&first)[0] > Some(3_000_000), "{first:?}");

    write(laptop.path("tree/a.csv"), "id,left\n1,false\n")?;
    let changed = laptop.json(&token, &push).await?;
    assert_eq!(bytes(&changed), [Some(16), Some(16)]);
    fs::rename(laptop.path("tree/run.sh"), laptop.path("tree/go.sh"))?;
    let renamed = laptop.json(&token, &push).await?;
    assert_eq!(bytes(&renamed), [Some(16 + 10), Some(0)], "a.csv is still too young");
    laptop.done(&token, &["pull", CUSTOMERS, "there"]).await?;
    assert_eq!(files(&laptop.path("tree"))?, files(&laptop.path("there"))?);

    // The server has none of it any more.
    let delete = calls::dataset_delete("acme", "churn", "customers");
    laptop.person().client.send(delete).await.good_with(204);
    laptop.server().database.execute("UPDATE datasets SET slug = 'old'")?;
    let anew = laptop.json(&token, &push).await?;
    assert!(bytes(&anew)[1] > Some(3_000_000), "{anew:?}");
    laptop.done(&token, &["pull", CUSTOMERS, "anew"]).await?;
    assert_eq!(files(&laptop.path("tree"))?, files(&laptop.path("anew"))?);
    Ok(())
}

#[tokio::test]
async fn versions_are_listed_and_compared() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let token = laptop.token(TokenScope::Write).await;
    write(laptop.path("one/kept"), "same")?;
    write(laptop.path("one/changed"), "before")?;
    write(laptop.path("one/removed"), "gone")?;
    laptop.done(&token, &["push", "one", CUSTOMERS, "--create", "-m", "October"]).await?;
    write(laptop.path("two/kept"), "same")?;
    write(laptop.path("two/changed"), "afterwards")?;
    write(laptop.path("two/deep/added"), "new")?;
    laptop.done(&token, &["push", "two", CUSTOMERS, "--replace", "-m", "November"]).await?;

    let log = laptop.json(&token, &["log", CUSTOMERS]).await?;
    let told: Vec<[&Value; 2]> =
        log.iter().map(|version| [&version["number"], &version["message"]]).collect();
    assert_eq!(told, [[&json!(2), &json!("November")], [&json!(1), &json!("October")]]);
    assert_eq!(laptop.json(&token, &["log", CUSTOMERS, "-n", "1"]).await?.len(), 1);

    let diff = laptop.done(&token, &["diff", &format!("{CUSTOMERS}@1"), "@2"]).await?;
    let changes: Vec<&str> = diff.lines().filter_map(|line| line.split("  ").next()).collect();
    assert_eq!(changes, ["~ changed", "+ deep/added", "- removed"]);

    let all = laptop.json(&token, &["ls", "--recursive", &format!("{CUSTOMERS}@2")]).await?;
    let mut names: Vec<&str> = all.iter().filter_map(|entry| entry["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["changed", "deep/added", "kept"]);
    let datasets = laptop.done(&token, &["ls", PROJECT]).await?;
    assert!(datasets.starts_with("customers ") && datasets.contains("@2, 3 files"), "{datasets}");
    Ok(())
}

#[tokio::test]
async fn a_push_that_was_killed_goes_on() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let token = laptop.token(TokenScope::Write).await;
    write(laptop.path("big/all.bin"), noise(150 << 20))?;
    let words = ["data", "push", "big", CUSTOMERS, "--create"];
    let mut command = laptop.command(program::path(), Some(&token));
    let mut child = command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let objects = laptop.server().data_dir().join("objects");
    until("some of it is on the server", Duration::from_secs(60), || {
        let bytes: usize =
            files(&objects).map_or(0, |found| found.values().map(|(content, _)| content.len()).sum());
        async move { (bytes > 20 << 20).then_some(()) }
    })
    .await;
    child.kill()?;
    anyhow::ensure!(!child.wait()?.success(), "it had ended before it was killed");

    let output = laptop.data(&token, &words[1..]).await?;
    let said = program::said(&output);
    assert!(output.status.success() && said.contains("Going on"), "{said}");
    let log = laptop.json(&token, &["log", CUSTOMERS]).await?;
    assert_eq!(log.len(), 1, "{log:?}");
    laptop.done(&token, &["pull", CUSTOMERS, "there"]).await?;
    assert_eq!(files(&laptop.path("big"))?, files(&laptop.path("there"))?);
    Ok(())
}

#[tokio::test]
async fn a_pull_writes_through_no_link_and_takes_nothing_away_unasked() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let token = laptop.token(TokenScope::Write).await;
    write(laptop.path("tree/raw/a"), "from the version")?;
    laptop.done(&token, &["push", "tree", CUSTOMERS, "--create"]).await?;
    write(laptop.path("mine/a"), "my own")?;
    fs::create_dir(laptop.path("there"))?;
    write(laptop.path("there/note"), "to be kept")?;
    symlink(laptop.path("mine"), laptop.path("there/raw"))?;

    let output = laptop.data(&token, &["pull", CUSTOMERS, "there"]).await?;
    assert_eq!(output.status.code(), Some(2), "{}", program::said(&output));
    assert_eq!(fs::read_to_string(laptop.path("mine/a"))?, "my own");
    fs::remove_file(laptop.path("there/raw"))?;
    laptop.done(&token, &["pull", CUSTOMERS, "there"]).await?;
    assert_eq!(files(&laptop.path("there"))?.len(), 2);
    let deleting = laptop.json(&token, &["pull", CUSTOMERS, "there", "--delete"]).await?;
    assert_eq!(deleting[0]["deleted"], 1);
    assert_eq!(files(&laptop.path("there"))?, files(&laptop.path("tree"))?);
    Ok(())
}

#[tokio::test]
async fn what_goes_wrong_has_its_exit_code_and_says_what_to_do() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let token = laptop.token(TokenScope::Read).await;
    write(laptop.path("tree/a"), "a")?;
    let absent = format!("{PROJECT}/absent");
    for (words, code, says) in [
        (&["pull", "nothing", "there"][..], 2, "organization/project/dataset"),
        (&["push", "nowhere", CUSTOMERS], 1, "nowhere"),
        (&["push", "tree", "acme/churn/customers@1"], 2, "leave out @1"),
        (&["push", "tree", CUSTOMERS], 4, "--create"),
        (&["log", &absent], 4, ""),
        (&["push", "tree", CUSTOMERS, "--create"], 5, "token"),
        (&["ls", "nobody/nothing"], 4, ""),
        (&["ls", PROJECT, "--server", "http://127.0.0.1:9"], 7, "does not answer"),
    ] {
        let output = laptop.data(&token, words).await?;
        let said = program::said(&output);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
        assert!(said.contains(says), "{words:?}: {said}");
    }
    let output = laptop.data("atl_wrong", &["ls", PROJECT]).await?;
    assert_eq!(output.status.code(), Some(3), "{}", program::said(&output));
    Ok(())
}
