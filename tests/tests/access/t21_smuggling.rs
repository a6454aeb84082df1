//! T21: a request that two readers may cut at different places is refused, and what follows it is not read.

use atelier_tests::smuggling::{BODIES, HEADS, send};
use atelier_tests::{Database, World};

const PATH: &str = "/api/v1/sign-in";

#[tokio::test]
async fn t21_doubtful_heads_are_refused() -> anyhow::Result<()> {
    let world = World::new(Database::Sqlite).await?;
    let client = &world.acme.administrator.client;
    let mut wrong = Vec::new();
    for lines in HEADS {
        let replies = send(client, PATH, "1.1", lines).await?;
        if (replies.count(), replies.status()) != (1, Some(400)) {
            wrong.push(format!("{lines:?}: {}", String::from_utf8_lossy(&replies.0)));
        }
    }
    // HTTP/1.0 knows no chunks.
    let old = send(client, PATH, "1.0", "Transfer-Encoding: chunked||0||").await?;
    assert_eq!((old.count(), old.status()), (1, Some(400)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn t21_nothing_is_read_behind_a_doubtful_body() -> anyhow::Result<()> {
    let world = World::new(Database::Sqlite).await?;
    let client = &world.acme.administrator.client;
    for body in BODIES {
        let replies = send(client, PATH, "1.1", &format!("Transfer-Encoding: chunked||{body}")).await?;
        let text = String::from_utf8_lossy(&replies.0);
        assert!(replies.count() <= 1, "{body:?}: {text}");
        assert!(replies.status().is_none_or(|status| status == 400), "{body:?}: {text}");
    }
    Ok(())
}
