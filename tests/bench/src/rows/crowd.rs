//! Two hundred sessions: a hundred started at the same moment, memory, and a thousand WebSockets.

use crate::jupyterhub::{self, JupyterHub};
use crate::ours::Ours;
use crate::processes;
use crate::row::{Goal, Row};
use crate::sockets;
use crate::stats::Samples;
use atelier_api::calls;
use atelier_api::session::Session;
use atelier_tests::docker;
use futures::future::{join_all, try_join_all};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Started at once, and again as many.
const AT_ONCE: usize = 100;
/// Of memory for a container.
const MIB: i64 = 64;
/// After which memory is looked at: what a start needed is given back by then.
const SETTLE: Duration = Duration::from_secs(10);
const LOOKS: usize = 5;

/// Memory of the server alone.
///
/// # Errors
/// If the server or JupyterHub does not start.
pub async fn idle() -> anyhow::Result<Vec<Row>> {
    let (ours, hub) = (Ours::start(MIB).await?, JupyterHub::start().await?);
    tokio::time::sleep(SETTLE).await;
    let (mut server, mut peer) = (Samples::default(), Samples::default());
    for _ in 0..LOOKS {
        server.push(processes::resident_mb(ours.world.server.id())?);
        peer.push(hub.resident_mb()?);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(vec![Row {
        what: "Memory of the server, idle".to_owned(),
        unit: "MB",
        ours: server,
        peers: vec![(jupyterhub::NAME, peer)],
        goal: Goal::AtMost(60.0),
    }])
}

/// # Errors
/// If a session does not start, or its browser is not let in.
pub async fn sessions() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    // Its image and its folders are there then.
    ours.session().await?;
    let begun = Instant::now();
    let first = start(&ours, AT_ONCE).await?;
    let time = begun.elapsed().as_secs_f64();
    let wrong = lost_or_doubled(&ours, 1 + AT_ONCE).await?;
    let mut all = first;
    all.extend(start(&ours, AT_ONCE - 1).await?);
    let mut open = Vec::new();
    for session in &all {
        let target = ours.target(&session.id).await?;
        open.push(sockets::open(&target).await?);
    }
    tokio::time::sleep(SETTLE).await;
    let mut memory = Samples::default();
    for _ in 0..LOOKS {
        memory.push(processes::resident_mb(ours.world.server.id())?);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let one = |value: f64| std::iter::once(value).collect();
    Ok(vec![
        Row {
            what: format!("{AT_ONCE} starts at once: lost or doubled"),
            unit: "sessions",
            ours: one(wrong as f64),
            peers: Vec::new(),
            goal: Goal::AtMost(0.0),
        },
        Row {
            what: format!("{AT_ONCE} starts at once: until all run"),
            unit: "s",
            ours: one(time),
            peers: Vec::new(),
            goal: Goal::None,
        },
        Row {
            what: format!("Memory of the server, {} live sessions with a socket each", all.len() + 1),
            unit: "MB",
            ours: memory,
            peers: Vec::new(),
            goal: Goal::AtMost(150.0),
        },
    ])
}

/// So many new sessions, wished for at the same moment.
async fn start(ours: &Ours, count: usize) -> anyhow::Result<Vec<Session>> {
    let wish = ours.wish("bench-backend", "backend");
    let create = || calls::session_create(ours.organization(), &ours.project.slug, &wish);
    let asked = join_all((0..count).map(|_| ours.owner.client.send(create()))).await;
    try_join_all(asked.into_iter().map(|answer| async move { ours.runs(&answer.good_with(201).id).await }))
        .await
}

/// How many sessions lack a container or a bill, or have two.
async fn lost_or_doubled(ours: &Ours, wanted: usize) -> anyhow::Result<usize> {
    let installation = ours.world.server.database.lines("SELECT id AS line FROM installation")?;
    let mut containers = Vec::new();
    for id in installation {
        for container in docker::containers(&docker::connect()?, &id).await? {
            let labels = container.labels.unwrap_or_default();
            containers.extend(labels.get("atelier.workload").cloned());
        }
    }
    let billed = ours.world.server.database.lines("SELECT workload_id AS line FROM segments")?;
    let wrong = |ids: &[String]| {
        let different: BTreeSet<&String> = ids.iter().collect();
        ids.len().abs_diff(different.len()) + different.len().abs_diff(wanted)
    };
    Ok(wrong(&containers) + wrong(&billed))
}
