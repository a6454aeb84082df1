//! F2: what a power cut could take is on disk before anything speaks of it: an object and the folder that it is in
//! before the version's row, the row before the answer.

use anyhow::Context;
use atelier_tests::strace::{OBJECT_WRITES, Recorder, SystemCall};
use atelier_tests::{Database, Depot};

#[tokio::test]
async fn f02_what_is_acknowledged_would_survive_a_power_cut() -> anyhow::Result<()> {
    let depot = Depot::new(Database::Sqlite).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good_with(201);
    let recorder = Recorder::attach(depot.world.server.id(), OBJECT_WRITES)?;
    depot.put(client, &upload.id, "a", &[7; 100_000]).await.good();
    depot.commit(client, &upload.id, "All of it").await.good_with(201);
    let calls = recorder.end()?;

    let answer = last(&calls, |call| call.arguments.contains("HTTP/1.1 201"))?;
    let row = last(&calls[..answer], |call| is_sync(call) && call.arguments.contains("sqlite-wal>"))?;
    for area in ["packs", "index"] {
        let folder = format!("/{area}");
        let made = |call: &SystemCall| {
            (call.name.starts_with("link") || call.name.starts_with("rename"))
                && call.arguments.contains(&format!("{folder}/"))
        };
        let named = last(&calls, made)?;
        let written = &calls[..named];
        let inside = |call: &SystemCall| is_sync(call) && call.arguments.contains(&format!("{folder}/"));
        last(written, inside).context("its bytes are not on disk when it gets its name")?;
        let of_folder = |call: &SystemCall| is_sync(call) && call.arguments.contains(&format!("{folder}>"));
        let lasts = calls[named..].iter().position(of_folder);
        let lasts = named + lasts.with_context(|| format!("the name of what is in {area} is not on disk"))?;
        assert!(lasts < row, "the row speaks of what in {area} may be lost");
    }
    Ok(())
}

fn is_sync(call: &SystemCall) -> bool {
    call.name == "fsync" || call.name == "fdatasync"
}

fn last(calls: &[SystemCall], is: impl Fn(&SystemCall) -> bool) -> anyhow::Result<usize> {
    calls.iter().rposition(is).with_context(|| format!("no such call among {calls:#?}"))
}
