//! Kernels and terminals, asked of Jupyter's own API.

use crate::http;
use atelier_api::channel::{Kernel, Terminal};
use serde::{Deserialize, de::DeserializeOwned};
use std::{collections::HashMap, io};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// More are not told: the container decides what its Jupyter answers.
const MOST: usize = 100;

/// The latest answers. A server that is too busy to answer keeps its kernels: taking them for gone could
/// end a computation as idle.
#[derive(Default)]
pub(crate) struct Jupyter {
    pub(crate) kernels: Vec<Kernel>,
    pub(crate) terminals: Vec<Terminal>,
}

#[derive(Deserialize)]
struct KernelModel {
    id: String,
    #[serde(default)]
    execution_state: String,
    #[serde(default)]
    last_activity: String,
}

#[derive(Deserialize)]
struct SessionModel {
    #[serde(default)]
    path: String,
    kernel: Option<KernelModel>,
}

#[derive(Deserialize)]
struct TerminalModel {
    name: String,
    #[serde(default)]
    last_activity: String,
}

impl Jupyter {
    pub(crate) async fn refresh(&mut self, port: u16) {
        if let Ok(kernels) = kernels(port).await {
            self.kernels = kernels;
        }
        if let Ok(terminals) = ask::<TerminalModel>(port, "/api/terminals").await {
            self.terminals = terminals.into_iter().map(TerminalModel::told).collect();
        }
    }
}

async fn kernels(port: u16) -> io::Result<Vec<Kernel>> {
    let kernels = ask::<KernelModel>(port, "/api/kernels").await?;
    let sessions = ask::<SessionModel>(port, "/api/sessions").await?;
    let mut paths: HashMap<_, _> =
        sessions.into_iter().filter_map(|session| Some((session.kernel?.id, session.path))).collect();
    Ok(kernels.into_iter().map(|kernel| kernel.told(&mut paths)).collect())
}

async fn ask<T: DeserializeOwned>(port: u16, path: &str) -> io::Result<Vec<T>> {
    let answer = http::get(port, path).await?;
    if answer.status != 200 {
        return Err(io::Error::other(format!("{path} answered {}", answer.status)));
    }
    let mut list: Vec<T> = serde_json::from_slice(&answer.body)?;
    list.truncate(MOST);
    Ok(list)
}

impl KernelModel {
    fn told(self, paths: &mut HashMap<String, String>) -> Kernel {
        Kernel {
            path: paths.remove(&self.id).filter(|path| !path.is_empty()),
            busy: self.execution_state == "busy",
            last_activity_ms: millis(&self.last_activity),
            id: self.id,
        }
    }
}

impl TerminalModel {
    fn told(self) -> Terminal {
        Terminal { last_activity_ms: millis(&self.last_activity), name: self.name }
    }
}

/// Milliseconds since the epoch; 0 for what is no time.
fn millis(rfc3339: &str) -> i64 {
    let time = OffsetDateTime::parse(rfc3339, &Rfc3339).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_is_told_with_its_notebook() {
        let json = r#"[{"id": "k1", "name": "python3", "last_activity": "1970-01-01T00:00:02.5Z",
            "execution_state": "busy", "connections": 1}]"#;
        let models: Vec<KernelModel> = serde_json::from_str(json).unwrap();
        let mut paths = HashMap::from([("k1".to_owned(), "deep/train.ipynb".to_owned())]);
        let told: Vec<_> = models.into_iter().map(|model| model.told(&mut paths)).collect();
        let expected = Kernel {
            id: "k1".into(),
            path: Some("deep/train.ipynb".into()),
            busy: true,
            last_activity_ms: 2500,
        };
        assert_eq!(told, [expected]);
    }
}
