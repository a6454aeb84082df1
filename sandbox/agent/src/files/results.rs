//! The folder of results: what is new in it becomes a version of the project's results.
//!
//! The folder is the person's own, like the copy of the files, but nothing of others comes into it: a version is the
//! newest one of the project with what this folder has changed. What is in versions is written down in the folder, so
//! that a later session sends nothing twice and does not undo what others have changed since.
//!
//! It has a thread of its own: results may be large, and the copy of the files does not wait for them.

use super::{
    client::{Client, Place, Trouble},
    folder::{Folder, Sent},
    look_after,
    rules::OWN,
    send::{is_forgotten, send},
    turn::{turn, write_down},
};
use atelier_api::{
    calls,
    upload::{CommitFiles, CreateUpload},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    future::pending,
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until, timeout},
};

/// Before it is tried again when the server is away, or does not take it.
const AGAIN: Duration = Duration::from_secs(120);
/// Uploads that are begun because others made versions, or because the server has forgotten what was sent.
const TRIES: u32 = 4;
/// Others have changed the same files since the upload began.
const CHANGED: &str = "changed-meanwhile";
/// An upload is a version by now.
const COMMITTED: &str = "upload-committed";
/// What is in versions; the upload that is on its way; held by each session that has the folder.
const SENT: &str = "sent.json";
const UPLOAD: &str = "upload.json";
const RUNNING: &str = "running";

/// By path.
type Manifest = BTreeMap<String, Sent>;

enum Ask {
    /// Make a version of what is new, of which this is said.
    Publish(String),
    /// The same; nothing comes after this.
    Finish(oneshot::Sender<()>),
}

/// The thread that looks after the results.
#[derive(Clone)]
pub(crate) struct Results(mpsc::Sender<Ask>);

impl Results {
    pub(crate) fn start(folder: PathBuf) -> Self {
        let (sender, asks) = mpsc::channel(8);
        look_after("results", move || keep(folder, asks));
        Self(sender)
    }

    pub(crate) async fn publish(&self, message: String) {
        let _ = self.0.send(Ask::Publish(message)).await;
    }

    /// Makes a version of what is new, if that can be done in time. What could not be sent is still in the folder.
    pub(crate) async fn finish(&self, patience: Duration) {
        let (sender, done) = oneshot::channel();
        let _ = timeout(patience, async {
            if self.0.send(Ask::Finish(sender)).await.is_ok() {
                let _ = done.await;
            }
        })
        .await;
    }
}

async fn keep(root: PathBuf, mut asks: mpsc::Receiver<Ask>) {
    let (running, alone) = hold(&root);
    let mut work = Work {
        folder: Folder { largest: u64::MAX, ..Folder::new(root) },
        client: Client::default(),
        place: Place::default(),
    };
    // What an earlier session has left. If another one has the folder, it may be writing.
    let mut due = alone.then(|| (Instant::now(), String::new()));
    loop {
        let again = async {
            match &due {
                Some((when, _)) => sleep_until(*when).await,
                None => pending().await,
            }
        };
        let ask = tokio::select! {
            ask = asks.recv() => match ask {
                Some(ask) => Some(ask),
                None => break,
            },
            () = again => None,
        };
        let left = due.take().map(|(_, message)| message).unwrap_or_default();
        let (message, done) = match ask {
            Some(Ask::Publish(message)) => (message, None),
            Some(Ask::Finish(done)) => (left, Some(done)),
            None => (left, None),
        };
        if let Err(trouble) = work.publish(&message).await {
            eprintln!("atelier-agent: the results of the project: {trouble}");
            due = Some((Instant::now() + AGAIN, message));
        }
        if let Some(done) = done {
            let _ = done.send(());
        }
    }
    drop(running);
}

/// Says to other sessions of the person, as long as it is held, that one has the folder; and whether none other had.
fn hold(root: &Path) -> (Option<File>, bool) {
    let own = root.join(OWN);
    let opened = fs::create_dir_all(&own).and_then(|()| File::create(own.join(RUNNING)));
    let Ok(file) = opened else { return (None, false) };
    let alone = file.try_lock().is_ok();
    if alone {
        let _ = file.unlock();
    }
    let _ = file.try_lock_shared();
    (Some(file), alone)
}

/// An upload that was begun.
#[derive(Serialize, Deserialize)]
struct Begun {
    upload: String,
    /// What is in versions once it is one; absent as long as not all was sent.
    sent: Option<Manifest>,
}

struct Work {
    folder: Folder,
    client: Client,
    place: Place,
}

impl Work {
    /// Makes a version of what changed since the last one, if anything did.
    async fn publish(&mut self, message: &str) -> Result<(), Trouble> {
        let _turn = turn(&self.folder.root).await?;
        for _ in 0..TRIES {
            self.settle().await?;
            // Another session of the person may have sent it.
            self.folder.sent = read_down(&self.own(SENT))?.unwrap_or_default();
            if self.folder.look()?.is_empty() {
                return Ok(());
            }
            match self.commit(message).await {
                Ok(()) => return self.settle().await,
                Err(Trouble::Refused { code, .. }) if is_forgotten(&code) || code == CHANGED => {}
                Err(trouble) => {
                    // It is not to take up any room. If the server is away, it is the next time.
                    let _ = self.settle().await;
                    return Err(trouble);
                }
            }
        }
        Err(Trouble::Away("others make versions all the time".to_owned()))
    }

    /// Finds out what became of an upload that was begun: it is a version, or it is given up.
    async fn settle(&mut self) -> Result<(), Trouble> {
        let Some(begun) = read_down::<Begun>(&self.own(UPLOAD))? else { return Ok(()) };
        let (o, p) = self.place.get(&mut self.client).await?;
        match self.client.call(calls::results_upload_cancel(&o, &p, &begun.upload)).await {
            Err(Trouble::Refused { code, .. }) if code == COMMITTED => {
                if let Some(sent) = begun.sent {
                    write_down(&self.own(SENT), json(&sent)?)?;
                }
            }
            Ok(()) | Err(Trouble::Refused { .. }) => {}
            Err(trouble) => return Err(trouble),
        }
        Ok(fs::remove_file(self.own(UPLOAD))?)
    }

    /// No version comes of it if the newest one has all of it.
    async fn commit(&mut self, message: &str) -> Result<(), Trouble> {
        let (o, p) = self.place.get(&mut self.client).await?;
        let upload =
            self.client.call(calls::results_upload_create(&o, &p, &CreateUpload::default())).await?.id;
        let mut begun = Begun { upload, sent: None };
        if let Err(error) = json(&begun).and_then(|text| write_down(&self.own(UPLOAD), text)) {
            // Nobody would know of it.
            let _ = self.client.call(calls::results_upload_cancel(&o, &p, &begun.upload)).await;
            return Err(error.into());
        }
        let found = self.folder.look()?;
        let address = calls::results_upload_path(&o, &p, &begun.upload);
        send(&mut self.folder, &mut self.client, &address, found).await?;
        if !self.client.call(calls::results_upload_get(&o, &p, &begun.upload)).await?.changed {
            return Ok(write_down(&self.own(SENT), json(&self.folder.sent)?)?);
        }
        begun.sent = Some(self.folder.sent.clone());
        write_down(&self.own(UPLOAD), json(&begun)?)?;
        let said = CommitFiles { message: message.to_owned() };
        self.client.call(calls::results_upload_commit(&o, &p, &begun.upload, &said)).await.map(drop)
    }

    fn own(&self, name: &str) -> PathBuf {
        self.folder.root.join(OWN).join(name)
    }
}

fn json(value: &impl Serialize) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::other)
}

/// Nothing, if that was never written, or is none of ours: then all is sent, and what is there already changes nothing.
fn read_down<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Trouble> {
    match fs::read(path) {
        Ok(text) => Ok(serde_json::from_slice(&text).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
