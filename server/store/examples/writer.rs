//! Makes versions in a folder, always the same ones: `writer FOLDER FROM TO [BASE]` makes those numbered so upon
//! the version named last, and tells of each when it is on disk. Tests kill it and fail its system calls.

use atelier_store::{Backend, Change, Error, Options, Root, Store, TreePath};
use bytes::Bytes;
use futures::stream;
use std::io::Write;
use std::time::Duration;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [folder, from, to, base @ ..] = &arguments[..] else {
        return Err("name a folder, the first version and the last".into());
    };
    let base = base.first().map_or(Ok(Root::empty()), |base| base.parse())?;
    // Without a driver: what it writes are files, and what it tells.
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(versions(folder, from.parse()?, to.parse()?, base))
}

async fn versions(folder: &str, from: u8, to: u8, mut base: Root) -> Result<(), Failure> {
    let (session_life, grace) = (Duration::from_secs(100), Duration::from_secs(200));
    let options = Options { pack_bytes: 20_000, session_life, grace, ..Options::default() };
    let store = Store::open(&Backend::folder(folder)?, "p", options).await?;
    for number in from..=to {
        base = version(&store, base, number).await?;
        writeln!(std::io::stdout(), "{base}")?;
    }
    Ok(())
}

/// One file in three is new, so that a version fills a few packs.
async fn version(store: &Store, base: Root, number: u8) -> Result<Root, Failure> {
    let session = store.session([base]).await?;
    let mut changes = Vec::new();
    for file in (0..30u8).filter(|file| file % 3 == number % 3) {
        let mut bytes = vec![0; 4_000 + usize::from(file)];
        blake3::Hasher::new().update(&[number, file]).finalize_xof().fill(&mut bytes);
        let content = session.write(stream::iter([Ok::<_, Error>(Bytes::from(bytes))])).await?;
        changes.push(Ok::<_, Error>(Change::file(
            TreePath::new(&format!("folder {}/{file}", file % 4))?,
            content,
        )));
    }
    Ok(session.commit(base, stream::iter(changes)).await?.root)
}
