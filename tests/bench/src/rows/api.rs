//! The API under load, one request in ten a write.

use crate::ours::Ours;
use crate::row::{Goal, Row};
use crate::stats::Samples;
use crate::target::Target;
use crate::wrk;
use atelier_api::call::Call;
use atelier_api::calls;
use atelier_api::project::{ProjectFilter, UpdateProject};
use std::fmt::Write;
use std::io::Write as _;
use std::time::Duration;

const TURNS: usize = 5;
const TURN: Duration = Duration::from_secs(4);
/// People who ask at the same moment.
const CONNECTIONS: usize = 20;
const MIB: i64 = 64;

/// # Errors
/// If a request fails.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    let mut script = tempfile::Builder::new().suffix(".lua").tempfile()?;
    script.write_all(requests(&ours).as_bytes())?;
    let client = &ours.owner.client;
    let target = Target {
        name: "Atelier",
        port: client.server().port(),
        host: client.host().to_owned(),
        cookie: client.cookie(),
    };
    let (mut rate, mut p99) = (Samples::default(), Samples::default());
    for _ in 0..TURNS {
        let load = wrk::run(&target, "/", CONNECTIONS, TURN, Some(script.path())).await?;
        rate.push(load.per_second);
        p99.push(load.p99_ms);
    }
    let row = |what: &str, unit, ours, goal| Row {
        what: format!("API, one write in ten, {CONNECTIONS} at once: {what}"),
        unit,
        ours,
        peers: Vec::new(),
        goal,
    };
    Ok(vec![row("requests", "/s", rate, Goal::AtLeast(1000.0)), row("p99", "ms", p99, Goal::AtMost(100.0))])
}

/// What pages ask for as people walk through them, and a change of a project's description.
fn requests(ours: &Ours) -> String {
    let (organization, project) = (ours.organization(), &ours.project.slug);
    let change = UpdateProject { description: Some("Measured".to_owned()), ..UpdateProject::default() };
    let mut script = "local requests = {\n".to_owned();
    let mut add = |method: &str, path: &str, body: Option<&str>| {
        let body = body.map_or_else(|| "nil".to_owned(), |body| format!("{body:?}"));
        // Writing into text does not fail.
        let _ = writeln!(script, "  {{ {method:?}, {path:?}, {body} }},");
    };
    fn of<T>(add: &mut impl FnMut(&str, &str, Option<&str>), call: Call<T>) {
        add(call.method.as_str(), &call.path, call.body.as_deref());
    }
    for _ in 0..3 {
        of(&mut add, calls::me_get());
        of(&mut add, calls::project_list(organization, &ProjectFilter::default()));
        of(&mut add, calls::project_get(organization, project));
    }
    of(&mut add, calls::project_update(organization, project, &change));
    script.push_str(
        "}
local count = 0
function request()
  count = count + 1
  local method, path, body = unpack(requests[count % #requests + 1])
  local headers = {}
  for name, value in pairs(wrk.headers) do headers[name] = value end
  if body then headers['Content-Type'] = 'application/json' end
  return wrk.format(method, path, headers, body)
end
",
    );
    script
}
