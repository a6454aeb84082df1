//! The server in a container, as `infra/Dockerfile` and `infra/compose.yaml` make it, with sessions beside it.

use anyhow::Context;
use atelier_api::account::{Language, SetUp};
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::project::CreateProject;
use atelier_api::session::{CreateSession, DataWish, SessionState};
use atelier_api::tier::CreateTier;
use atelier_tests::studio::{LIMIT, MIB, split};
use atelier_tests::{Client, PASSWORD, TestDatabase, docker, program, until};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A compose project of the test's own, taken down when dropped.
struct Compose {
    name: String,
    folder: TempDir,
    port: u16,
}

fn repository() -> anyhow::Result<PathBuf> {
    Ok(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?)
}

impl Compose {
    /// Builds the image of the program under test and starts it.
    fn up() -> anyhow::Result<Compose> {
        let folder = tempfile::Builder::new().prefix("atelier-compose").tempdir()?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let name = format!("atelier-test-{}", std::process::id());
        let context = folder.path().join("context");
        std::fs::create_dir(&context)?;
        for part in ["atelier", "atelier-query"] {
            std::fs::copy(program::path().with_file_name(part), context.join(part))?;
        }
        let dockerfile = repository()?.join("infra/Dockerfile");
        let mut build = Command::new("docker");
        build.args(["build", "--quiet", "--tag", &name, "--file"]).arg(dockerfile).arg(&context);
        done(&mut build)?;
        let compose = Compose { name, folder, port };
        std::fs::write(compose.additions(), compose.text()?)?;
        done(compose.command()?.args(["up", "--detach"]))?;
        Ok(compose)
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn additions(&self) -> PathBuf {
        self.folder.path().join("additions.yaml")
    }

    /// A debug build reads page and agent from where they were built, and the tests have an environment of
    /// their own.
    fn text(&self) -> anyhow::Result<String> {
        let root = repository()?;
        let images = root.join("sandbox/images");
        // Their path leads through the server's folder.
        let mounts = [&root.join("target/embed"), &root.join("server"), &images];
        let mounts = mounts.map(|path| format!("'{0}:{0}:ro'", path.display())).join(", ");
        Ok(format!(
            "version: '3.8'\nservices:\n  server:\n    volumes: [{mounts}]\n    \
             environment: {{ATELIER_ENVIRONMENTS_DIR: '{}'}}\n",
            images.display()
        ))
    }

    fn command(&self) -> anyhow::Result<Command> {
        let mut command = Command::new("docker-compose");
        command
            .args(["--project-name", &self.name, "--file"])
            .arg(repository()?.join("infra/compose.yaml"))
            .arg("--file")
            .arg(self.additions())
            .env("ATELIER_IMAGE", &self.name)
            .env("ATELIER_DATA_DIR", self.data_dir())
            .env("ATELIER_PORT", format!("127.0.0.1:{}", self.port))
            .env("ATELIER_PUBLIC_URL", format!("http://atelier.localhost:{}", self.port));
        Ok(command)
    }

    fn log(&self) -> anyhow::Result<String> {
        done(self.command()?.args(["logs", "--no-color"]))
    }

    /// The installation's name on Docker.
    fn installation(&self) -> anyhow::Result<String> {
        let database = TestDatabase::file(&self.data_dir().join("atelier.sqlite"));
        database.lines("SELECT id AS line FROM installation")?.pop().context("it never started")
    }
}

impl Drop for Compose {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log().unwrap_or_default());
        }
        if let (Ok(docker), Ok(installation)) = (docker::connect(), self.installation()) {
            docker::remove_everything_of(&docker, &installation);
        }
        let down = self.command().and_then(|mut down| done(down.args(["down", "--volumes"])));
        let image = done(Command::new("docker").args(["image", "rm", &self.name]));
        for error in [down.err(), image.err()].into_iter().flatten() {
            eprintln!("something is left over on Docker: {error:#}");
        }
    }
}

/// What a command printed, if it ended well.
fn done(command: &mut Command) -> anyhow::Result<String> {
    let output =
        command.output().with_context(|| format!("{:?} cannot be started", command.get_program()))?;
    let said = program::said(&output);
    anyhow::ensure!(output.status.success(), "{command:?}: {said}");
    Ok(said)
}

#[tokio::test]
async fn a_session_runs_beside_the_server_in_its_container() -> anyhow::Result<()> {
    let compose = Compose::up()?;
    let link = until("the log shows the set-up link", LIMIT, || async {
        let log = compose.log().unwrap_or_default();
        Some(log.lines().find_map(|line| line.split_once("Set up Atelier: "))?.1.trim().to_owned())
    })
    .await;
    let client = Client::new(compose.port);
    let token = link.rsplit('=').next().unwrap_or_default().to_owned();
    let set_up = SetUp {
        token,
        organization: "Acme".to_owned(),
        name: "Ada".to_owned(),
        email: "ada@acme.test".to_owned(),
        password: PASSWORD.to_owned(),
        language: Language::English,
        sample_project: false,
    };
    client.send(calls::setup_complete(&set_up)).await.good_with(201);
    let project = CreateProject { name: "Churn".to_owned(), description: String::new() };
    let project = client.send(calls::project_create("acme", &project)).await.good_with(201).slug;
    let tier = CreateTier {
        name: "Tiny".to_owned(),
        cpu_milli: 500,
        memory_bytes: 96 * MIB,
        price_per_hour: Micros(1),
    };
    let tier = client.send(calls::tier_create("acme", &tier)).await.good_with(201).id;
    let wish = CreateSession {
        name: None,
        environment: "test-tool".to_owned(),
        tool: "test-tool".to_owned(),
        tier,
        data: DataWish::All,
    };
    let session = client.send(calls::session_create("acme", &project, &wish)).await.good_with(201);
    let get = calls::session_get("acme", &project, &session.id);
    until("the session runs", LIMIT, || async {
        let now = client.send(get.clone()).await.good();
        assert_ne!(now.state, SessionState::Failed, "{now:#?}");
        (now.state == SessionState::Running).then_some(())
    })
    .await;
    let url = client.send(calls::session_open("acme", &project, &session.id)).await.good().url;
    let (host, path) = split(&url);
    let browser = client.on_host(host);
    assert_eq!(browser.get(path).await.status, 303);
    assert_eq!(browser.get("/api").await.text(), r#"{"version":"test"}"#);

    // The session has no way to Docker; the server's container has it, and little else.
    let docker = docker::connect()?;
    let inside = docker::inspect(&docker, &format!("atelier-{}-1", session.id)).await?;
    let binds = inside.host_config.and_then(|host| host.binds).unwrap_or_default();
    assert!(!binds.iter().any(|bind| bind.contains("docker.sock")), "{binds:?}");
    let server = done(compose.command()?.args(["ps", "--quiet"]))?;
    let host = docker::inspect(&docker, server.trim()).await?.host_config.context("no host config")?;
    assert_eq!((host.privileged, host.readonly_rootfs), (Some(false), Some(true)));
    assert_eq!(host.cap_drop, Some(vec!["ALL".to_owned()]));

    // Replacing the server's container, as an upgrade does, leaves the session running.
    let before = docker::inspect(&docker, &format!("atelier-{}-1", session.id)).await?;
    done(compose.command()?.args(["up", "--detach", "--force-recreate"]))?;
    until("the tool answers through the new server", LIMIT, || async {
        let answer = browser.request("GET", "/api").send().await.ok()?;
        (answer.status() == 200).then_some(())
    })
    .await;
    let after = docker::inspect(&docker, &format!("atelier-{}-1", session.id)).await?;
    let started = |seen: bollard::models::ContainerInspectResponse| seen.state.and_then(|s| s.started_at);
    assert_eq!(started(before), started(after), "the session was started anew");
    Ok(())
}
