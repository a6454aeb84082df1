//! `atelier doctor` on a good installation, and on broken ones.

use atelier_tests::{Database, NO_DOCKER, TestServer, World, on_both_databases, program};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

on_both_databases!(a_good_installation_has_nothing_bad);

/// What it found, as (check, level, mend).
async fn findings(mut command: Command) -> anyhow::Result<(Vec<(String, String, String)>, bool)> {
    command.arg("--json");
    let output = program::run(command).await?;
    let found: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout)
        .map_err(|error| anyhow::anyhow!("{error}: {}", program::said(&output)))?;
    let word = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let found = found.iter().map(|f| (word(f, "check"), word(f, "level"), word(f, "mend"))).collect();
    Ok((found, output.status.success()))
}

fn doctor(data_dir: &Path, url: &str, settings: &[&str]) -> Command {
    let mut command = program::command(&["doctor"], data_dir, url);
    for setting in settings {
        command.args(["--set", setting]);
    }
    command
}

async fn a_good_installation_has_nothing_bad(database: Database) -> anyhow::Result<()> {
    let world = World::on(TestServer::start_with(database, &[]).await?).await?;
    let server = &world.server;
    let before = server.database.dump()?;
    let listen = format!("listen=127.0.0.1:{}", server.port());
    let (found, good) = findings(doctor(&server.data_dir(), &server.database.url, &[&listen])).await?;
    let bad: Vec<_> = found.iter().filter(|(_, level, _)| level == "bad").collect();
    anyhow::ensure!(good && bad.is_empty(), "{bad:?}");
    for check in [
        "settings",
        "data_dir",
        "disk",
        "files",
        "database",
        "schema",
        "objects",
        "listen",
        "docker",
        "cgroup",
        "seccomp",
        "storage",
        "base_image",
        "environment",
        "firewall",
        "network_pool",
        "public_url",
        "session_domain",
    ] {
        anyhow::ensure!(found.iter().any(|(name, ..)| name == check), "{check} was not looked at: {found:?}");
    }
    let changes = server.database.changes_since(&before)?;
    anyhow::ensure!(changes.is_empty(), "it changed something: {changes:#?}");
    Ok(())
}

/// Whether exactly this check has this level, with something that mends it.
async fn finds(check: &str, level: &str, command: Command) -> anyhow::Result<()> {
    let (found, good) = findings(command).await?;
    let finding = found.iter().find(|(name, ..)| name == check);
    let Some((_, seen, mend)) = finding else { anyhow::bail!("{check} was not looked at: {found:?}") };
    anyhow::ensure!(seen == level, "{check} is {seen}, not {level}");
    anyhow::ensure!(!mend.is_empty(), "{check}: nothing is said to mend it");
    anyhow::ensure!(good == (level != "bad"), "the exit code does not say so: {found:?}");
    Ok(())
}

const UNBUILT: &str = r#"
id = "unbuilt"
name = "Unbuilt"
description = "Nobody has built it yet."

[[tools]]
id = "nothing"
name = "Nothing"
argv = ["true"]
cwd = "/work"
port = 8888
ready_path = "/"
jupyter = false
"#;

#[tokio::test]
async fn each_broken_thing_is_named_with_what_mends_it() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (path, url) = (folder.path(), format!("sqlite:{}/atelier.sqlite", folder.path().display()));
    let free = free_port()?;
    // Everything else is good here.
    let listen = format!("listen=127.0.0.1:{free}");
    let with = |settings: &[&str]| doctor(path, &url, &[&[listen.as_str()], settings].concat());

    finds("docker", "bad", with(&[&format!("docker={NO_DOCKER}")])).await?;
    finds("settings", "bad", with(&["idle_minutes=often"])).await?;
    finds("ca_certificates", "bad", with(&["ca_certificates=/nonexistent/ca.pem"])).await?;
    finds("environments", "bad", with(&["environments_dir=/nonexistent"])).await?;
    let environments = tempfile::tempdir()?;
    let unbuilt = environments.path().join("unbuilt");
    std::fs::create_dir(&unbuilt)?;
    std::fs::write(unbuilt.join("Dockerfile"), "FROM atelier/base:trixie\nRUN true\n")?;
    std::fs::write(unbuilt.join("environment.toml"), UNBUILT)?;
    let images = format!("environments_dir={}", environments.path().display());
    let (found, good) = findings(with(&[&images])).await?;
    let told = found.iter().any(|(check, level, mend)| {
        (check.as_str(), level.as_str()) == ("environment", "warning")
            && mend == "atelier build-environment unbuilt"
    });
    anyhow::ensure!(good && told, "nothing is said of what is not built: {found:?}");
    let public = ["public_url=http://atelier.invalid", "session_domain=atelier-run.invalid"];
    for check in ["public_url", "public_name", "session_domain"] {
        finds(check, "bad", with(&public)).await?;
    }
    finds("network_pool", "bad", with(&["network_pool=everything"])).await?;

    let taken = TcpListener::bind(("127.0.0.1", 0))?;
    let taken_at = format!("listen={}", taken.local_addr()?);
    finds("listen", "bad", doctor(path, &url, &[&taken_at])).await?;

    let open = tempfile::tempdir()?;
    std::fs::set_permissions(open.path(), PermissionsExt::from_mode(0o755))?;
    finds("data_dir", "warning", doctor(open.path(), &url, &[&listen])).await?;
    let file = path.join("file");
    std::fs::write(&file, "")?;
    finds("data_dir", "bad", doctor(&file, &url, &[&listen])).await?;

    let damaged = format!("sqlite:{}", path.join("damaged.sqlite").display());
    std::fs::write(path.join("damaged.sqlite"), "this is no database".repeat(1000))?;
    finds("database", "bad", doctor(path, &damaged, &[&listen])).await?;
    let away = format!("postgres://nobody@127.0.0.1:{free}/nothing");
    finds("database", "bad", doctor(path, &away, &[&listen])).await?;
    Ok(())
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
