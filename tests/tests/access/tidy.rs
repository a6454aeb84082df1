//! Rules about the source that the compiler does not know.

use std::path::{Path, PathBuf};

/// Every source file of the server with its path from `server/src`.
fn sources() -> anyhow::Result<Vec<(String, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path: PathBuf = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&root)?.display().to_string();
                found.push((name, std::fs::read_to_string(&path)?));
            }
        }
    }
    anyhow::ensure!(found.len() > 30, "the server's sources are not where this test looks for them");
    Ok(found)
}

fn offenders(words: &[&str], allowed: impl Fn(&str, &str) -> bool) -> anyhow::Result<Vec<String>> {
    let mut offenders = Vec::new();
    for (name, text) in sources()? {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) && !allowed(&name, code) {
                offenders.push(format!("server/src/{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    Ok(offenders)
}

/// Addresses outside the API that need no guard: they tell nothing of anybody.
const STATIC: &[&str] = &["\"/healthz\"", "\"/readyz\"", "\"/metrics\"", "\"/api/v1/openapi.json\""];

/// All routes go through the one door that demands a guard.
#[test]
fn routes_are_registered_at_the_door_only() -> anyhow::Result<()> {
    let words =
        [".route(", "web::resource", "web::scope", ".service(", "#[get(", "#[post(", "#[put(", "#[delete("];
    let found = offenders(&words, |name, code| {
        // A test has routes of its own.
        let door = name == "access/door.rs" || name.ends_with("tests.rs");
        door || (name == "serve.rs" && STATIC.iter().any(|path| code.contains(path)))
    })?;
    assert!(found.is_empty(), "register routes with route!:\n{}", found.join("\n"));
    Ok(())
}

/// All transactions go through the one door that retries, times and bounds them.
#[test]
fn transactions_begin_in_the_database_module_only() -> anyhow::Result<()> {
    let words = [".transaction(", ".transaction::", "begin_transaction", "\"BEGIN", "establish("];
    let found = offenders(&words, |name, _| name.starts_with("db/"))?;
    assert!(found.is_empty(), "use Db::read, write or admit:\n{}", found.join("\n"));
    Ok(())
}

/// Guards come out of requests, never out of other code.
#[test]
fn guards_are_made_by_their_extractor_only() -> anyhow::Result<()> {
    let words = ["Access {", "SignedIn {", "AsPerson {", "AsWorkload {", "Public("];
    let found = offenders(&words, |name, _| name == "access/guard.rs")?;
    assert!(found.is_empty(), "take the guard as the route's first argument:\n{}", found.join("\n"));
    Ok(())
}

/// The words in double quotes right behind `before`, or behind the status that stands between.
fn codes_behind<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let rest = if rest.starts_with("StatusCode::") { rest.split_once(',')?.1.trim_start() } else { rest };
        let code = rest.strip_prefix('"')?.split('"').next()?;
        code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-').then_some(code)
    })
}

/// Every problem's code has words in the page, in each of its languages.
#[test]
fn problems_have_words_in_the_page() -> anyhow::Result<()> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/src/problems.rs");
    let known = std::fs::read_to_string(page)?;
    let (mut seen, mut wordless) = (0, std::collections::BTreeSet::new());
    for (_, text) in sources()? {
        let made = [
            "Error::new(",
            "conflict(",
            "refused(",
            "gone(",
            "bad_request(",
            "unavailable(",
            "status(",
            "refuse(",
        ];
        for code in made.iter().flat_map(|before| codes_behind(&text, before)) {
            seen += 1;
            if !known.contains(&format!("\"{code}\"")) {
                wordless.insert(code.to_owned());
            }
        }
    }
    assert!(seen > 30, "problems are not made as this test thinks");
    assert!(wordless.is_empty(), "add them to frontend/src/problems.rs and to both languages: {wordless:?}");
    Ok(())
}
