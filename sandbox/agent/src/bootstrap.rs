//! What the server says before anything else, on standard input.

use atelier_api::channel::Bootstrap;
use std::{io::Read, time::Duration};

/// More is no bootstrap.
const LONGEST: u64 = 1 << 20;
/// The server writes at once after the start; whoever starts the container by hand does not.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads to the end of standard input. An error if it is late, cut short or no bootstrap.
pub(crate) async fn read() -> Result<Bootstrap, String> {
    let reading = tokio::task::spawn_blocking(|| {
        let mut text = Vec::new();
        std::io::stdin().lock().take(LONGEST).read_to_end(&mut text).map(|_| text)
    });
    let text = tokio::time::timeout(PATIENCE, reading)
        .await
        .map_err(|_| "no bootstrap came on standard input".to_owned())?
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    let bootstrap: Bootstrap = serde_json::from_slice(&text)
        .map_err(|error| format!("the bootstrap was absent or cut short: {error}"))?;
    match bootstrap.tool.argv.first() {
        Some(_) => Ok(bootstrap),
        None => Err("the bootstrap names no program".into()),
    }
}
