//! The test image: busybox, and one folder of the tools' user.

use atelier_sandbox::{Docker, ImageId};
use bollard::{body_full, query_parameters::CreateImageOptionsBuilder};
use futures::TryStreamExt;
use std::fs;
use tar::{Builder, EntryType, Header};

const REPOSITORY: &str = "atelier-test-busybox";
/// Changes with what is in the image.
const TAG: &str = "3";
const APPLETS: [&str; 25] = [
    "sh", "cat", "chmod", "cp", "dd", "echo", "grep", "head", "httpd", "id", "ls", "mkdir", "mount", "nc",
    "nslookup", "ps", "pwd", "rm", "seq", "sleep", "stat", "tail", "touch", "wget", "yes",
];

/// The first test to need it makes it.
pub(crate) async fn ensure(raw: &bollard::Docker, docker: &Docker) -> ImageId {
    let name = format!("{REPOSITORY}:{TAG}");
    let lock = fs::File::create(std::env::temp_dir().join(REPOSITORY)).unwrap();
    lock.lock().unwrap();
    if docker.image(&name).await.unwrap().is_none() {
        import(raw).await;
    }
    docker.image(&name).await.unwrap().unwrap()
}

async fn import(raw: &bollard::Docker) {
    let busybox = fs::read("/bin/busybox").expect("these tests need Debian's package busybox-static");
    let mut archive = Builder::new(Vec::new());
    archive.append_data(&mut header(EntryType::Regular, busybox.len(), 0), "bin/busybox", &*busybox).unwrap();
    for applet in APPLETS {
        archive
            .append_link(&mut header(EntryType::Symlink, 0, 0), format!("bin/{applet}"), "busybox")
            .unwrap();
    }
    archive.append_data(&mut header(EntryType::Directory, 0, 1000), "skel", &[][..]).unwrap();
    archive.append_data(&mut header(EntryType::Regular, 0, 1000), "skel/file", &[][..]).unwrap();
    let tar = body_full(archive.into_inner().unwrap().into());
    let options = CreateImageOptionsBuilder::new()
        .from_src("-")
        .repo(REPOSITORY)
        .tag(TAG)
        .changes(vec!["ENV PATH=/bin".into()])
        .build();
    raw.create_image(Some(options), Some(tar), None).try_collect::<Vec<_>>().await.unwrap();
}

fn header(kind: EntryType, size: usize, owner: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size as u64);
    header.set_mode(0o755);
    header.set_uid(owner);
    header.set_gid(owner);
    header
}
