//! The package for Python, by its own tests in `sandbox/python/tests`.

use crate::laptop::{Laptop, PROJECT};
use atelier_api::token::TokenScope;
use atelier_tests::program;
use std::path::Path;

/// A Python that has what the package works with; `cargo xtask test` makes it.
const PYTHON: &str = "ATELIER_TEST_PYTHON";

#[tokio::test]
async fn the_package_does_as_its_own_tests_say() -> anyhow::Result<()> {
    let laptop = Laptop::new().await?;
    let token = laptop.token(TokenScope::Write).await;
    let Some(python) = std::env::var_os(PYTHON) else {
        anyhow::bail!("{PYTHON} is not set: `cargo xtask test` sets it");
    };
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox/python");
    let mut command = laptop.command(Path::new(&python), Some(&token));
    command.args(["-m", "unittest", "discover", "--start-directory"]).arg(package.join("tests"));
    command.env("PYTHONPATH", package.join("src")).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("ATELIER_PROJECT", PROJECT).env("ATELIER_BIN", program::path());
    let said = program::succeed(command).await?;
    // unittest ends well, too, when it finds no test.
    let ran = said.lines().find_map(|line| line.strip_prefix("Ran ")?.split(' ').next()?.parse::<u32>().ok());
    anyhow::ensure!(ran > Some(10), "{said}");
    Ok(())
}
