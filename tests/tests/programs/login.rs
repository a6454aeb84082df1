//! `atelier login`.

use crate::laptop::{Laptop, PROJECT};
use atelier_api::token::TokenScope;
use atelier_tests::program;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Output, Stdio};

/// Signs in with what is written to its standard input.
async fn login(laptop: &Laptop, token: &str) -> anyhow::Result<Output> {
    let mut command = laptop.command(program::path(), None);
    command.arg("login").arg(laptop.url());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "{token}")?;
    }
    Ok(tokio::task::spawn_blocking(move || child.wait_with_output()).await??)
}

async fn list(laptop: &Laptop) -> anyhow::Result<Output> {
    let mut command = laptop.command(program::path(), None);
    command.args(["data", "ls", PROJECT]);
    program::run(command).await
}

#[tokio::test]
async fn a_token_is_kept_for_its_person_alone() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let before = list(&laptop).await?;
    assert_ne!(before.status.code(), Some(0));
    assert!(program::said(&before).contains("atelier login"), "{}", program::said(&before));

    let token = laptop.token(TokenScope::Read).await;
    let output = login(&laptop, &token).await?;
    let said = program::said(&output);
    assert!(output.status.success() && said.contains("Ada"), "{said}");
    assert!(!said.contains(&token), "the token is shown");
    let kept = laptop.path(".config/atelier/servers.json");
    assert_eq!(std::fs::metadata(&kept)?.permissions().mode() & 0o777, 0o600);

    assert_eq!(list(&laptop).await?.status.code(), Some(0));
    Ok(())
}

#[tokio::test]
async fn what_is_no_token_is_not_kept() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let refused = login(&laptop, &format!("atl_{}", "x".repeat(40))).await?;
    assert_eq!(refused.status.code(), Some(3), "{}", program::said(&refused));
    let nonsense = login(&laptop, "password").await?;
    assert_eq!(nonsense.status.code(), Some(2), "{}", program::said(&nonsense));
    assert!(!laptop.path(".config/atelier/servers.json").exists());
    Ok(())
}
