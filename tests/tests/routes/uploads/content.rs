//! The bytes of versions: whole, in ranges, as an archive, page by page.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::data::DataFolder;
use atelier_api::upload::{PutFile, PutFiles};
use atelier_tests::{Database, Depot, on_both_databases};
use std::process::Command;

on_both_databases!(
    ranges_and_tags_of_a_file,
    a_version_is_a_zip_file_that_others_read,
    a_folder_is_listed_in_parts,
);

async fn ranges_and_tags_of_a_file(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let bytes: Vec<u8> = (0..3_000_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
    depot.version(client, &[("a \"b\".csv", &bytes)]).await;
    let (o, p, d) = depot.place();
    let path = calls::dataset_content_path(o, p, d, "1", "a \"b\".csv");
    let ask = |headers: &[(&'static str, String)]| {
        let request = headers
            .iter()
            .fold(client.request("GET", &path), |request, (name, value)| request.header(*name, value));
        client.run::<()>(request)
    };
    let whole = ask(&[]).await;
    assert_eq!((whole.status.as_u16(), whole.body.len()), (200, bytes.len()));
    assert_eq!(whole.header("content-type"), "application/octet-stream");
    assert_eq!(whole.header("content-disposition"), "attachment; filename*=UTF-8''a%20%22b%22.csv");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let tag = whole.header("etag").to_owned();
    let name = depot.list(client, "1", &DataFolder::default()).await.good().items[0].content.clone();
    assert_eq!(tag, format!("\"{name}\""));

    for (range, from, to) in [("0-0", 0, 0), ("2999999-", 2_999_999, 2_999_999), ("-7", 2_999_993, 2_999_999)]
    {
        let part = ask(&[("range", format!("bytes={range}"))]).await;
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{to}/3000000"));
        assert_eq!(part.body, bytes[from..=to], "{range}");
    }
    let middle = ask(&[("range", "bytes=1000000-2000000".to_owned()), ("if-range", tag.clone())]).await;
    assert_eq!((middle.status.as_u16(), &middle.body[..]), (206, &bytes[1_000_000..=2_000_000]));
    let beyond = ask(&[("range", "bytes=3000000-".to_owned())]).await;
    assert_eq!((beyond.status.as_u16(), beyond.header("content-range")), (416, "bytes */3000000"));
    let known = ask(&[("if-none-match", tag)]).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));

    depot.content(client, "1", "absent").await.refused(404, "not-found");
    depot.content(client, "2", "a \"b\".csv").await.refused(404, "not-found");
    client.get(&path.replace("?path=", "?way=")).await.refused(400, "query");
    Ok(())
}

async fn a_version_is_a_zip_file_that_others_read(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good();
    let large = vec![b'l'; 6_000_000];
    depot.put(client, &upload.id, "deep/ü/large.bin", &large).await.good();
    depot.put(client, &upload.id, "deep/empty", b"").await.good();
    depot.put(client, &upload.id, "top.txt", b"text").await.good();
    let run = client.request("PUT", &format!("{}&executable=true", depot.file_path(&upload.id, "run.sh")));
    client.run::<serde_json::Value>(run.body("#!/bin/sh")).await.good();
    depot.commit(client, &upload.id, "").await.good();
    let (o, p, d) = depot.place();
    let whole = client.get(&calls::dataset_archive_path(o, p, d, "1", None)).await;
    assert_eq!(whole.header("content-type"), "application/zip");
    assert_eq!(whole.header("content-disposition"), "attachment; filename*=UTF-8''events.zip");
    let names = read_by_python(&whole.body, &large)?;
    assert_eq!(names, "deep/ deep/empty deep/ü/ deep/ü/large.bin run.sh:755 top.txt");
    let below = client.get(&calls::dataset_archive_path(o, p, d, "1", Some("deep"))).await;
    assert_eq!(below.header("content-disposition"), "attachment; filename*=UTF-8''deep.zip");
    assert_eq!(read_by_python(&below.body, &large)?, "empty ü/ ü/large.bin");
    client.get(&calls::dataset_archive_path(o, p, d, "1", Some("absent"))).await.refused(404, "not-found");
    client.get(&calls::dataset_archive_path(o, p, d, "1", Some("top.txt"))).await.refused(409, "path-taken");
    Ok(())
}

/// What another program finds in an archive after it has compared all checksums, and the large file's bytes.
fn read_by_python(archive: &[u8], large: &[u8]) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let [zip, expected] = ["a.zip", "large"].map(|name| folder.path().join(name));
    std::fs::write(&zip, archive)?;
    std::fs::write(&expected, large)?;
    let program = "import sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        name = next(n for n in z.namelist() if n.endswith('large.bin'))\n\
        assert z.read(name) == open(sys.argv[2], 'rb').read()\n\
        mode = lambda i: ':755' if i.external_attr >> 16 == 0o100755 else ''\n\
        sys.stdout.buffer.write(' '.join(i.filename + mode(i) for i in z.infolist()).encode())\n";
    let output = Command::new("python3").args(["-c", program]).args([&zip, &expected]).output();
    let output = output.context("python3 is part of the test machine")?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

async fn a_folder_is_listed_in_parts(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good();
    let name = |n: u32| format!("many/{n:04} é");
    let file = |n| PutFile { path: name(n), chunks: Vec::new(), executable: false };
    let files = PutFiles { remove: Vec::new(), put: (0..1_000).map(file).collect() };
    assert_eq!(depot.files(client, &upload.id, &files).await.good().files, 1_000);
    depot.commit(client, &upload.id, "").await.good();
    let (mut of, mut seen) = (DataFolder { path: Some("many".to_owned()), cursor: None }, Vec::new());
    loop {
        let page = depot.list(client, "1", &of).await.good();
        seen.extend(page.items.into_iter().map(|entry| format!("many/{}", entry.name)));
        of.cursor = page.next;
        if of.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..1_000).map(name).collect::<Vec<_>>());
    let wrong = DataFolder { path: None, cursor: Some("€".to_owned()) };
    depot.list(client, "1", &wrong).await.blames(&["cursor"]);
    let file = DataFolder { path: Some(name(1)), cursor: None };
    depot.list(client, "1", &file).await.refused(409, "path-taken");
    Ok(())
}
