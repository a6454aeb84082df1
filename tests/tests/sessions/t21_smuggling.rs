//! T21: what two readers may cut at different places does not reach a tool, through the proxy either.

use atelier_tests::Database;
use atelier_tests::smuggling::{BODIES, HEADS, SMUGGLED, send};
use atelier_tests::studio::Studio;

#[tokio::test]
async fn t21_the_proxy_passes_nothing_doubtful() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let session = studio.running().await;
    let browser = studio.browser(&session.id).await;
    let mut wrong = Vec::new();
    for lines in HEADS {
        let replies = send(&browser, "/echo", "1.1", lines).await?;
        if (replies.count(), replies.status()) != (1, Some(400)) {
            wrong.push(format!("{lines:?}: {}", String::from_utf8_lossy(&replies.0)));
        }
    }
    for body in BODIES {
        let replies = send(&browser, "/echo", "1.1", &format!("Transfer-Encoding: chunked||{body}")).await?;
        // The tool has seen a part and never an end.
        if replies.count() > 1 || replies.status() == Some(200) {
            wrong.push(format!("{body:?}: {}", String::from_utf8_lossy(&replies.0)));
        }
    }
    // A body before a socket would be the next request to one and the socket's to the other.
    let upgrade = "Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: x|";
    for body in ["Content-Length: 4||abcd", "Transfer-Encoding: chunked||0||"] {
        let replies = send(&browser, "/ws", "1.1", &format!("{upgrade}{body}")).await?;
        if (replies.count(), replies.status()) != (1, Some(400)) {
            wrong.push(format!("{body:?} and an upgrade: {}", String::from_utf8_lossy(&replies.0)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What is left of it all in the tool's connections disturbs nobody.
    let echo = browser.get("/headers").await;
    assert_eq!(echo.status, 200);
    assert!(!echo.text().contains(SMUGGLED), "{}", echo.text());
    Ok(())
}
