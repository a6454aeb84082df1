//! The life of a person's copy of the project's files.
//!
//! Once it was sent, the draft is what is in the folder. Which of the two is right when a session begins, a file in
//! the folder says: if it names this draft, what is gone from the folder was removed by the person. If it does not
//! (the folder is new, or another one than the draft was made of), what the draft has and the folder has not comes
//! back, and nothing is taken for removed.

use super::{
    Ask,
    client::{Client, Place, Trouble},
    folder::{Folder, Sent},
    rules::OWN,
    send::{is_forgotten, send},
    take::{apply, bring_back},
    turn::{turn, write_down},
};
use atelier_api::{
    calls,
    draft::{DraftFile, SaveDraft, TakenPaths},
};
use atelier_chunk::ChunkId;
use std::{collections::HashMap, fs, path::PathBuf, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(120);
/// Before what had to be left, as it was open, is looked at again.
const SOON: Duration = Duration::from_secs(30);
/// Before it is tried again when the server is away, or another session of the person has its turn.
const AGAIN: Duration = Duration::from_secs(5);
/// Looks at once while the server asks for what it was sent before.
const TRIES: u32 = 4;

struct Work {
    folder: Folder,
    client: Client,
    place: Place,
    /// Whether the folder is known to be what the draft is of.
    begun: bool,
    /// Whether others may have changed something that has not come in.
    behind: bool,
}

/// Looks after the folder until nothing asks any more.
pub(super) async fn keep(root: PathBuf, mut asks: mpsc::Receiver<Ask>, filled: oneshot::Sender<()>) {
    let mut work = Work {
        folder: Folder::new(root),
        client: Client::default(),
        place: Place::default(),
        begun: false,
        behind: true,
    };
    let mut filled = Some(filled);
    if !work.folder.is_empty() {
        // It has its files; what changed comes in meanwhile.
        drop(filled.take());
    }
    let mut due = Instant::now();
    let mut told = String::new();
    loop {
        let ask = tokio::select! {
            () = sleep_until(due) => None,
            ask = asks.recv() => match ask {
                Some(ask) => Some(ask),
                None => return,
            },
        };
        let outcome = match &ask {
            None => work.looked().await,
            Some(Ask::Send(_)) => {
                work.folder.refused.clear();
                work.sent().await
            }
            Some(Ask::Take) => {
                // Somebody may have changed what the server takes.
                work.folder.refused.clear();
                work.behind = true;
                work.take().await
            }
            Some(Ask::Finish(_)) => work.saved().await,
        };
        drop(filled.take());
        let trouble = outcome.err().map(|trouble| trouble.to_string());
        if let Some(trouble) = trouble.as_ref().filter(|trouble| **trouble != told) {
            eprintln!("atelier-agent: the files of the project: {trouble}");
            told.clone_from(trouble);
        }
        due = Instant::now()
            + match trouble {
                Some(_) if !work.begun => AGAIN,
                None if work.behind => SOON,
                _ => EVERY,
            };
        match ask {
            Some(Ask::Send(done)) => drop(done.send(trouble)),
            Some(Ask::Finish(done)) => drop(done.send(())),
            Some(Ask::Take) | None => {}
        }
    }
}

impl Work {
    /// What is done every now and then.
    async fn looked(&mut self) -> Result<(), Trouble> {
        self.sent().await?;
        if self.behind { self.take().await } else { Ok(()) }
    }

    /// Sends what changed since it was sent.
    async fn sent(&mut self) -> Result<(), Trouble> {
        let _turn = turn(&self.folder.root).await?;
        for _ in 0..TRIES {
            match self.send_once().await {
                // The server was started anew and has forgotten what was sent to it before it was used.
                Err(Trouble::Refused { code, .. }) if is_forgotten(&code) => {}
                outcome => return outcome,
            }
        }
        Err(Trouble::Away("it asks for the same again and again".to_owned()))
    }

    async fn send_once(&mut self) -> Result<(), Trouble> {
        let (o, p) = self.place.get(&mut self.client).await?;
        let found = self.folder.look()?;
        if self.begun && found.is_empty() {
            return Ok(());
        }
        let draft = self.client.call(calls::files_draft_open(&o, &p)).await?;
        let address = calls::files_upload_path(&o, &p, &draft.id);
        if !self.begun {
            self.compare(&draft.id).await?;
        }
        let found = if self.begun { found } else { self.folder.look()? };
        self.begun = true;
        send(&mut self.folder, &mut self.client, &address, found).await.map(drop)
    }

    /// What the draft has is as good as sent.
    async fn compare(&mut self, draft: &str) -> Result<(), Trouble> {
        let (o, p) = self.place.get(&mut self.client).await?;
        let mut files = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.client.call(calls::files_draft_list(&o, &p, cursor.as_deref())).await?;
            files.extend(page.items);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        let mark = self.folder.root.join(OWN).join("draft");
        if fs::read_to_string(&mark).ok().as_deref() != Some(draft) {
            let absent = files.iter().filter(|file| self.folder.stamp(&file.path).is_none());
            let absent: Vec<DraftFile> = absent.cloned().collect();
            let address = |path: &str| calls::files_draft_content_path(&o, &p, path);
            self.folder.sent.clear();
            bring_back(&mut self.folder, &mut self.client, absent, &address).await?;
            // What could not come back was not removed by anybody.
            files.retain(|file| self.folder.stamp(&file.path).is_some());
            write_down(&mark, draft)?;
        }
        self.folder.sent = files.into_iter().filter_map(sent).collect();
        Ok(())
    }

    /// Takes what others changed, as far as it goes.
    async fn take(&mut self) -> Result<(), Trouble> {
        let _turn = turn(&self.folder.root).await?;
        let (o, p) = self.place.get(&mut self.client).await?;
        let (mut after, mut left) = (None, false);
        loop {
            let incoming = self.client.call(calls::files_draft_incoming(&o, &p, after.as_deref())).await?;
            let Some(version) = incoming.version else { break };
            let number = version.to_string();
            let address = |path: &str| calls::files_content_path(&o, &p, &number, path);
            let new: HashMap<String, DraftFile> = incoming
                .changes
                .iter()
                .filter_map(|change| Some((change.path.clone(), change.file.clone()?)))
                .collect();
            let applied = apply(&mut self.folder, &mut self.client, incoming.changes, &address).await?;
            left |= applied.left;
            let paths = applied.paths;
            if !paths.is_empty() {
                let taken = TakenPaths { version, paths: paths.clone() };
                self.client.call(calls::files_draft_taken(&o, &p, &taken)).await?;
                let taken = paths.into_iter().filter_map(|path| new.get(&path).cloned()).filter_map(sent);
                self.folder.sent.extend(taken);
            }
            match incoming.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        self.behind = left;
        Ok(())
    }

    /// Sends what changed and makes it a version.
    async fn saved(&mut self) -> Result<(), Trouble> {
        self.sent().await?;
        let (o, p) = self.place.get(&mut self.client).await?;
        self.client.call(calls::files_draft_save(&o, &p, &SaveDraft::default())).await.map(drop)
    }
}

/// A file of the draft, as if we had sent it; whether it is the one in the folder shows when that is read.
fn sent(file: DraftFile) -> Option<(String, Sent)> {
    let content: ChunkId = file.content.parse().ok()?;
    Some((file.path, Sent { stamp: None, content: *content.as_bytes(), executable: file.executable }))
}
