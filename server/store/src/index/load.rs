use super::{Run, View};
use crate::Result;
use crate::format::{condemned, segment};
use crate::objects::{Area, Objects, PackId};
use futures::{StreamExt, TryStreamExt};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// Objects that are read at once.
const AT_ONCE: usize = 16;
/// A collection that removes many segments takes a while: it is waited for, ten seconds in all.
const TRIES: u32 = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(10);

impl View {
    /// The view as the objects are now: what is known is kept, what is new is read.
    pub(crate) async fn refreshed(&self, objects: &Objects) -> Result<Self> {
        let mut tries = 0;
        loop {
            match self.read(objects).await {
                // Segments are merged and removed by others meanwhile.
                Err(error) if error.is_absent() && tries < TRIES => {
                    tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(tries)).await;
                    tries += 1;
                }
                result => return result,
            }
        }
    }

    async fn read(&self, objects: &Objects) -> Result<Self> {
        // Lists of the condemned first: packs are condemned before their chunks leave the index.
        let lists = self.lists(objects).await?;
        let names = names(objects, Area::Index).await?;
        let gone = self.segments.keys().any(|name| !names.contains(name));
        let known = if gone { Self::default() } else { self.clone() };
        let new: Vec<_> = names.into_iter().filter(|name| !known.segments.contains_key(name)).collect();
        let read = futures::stream::iter(new).map(|name| async move {
            let bytes = objects.get(Area::Index, &name).await?;
            let run = segment::decode(&bytes, &format!("index/{name}"))?;
            Ok::<_, crate::Error>((name, run))
        });
        let mut read: Vec<_> = read.buffer_unordered(AT_ONCE).try_collect().await?;
        let mut view = Self {
            condemned: lists.values().flat_map(|list| list.iter().copied()).collect(),
            lists,
            ..known
        };
        // The longest first, so that little is merged twice.
        read.sort_by_key(|(_, run)| std::cmp::Reverse(run.places.len()));
        for (name, run) in read {
            view.add(name, run);
        }
        Ok(view)
    }

    fn add(&mut self, name: String, run: Run) {
        self.segments.insert(name, run.packs.clone().into());
        self.push(Arc::new(run));
    }

    async fn lists(&self, objects: &Objects) -> Result<HashMap<String, Arc<[PackId]>>> {
        let mut lists = HashMap::new();
        for name in names(objects, Area::Condemned).await? {
            let list = match self.lists.get(&name) {
                Some(list) => list.clone(),
                None => match objects.get(Area::Condemned, &name).await {
                    Ok(bytes) => condemned::decode(&bytes, &format!("condemned/{name}"))?.into(),
                    // Its packs were removed meanwhile; the index no longer tells of them.
                    Err(error) if error.is_absent() => continue,
                    Err(error) => return Err(error),
                },
            };
            lists.insert(name, list);
        }
        Ok(lists)
    }
}

async fn names(objects: &Objects, area: Area) -> Result<HashSet<String>> {
    let listed = objects.list(area).await?;
    Ok(listed.into_iter().filter_map(|meta| meta.location.filename().map(str::to_owned)).collect())
}
