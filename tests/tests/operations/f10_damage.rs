//! A damaged database is named at the start, and a backup takes its place.

use atelier_tests::{Database, World, program};
use std::os::unix::fs::FileExt;

#[tokio::test]
async fn f10_a_damaged_database_is_named_and_replaced() -> anyhow::Result<()> {
    let mut world = World::new(Database::Sqlite).await?;
    let (data_dir, url) = (world.server.data_dir(), world.server.database.url.clone());
    let archive = data_dir.join("backup.tar").display().to_string();
    program::succeed(program::command(&["backup", &archive], &data_dir, &url)).await?;

    world.server.kill9()?;
    world.server.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
    let path = url.trim_start_matches("sqlite:").to_owned();
    let size = std::fs::metadata(&path)?.len();
    let file = std::fs::File::options().write(true).open(&path)?;
    for page in 2..size / 4096 {
        file.write_all_at(&[0xa5; 512], page * 4096)?;
    }
    let serve = program::command(&["serve", "--listen", "127.0.0.1:0"], &data_dir, &url);
    let output = program::run(serve).await?;
    let said = program::said(&output);
    anyhow::ensure!(!output.status.success(), "it served: {said}");
    anyhow::ensure!(said.contains(&path) && said.contains("is damaged"), "{said}");
    anyhow::ensure!(said.contains("atelier restore"), "it does not say what to do: {said}");

    for name in [path.clone(), format!("{path}-wal"), format!("{path}-shm")] {
        if std::fs::exists(&name)? {
            std::fs::rename(&name, format!("{name}.damaged"))?;
        }
    }
    program::succeed(program::command(&["restore", &archive], &data_dir, &url)).await?;
    world.server.restart().await?;
    world.server.client().sign_in(&world.acme.administrator.email).await.good();
    Ok(())
}
