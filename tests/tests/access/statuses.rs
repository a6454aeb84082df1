//! The table of `statuses.txt`: every operation × everybody who could ask.

use crate::document::{Operation, operations};
use crate::people::{Cast, Identity, TOKENS, WORKLOAD};
use crate::requests::{Place, Request, request};
use atelier_api::problem::MissingPermission;
use atelier_tests::{Answer, Database};
use reqwest::header::CONTENT_TYPE;
use std::fmt::Write;

#[tokio::test]
async fn every_operation_answers_everybody_as_the_table_says() -> anyhow::Result<()> {
    as_the_table_says(Database::Sqlite, 1).await
}

#[tokio::test]
async fn every_other_operation_answers_everybody_alike_on_postgresql() -> anyhow::Result<()> {
    as_the_table_says(Database::Postgres, 2).await
}

#[tokio::test]
async fn long_every_operation_answers_everybody_alike_on_postgresql() -> anyhow::Result<()> {
    as_the_table_says(Database::Postgres, 1).await
}

/// Of every `nth` operation. Also T6: what one may not know of answers, byte for byte, as what is not there.
async fn as_the_table_says(database: Database, nth: usize) -> anyhow::Result<()> {
    let cast = Cast::new(database).await?;
    let mut table = head(&cast.identities);
    let operations: Vec<_> = operations(&cast.server).await?.into_iter().step_by(nth).collect();
    for operation in &operations {
        write!(table, "{:24}", operation.id)?;
        for identity in &cast.identities {
            let status = ask(&cast, operation, identity).await?;
            write!(table, "{status:>10}")?;
        }
        table.push('\n');
    }
    let asked = |line: &&str| {
        let id = line.split(' ').next().unwrap_or_default();
        nth == 1 || id == "#" || operations.iter().any(|operation| operation.id == id)
    };
    let expected: String =
        include_str!("statuses.txt").lines().filter(asked).map(|line| format!("{line}\n")).collect();
    let expected = expected.as_str();
    if sorted(expected) != sorted(&table) {
        let differences: Vec<String> = difference(expected, &table);
        panic!(
            "tests/tests/access/statuses.txt says otherwise (- table, + server):\n{}\n\nThe whole table:\n{table}",
            differences.join("\n")
        );
    }
    Ok(())
}

async fn ask(cast: &Cast, operation: &Operation, identity: &Identity) -> anyhow::Result<u16> {
    let place = cast.prepare(&operation.id, identity).await;
    let before = identity.client.cookie();
    let answer = send(identity, operation, &place).await;
    match answer.status.as_u16() {
        // The address of a one-time link is itself what is not there.
        404 if operation.path.contains("{organization}") => {
            let mut tried = vec![path(operation, &place)];
            for absent in [place.emptied_project(), place.emptied(), Place::absent()] {
                let path = path(operation, &absent);
                if tried.contains(&path) {
                    continue;
                }
                tried.push(path);
                let other = send(identity, operation, &absent).await;
                same(&answer, &other, &format!("{} {}", operation.id, identity.name));
            }
        }
        // Its person may do everything: only where it comes from is against it.
        403 if identity.name == WORKLOAD => drop(answer.refused(403, "not-from-inside")),
        // So may theirs, but for the installation: only the scope is against it.
        403 if TOKENS.contains(&identity.name) => {
            let code = answer.problem().code;
            assert!(matches!(code.as_str(), "token-scope" | "not-by-token"), "{}: {code}", operation.id);
        }
        403 => {
            let missing = answer.refused(403, "forbidden").missing;
            explains(missing, operation, identity.name);
        }
        401 => drop(answer.problem()),
        _ => {}
    }
    match answer.status.as_u16() {
        // Only what is done can end a sign-in.
        400.. => {
            identity.client.set_cookie(before);
            cast.give_back(&operation.id, identity, place);
        }
        _ => {
            // What was only read is as it was.
            if operation.method == "GET" {
                cast.give_back(&operation.id, identity, place);
            }
            cast.restore(identity, before).await;
        }
    }
    Ok(answer.status.as_u16())
}

fn path(operation: &Operation, place: &Place) -> String {
    request(&operation.id, place).map(|request| request.path).unwrap_or_default()
}

async fn send(identity: &Identity, operation: &Operation, place: &Place) -> Answer {
    let Some(Request { method, path, body, media_type }) = request(&operation.id, place) else {
        panic!("{} has no request in requests.rs", operation.id);
    };
    let mut request = identity.client.request(method, &path);
    if let Some(body) = body {
        request = request.header(CONTENT_TYPE, media_type).body(body);
    }
    identity.client.run(request).await
}

#[track_caller]
fn same(one: &Answer, other: &Answer, what: &str) {
    // The first two differ from any request to the next; the last says whether all of the request was read.
    let plain = |answer: &Answer| {
        let mut headers = answer.headers.clone();
        for name in ["x-request-id", "date", "connection"] {
            headers.remove(name);
        }
        (answer.status, headers, answer.text())
    };
    assert_eq!(plain(one), plain(other), "{what}: forbidden to know (left) and absent (right)");
}

/// Who sees a thing but may not act on it learns what is missing and whom to ask.
#[track_caller]
fn explains(missing: Option<MissingPermission>, operation: &Operation, identity: &str) {
    let Some(missing) = missing else {
        panic!("{} {identity}: does not say which permission is missing", operation.id)
    };
    let named = format!("{}:{}", missing.object, missing.action);
    assert_eq!(Some(named.as_str()), operation.demands.strip_suffix(":own").or(Some(&operation.demands)));
    assert!(!missing.granted_by.is_empty(), "{} {identity}: names nobody who could grant it", operation.id);
}

fn head(identities: &[Identity]) -> String {
    let names: String = identities.iter().map(|identity| format!("{:>10}", identity.name)).collect();
    format!("{:24}{names}\n", "# operation")
}

fn sorted(table: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = table.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.sort_unstable();
    lines
}

fn difference(expected: &str, found: &str) -> Vec<String> {
    let (expected, found) = (sorted(expected), sorted(found));
    let missing = expected.iter().filter(|line| !found.contains(line)).map(|line| format!("- {line}"));
    let new = found.iter().filter(|line| !expected.contains(line)).map(|line| format!("+ {line}"));
    let mut lines: Vec<String> = missing.chain(new).collect();
    lines.sort_by_key(|line| line[2..].split(' ').next().unwrap_or_default().to_owned());
    lines
}
