//! A machine outside the server, with a person's token.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::token::{CreateToken, TokenScope};
use atelier_tests::{Database, Person, TestServer, World, program};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Where the project is.
pub const PROJECT: &str = "acme/churn";

/// One person, one project, and a home folder where nothing was kept before.
pub struct Laptop {
    pub world: World,
    home: TempDir,
}

impl Laptop {
    pub async fn new() -> anyhow::Result<Laptop> {
        let world = World::new(Database::Sqlite).await?;
        world.acme.project(&world.acme.administrator, "Churn").await;
        Ok(Laptop { world, home: TempDir::new()? })
    }

    pub fn server(&self) -> &TestServer {
        &self.world.server
    }

    pub fn person(&self) -> &Person {
        &self.world.acme.administrator
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.server().port())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A new access token.
    pub async fn token(&self, scope: TokenScope) -> String {
        let new = CreateToken { name: "Laptop".to_owned(), scope, days: 1 };
        self.person().client.send(calls::token_create(&new)).await.good_with(201).text
    }

    /// A command here, with a token and the server's address unless `login` is to find them.
    pub fn command(&self, program: impl AsRef<Path>, token: Option<&str>) -> Command {
        let mut command = Command::new(program.as_ref());
        // What is kept stays in this home.
        for variable in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "ATELIER_API"] {
            command.env_remove(variable);
        }
        command.env("HOME", self.home.path()).current_dir(self.home.path()).stdin(Stdio::null());
        match token {
            Some(token) => command.env("ATELIER_URL", self.url()).env("ATELIER_TOKEN", token),
            None => command.env_remove("ATELIER_URL").env_remove("ATELIER_TOKEN"),
        };
        command
    }

    /// `atelier data …` to its end.
    pub async fn data(&self, token: &str, words: &[&str]) -> anyhow::Result<Output> {
        let mut command = self.command(program::path(), Some(token));
        command.arg("data").args(words);
        program::run(command).await
    }

    /// The same, which must end well; gives its standard output.
    pub async fn done(&self, token: &str, words: &[&str]) -> anyhow::Result<String> {
        let output = self.data(token, words).await?;
        anyhow::ensure!(output.status.success(), "{words:?}: {}: {}", output.status, program::said(&output));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The same with `--json`: what each line of it is.
    pub async fn json(&self, token: &str, words: &[&str]) -> anyhow::Result<Vec<Value>> {
        let said = self.done(token, &[words, &["--json"]].concat()).await?;
        said.lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
    }
}
