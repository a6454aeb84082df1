use super::Backend;
use crate::{Error, Result};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode};
use uuid::Uuid;

impl Backend {
    /// Refuses an object store that overwrites where it was told not to, or does not give back what was put.
    /// Called once at the start of a program.
    pub async fn check(&self) -> Result<()> {
        let path = Path::from(format!("check/{}", Uuid::now_v7().simple()));
        let checked = self.probe(&path).await;
        let removed = self.objects.delete(&path).await;
        checked?;
        removed.map_err(|source| Error::backend(&path, source))
    }

    async fn probe(&self, path: &Path) -> Result<()> {
        let failed = |source| Error::backend(path, source);
        self.objects.put_opts(path, "first".into(), PutMode::Create.into()).await.map_err(failed)?;
        match self.objects.put_opts(path, "second".into(), PutMode::Create.into()).await {
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {}
            Err(source) => return Err(failed(source)),
            Ok(_) => {
                return Err(unfit(
                    "it ignores If-None-Match, so two servers could overwrite each other's data",
                ));
            }
        }
        let found = self.objects.get_range(path, 1..3).await.map_err(failed)?;
        if &found[..] != b"ir" {
            return Err(unfit("it does not give back what was put there"));
        }
        Ok(())
    }
}

fn unfit(reason: &str) -> Error {
    Error::Unfit(reason.to_owned())
}
