//! Measures the figures of docs/performance.md, ours and the peers' in one run. `cargo xtask bench` builds
//! and installs what this needs.

mod child;
mod data;
mod jupyterhub;
mod keepers;
mod machine;
mod ours;
mod peers;
mod processes;
mod pushed;
mod row;
mod rows;
mod sockets;
mod stats;
mod table;
mod target;
mod wrk;

use anyhow::ensure;
use clap::{Parser, ValueEnum};
use row::Row;
use rows::proxy::Proxies;
use rows::{
    api, crowd, decision, first_load, flat, flat_agent, million, navigation, push, sockets as many, start,
    versions,
};
use std::path::PathBuf;
use std::time::Instant;

#[derive(Parser)]
struct Options {
    /// Which figures; by default all but `idle-sockets`, which takes half an hour.
    names: Vec<Name>,
    /// The page whose table is to be replaced by these figures.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    Requests,
    Download,
    Websocket,
    Sockets,
    Start,
    Idle,
    Sessions,
    Api,
    Decision,
    FirstLoad,
    Navigation,
    Versions,
    Push,
    Flat,
    FlatAgent,
    Million,
    IdleSockets,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let all = Name::value_variants().iter().copied().filter(|name| *name != Name::IdleSockets);
    let names = if options.names.is_empty() { all.collect() } else { options.names };
    let mut rows: Vec<Row> = Vec::new();
    let mut missing = Vec::new();
    // One server and its peers for all that need them.
    let mut proxies = None;
    for name in names {
        let begun = Instant::now();
        match measure(name, &mut proxies).await {
            Ok(measured) => {
                eprintln!("{name:?}, {} s:", begun.elapsed().as_secs());
                measured.iter().for_each(|row| eprintln!("  {}", row.line()));
                rows.extend(measured);
            }
            // Half an hour of other figures is not thrown away.
            Err(error) => {
                eprintln!("{name:?}: {error:#}");
                missing.push(name);
            }
        }
    }
    let table = table::of(&rows);
    match options.write {
        Some(file) => table::write(&file, &table)?,
        None => println!("{table}"),
    }
    ensure!(missing.is_empty(), "not measured: {missing:?}");
    Ok(())
}

async fn measure(name: Name, proxies: &mut Option<Proxies>) -> anyhow::Result<Vec<Row>> {
    if matches!(name, Name::Requests | Name::Download | Name::Websocket) {
        let proxies = match proxies {
            Some(proxies) => proxies,
            None => proxies.insert(Proxies::start().await?),
        };
        return match name {
            Name::Requests => proxies.requests().await,
            Name::Download => proxies.download().await,
            _ => proxies.websocket().await,
        };
    }
    // Whatever runs beside would be measured too.
    proxies.take();
    match name {
        Name::Sockets => many::busy().await,
        Name::IdleSockets => many::idle().await,
        Name::Start => start::run().await,
        Name::Idle => crowd::idle().await,
        Name::Sessions => crowd::sessions().await,
        Name::Api => api::run().await,
        Name::Decision => decision::run(),
        Name::FirstLoad => first_load::run().await,
        Name::Navigation => navigation::run().await,
        Name::Versions => versions::run(),
        Name::Push => push::run().await,
        Name::Flat => flat::run().await,
        Name::FlatAgent => flat_agent::run().await,
        Name::Million => million::run().await,
        Name::Requests | Name::Download | Name::Websocket => Ok(Vec::new()),
    }
}
