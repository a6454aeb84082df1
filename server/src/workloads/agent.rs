//! The agent's program, which the server carries and puts where Docker can mount it from.

use anyhow::Context;
use rust_embed::RustEmbed;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

#[derive(RustEmbed)]
#[folder = "../target/embed/agent"]
#[allow_missing = true]
struct Embedded;

/// Where the agent is on the Docker host.
#[derive(Clone, Debug)]
pub struct Agent(Option<PathBuf>);

/// What to do where the server was built without it.
pub const MISSING: &str = "This server was built without the agent that runs in every container. \
     Run `cargo xtask agent`, then start the server again.";

impl Agent {
    /// Writes the program to `<folder>/agent-<hash>`, so that containers of an older server keep theirs.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn install(folder: &Path) -> anyhow::Result<Agent> {
        let Some(program) = Embedded::get("atelier-agent") else {
            tracing::warn!("{MISSING}");
            return Ok(Agent(None));
        };
        let hash = blake3::hash(&program.data).to_hex();
        let path = folder.join(format!("agent-{}", &hash[..16]));
        if !path.exists() {
            // Renamed into place, so that a half-written program is never run.
            let draft = path.with_extension("new");
            std::fs::write(&draft, &program.data)
                .and_then(|()| std::fs::set_permissions(&draft, std::fs::Permissions::from_mode(0o755)))
                .and_then(|()| std::fs::rename(&draft, &path))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(Agent(Some(path)))
    }

    /// Whether this program was built with it.
    pub fn is_carried() -> bool {
        Embedded::get("atelier-agent").is_some()
    }

    pub fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}
