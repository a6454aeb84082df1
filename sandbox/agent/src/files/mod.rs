//! The person's copy of the project's files, `/work`: what changes in it goes to the person's draft, and what others
//! changed comes in.
//!
//! - [`folder`] finds what changed in a folder since it was sent. [`send`] cuts, hashes and sends it. Both know
//!   nothing of drafts: a [`Folder`](folder::Folder) and the address of any upload of the API are all that they need.
//! - [`take`] puts what others changed into the folder: never into a file that was changed since it was sent, nor
//!   one that some process has open.
//! - [`copy`] is the life of `/work`: at the start, every two minutes, when it is saved, at the end.
//! - [`results`] makes versions of what is in `/results`, when the copy is saved and at the end.
//!
//! Each of the two folders has a thread of its own, as nice as can be, which waits for nothing but the server. If the server is
//! away, or nothing may be written to the project's files, the folder stays as it is and it is tried again later.

mod client;
mod copy;
mod fetch;
mod folder;
mod held;
mod results;
mod rules;
mod send;
mod stamp;
mod take;
mod turn;

pub(crate) use results::Results;

use std::{path::PathBuf, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

/// What the copy is asked to do; it answers when that is done.
pub(crate) enum Ask {
    /// Send what changed. Answers why it could not, if it could not.
    Send(oneshot::Sender<Option<String>>),
    /// Take what others changed.
    Take,
    /// Send what changed and save it: nothing comes after this.
    Finish(oneshot::Sender<()>),
}

/// The thread that looks after the copy.
#[derive(Clone)]
pub(crate) struct Files(mpsc::Sender<Ask>);

impl Files {
    /// Begins to look after a folder. `filled` hears when a new one has its files, or something speaks against it.
    pub(crate) fn start(folder: PathBuf, filled: oneshot::Sender<()>) -> Files {
        let (sender, asks) = mpsc::channel(8);
        look_after("files", move || copy::keep(folder, asks, filled));
        Files(sender)
    }

    /// Sends what changed. Says why it could not.
    pub(crate) async fn send(&self) -> Option<String> {
        let (sender, done) = oneshot::channel();
        let asked = self.0.send(Ask::Send(sender)).await;
        let gone = || Some("nobody looks after the files".to_owned());
        if asked.is_err() { gone() } else { done.await.unwrap_or_else(|_| gone()) }
    }

    pub(crate) async fn take(&self) {
        let _ = self.0.send(Ask::Take).await;
    }

    /// Saves what there is, if that can be done in time. What could not be sent is still in the folder.
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

/// On a thread of its own, as nice as can be.
fn look_after<F: Future<Output = ()>>(name: &'static str, work: impl FnOnce() -> F + Send + 'static) {
    let looking = std::thread::Builder::new().name(name.into()).spawn(move || {
        // Niceness is a thread's own here. Whoever may not be nice looks all the same.
        let _ = rustix::process::nice(19);
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(work()),
            Err(error) => eprintln!("atelier-agent: nobody looks after the {name}: {error}"),
        }
    });
    if let Err(error) = looking {
        eprintln!("atelier-agent: nobody looks after the {name}: {error}");
    }
}
