use super::Marks;
use super::plan::Plan;
use crate::format::condemned;
use crate::index::Spot;
use crate::objects::{Area, PackId};
use crate::session::packer::Packer;
use crate::session::squeeze::Squeezed;
use crate::store::plain;
use crate::{Result, Store};
use uuid::Uuid;

impl Store {
    /// Copies what is needed of packs that go. It is on disk and in the index after this.
    pub(super) async fn rewrite(&self, marks: &Marks, plan: &Plan) -> Result<()> {
        let goes = |pack: &PackId| plan.condemn.contains_key(pack) || plan.rescue.contains(pack);
        let needed =
            marks.view.all().enumerate().filter(|(number, spot)| marks.has(*number) && goes(&spot.pack));
        let mut needed: Vec<Spot> = needed.map(|(_, spot)| spot).collect();
        needed.sort_unstable_by_key(|spot| (spot.pack, spot.offset));
        let pinned = self.0.pins.add(Vec::new(), Vec::new());
        let packer = Packer::new(self.clone(), pinned);
        for spot in needed {
            let body = self.body(spot).await?;
            let checked = body.clone();
            // What is damaged must not be copied: it would look as good as new.
            tokio::task::spawn_blocking(move || plain(checked, &spot)).await??;
            packer.add(Squeezed { row: spot.row, body: Some(body) }).await?;
        }
        packer.finish().await
    }

    pub(super) async fn condemn(&self, plan: &Plan) -> Result<()> {
        if plan.condemn.is_empty() {
            return Ok(());
        }
        let packs: Vec<_> = plan.condemn.keys().copied().collect();
        let name = Uuid::now_v7().simple().to_string();
        self.0.objects.create(Area::Condemned, &name, condemned::encode(&packs).into()).await
    }
}
