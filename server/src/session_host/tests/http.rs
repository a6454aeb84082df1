use super::{Proxy, SOON, fill, head, proxy, rest};
use std::cell::Cell;
use std::rc::Rc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

const MIB: usize = 1 << 20;
/// Far more than the sockets and the proxy hold.
const BIG: usize = 64 * MIB;
/// What they may hold.
const HELD: usize = 24 * MIB;

const GET: &str = "GET /a%20b?c=%2F HTTP/1.1\r\nHost: s\r\n\r\n";

/// A tool that answers requests without a body for ever.
async fn answers(mut socket: UnixStream) {
    while head(&mut socket).await.starts_with("get") {
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
    }
}

async fn answer(proxy: &Proxy, request: &str) -> String {
    let mut browser = proxy.send(&request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await;
    String::from_utf8(rest(&mut browser).await).unwrap().to_lowercase()
}

#[actix_web::test]
async fn a_connection_is_kept_for_the_next_request() {
    let connections = Rc::new(Cell::new(0));
    let seen = connections.clone();
    let proxy = proxy(move |socket, number| {
        seen.set(number + 1);
        answers(socket)
    })
    .await;
    for _ in 0..5 {
        assert!(answer(&proxy, GET).await.ends_with("\r\n\r\nok"));
    }
    assert_eq!(connections.get(), 1);
}

/// The first connection answers once, then takes a request and ends.
async fn dies(mut socket: UnixStream, number: usize, seen: Rc<Cell<usize>>) {
    if number > 0 {
        seen.set(seen.get() + 1);
        return answers(socket).await;
    }
    head(&mut socket).await;
    socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
    head(&mut socket).await;
    seen.set(seen.get() + 1);
}

#[actix_web::test]
async fn a_kept_connection_that_dies_is_replaced_for_what_may_be_repeated() {
    for (request, answered, times) in [
        (GET, "200", 2),
        ("PUT /x HTTP/1.1\r\nHost: s\r\nContent-Length: 1\r\n\r\nx", "502", 1),
        ("POST /x HTTP/1.1\r\nHost: s\r\n\r\n", "502", 1),
    ] {
        let seen = Rc::new(Cell::new(0));
        let count = seen.clone();
        let proxy = proxy(move |socket, number| dies(socket, number, count.clone())).await;
        answer(&proxy, GET).await;
        let answer = answer(&proxy, request).await;
        assert!(answer.starts_with(&format!("http/1.1 {answered}")), "{request}: {answer}");
        assert_eq!(seen.get(), times, "{request}");
    }
}

#[actix_web::test]
async fn the_address_passes_as_it_is() {
    let proxy = proxy(|mut socket, _| async move {
        let head = head(&mut socket).await;
        let line = head.lines().next().unwrap();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{line}", line.len());
        socket.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    assert!(answer(&proxy, GET).await.ends_with("get /a%20b?c=%2f http/1.1"));
}

#[actix_web::test]
async fn answers_keep_their_form() {
    for (method, tool, expected) in [
        ("GET", "204 No Content\r\n\r\n", "204 no content|"),
        ("GET", "304 Not Modified\r\nETag: \"x\"\r\n\r\n", "304 not modified|"),
        ("HEAD", "200 OK\r\nContent-Length: 1000\r\n\r\n", "200 ok|content-length: 1000|"),
        ("GET", "200 OK\r\nContent-Length: 0\r\n\r\n", "200 ok|content-length: 0|"),
        (
            "GET",
            "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "200 ok|transfer-encoding: chunked|2\r\nok\r\n0\r\n\r\n",
        ),
        ("GET", "418 I'm a teapot\r\nContent-Length: 1\r\n\r\nx", "418 i'm a teapot|content-length: 1|x"),
    ] {
        let proxy = proxy(move |mut socket, _| async move {
            head(&mut socket).await;
            socket.write_all(format!("HTTP/1.1 {tool}").as_bytes()).await.unwrap();
            head(&mut socket).await;
        })
        .await;
        let answer = answer(&proxy, &format!("{method} / HTTP/1.1\r\nHost: s\r\n\r\n")).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let framing =
            |line: &&str| line.starts_with("content-length") || line.starts_with("transfer-encoding");
        let status = head.lines().next().unwrap().trim_start_matches("http/1.1 ");
        let framing: String = head.lines().filter(framing).map(|line| format!("{line}|")).collect();
        assert_eq!(format!("{status}|{framing}{body}"), expected);
    }
}

#[actix_web::test]
async fn an_upload_goes_no_faster_than_the_tool_and_arrives_whole() {
    let (go, wait) = tokio::sync::watch::channel(false);
    let proxy = proxy(move |mut socket, _| {
        let mut wait = wait.clone();
        async move {
            let head = head(&mut socket).await;
            assert!(head.contains(&format!("content-length: {BIG}")), "{head}");
            wait.wait_for(|go| *go).await.unwrap();
            let mut sum = 0;
            let mut read = 0;
            let mut buffer = vec![0; MIB];
            while read < BIG {
                let bytes = socket.read(&mut buffer).await.unwrap();
                assert!(bytes > 0, "ended after {read}");
                sum += buffer[..bytes].iter().map(|byte| u64::from(*byte)).sum::<u64>();
                read += bytes;
            }
            let text = sum.to_string();
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    })
    .await;
    let chunk = [7; 64 * 1024];
    let mut browser =
        proxy.send(&format!("PUT /x HTTP/1.1\r\nHost: s\r\nContent-Length: {BIG}\r\n\r\n")).await;
    let held = fill(&mut browser, &chunk, BIG).await;
    assert!(held < HELD, "{held} bytes were taken although the tool took none");
    go.send(true).unwrap();
    assert_eq!(held + fill(&mut browser, &chunk, BIG - held).await, BIG);
    assert!(head(&mut browser).await.starts_with("http/1.1 200"));
    let mut sum = vec![0; (BIG * 7).to_string().len()];
    timeout(SOON, browser.read_exact(&mut sum)).await.unwrap().unwrap();
    assert_eq!(sum, (BIG * 7).to_string().into_bytes());
}

#[actix_web::test]
async fn a_download_goes_no_faster_than_the_browser_and_arrives_whole() {
    let (told, mut held) = tokio::sync::mpsc::unbounded_channel();
    let proxy = proxy(move |mut socket, _| {
        let told = told.clone();
        async move {
            head(&mut socket).await;
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {BIG}\r\n\r\n");
            socket.write_all(answer.as_bytes()).await.unwrap();
            let chunk = [7; 64 * 1024];
            let taken = fill(&mut socket, &chunk, BIG).await;
            told.send(taken).unwrap();
            fill(&mut socket, &chunk, BIG - taken).await;
        }
    })
    .await;
    let mut browser = proxy.send(GET).await;
    let held = timeout(SOON, held.recv()).await.unwrap().unwrap();
    assert!(held < HELD, "{held} bytes were taken although the browser took none");
    assert!(head(&mut browser).await.contains(&format!("content-length: {BIG}")));
    let mut buffer = vec![0; MIB];
    for _ in 0..BIG / MIB {
        timeout(SOON, browser.read_exact(&mut buffer)).await.unwrap().unwrap();
        assert!(buffer.iter().all(|byte| *byte == 7));
    }
}

#[actix_web::test]
async fn an_upload_that_breaks_off_never_looks_whole() {
    for framing in ["Content-Length: 1000", "Transfer-Encoding: chunked"] {
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let proxy = proxy(move |mut socket, _| {
            let told = told.clone();
            async move {
                head(&mut socket).await;
                told.send(rest(&mut socket).await).unwrap();
            }
        })
        .await;
        let browser =
            proxy.send(&format!("POST /x HTTP/1.1\r\nHost: s\r\n{framing}\r\n\r\n5\r\nhello\r\n")).await;
        drop(browser);
        let heard = timeout(SOON, heard.recv()).await.unwrap().unwrap();
        assert!(heard.len() < 1000 && !heard.ends_with(b"0\r\n\r\n"), "{heard:?}");
    }
}

#[actix_web::test]
async fn an_answer_that_breaks_off_never_looks_whole() {
    for (framing, part) in
        [("Content-Length: 1000", "hello"), ("Transfer-Encoding: chunked", "5\r\nhello\r\n")]
    {
        let proxy = proxy(move |mut socket, _| async move {
            head(&mut socket).await;
            let answer = format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{part}");
            socket.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        let mut browser = proxy.send(GET).await;
        let answer = String::from_utf8(rest(&mut browser).await).unwrap();
        assert!(!answer.ends_with("0\r\n\r\n") && answer.len() < 1000, "{answer}");
    }
}

#[actix_web::test]
async fn a_tool_may_answer_before_it_has_read_all() {
    let proxy = proxy(|mut socket, _| async move {
        head(&mut socket).await;
        socket
            .write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge")
            .await
            .unwrap();
    })
    .await;
    let mut browser =
        proxy.send(&format!("POST /x HTTP/1.1\r\nHost: s\r\nContent-Length: {BIG}\r\n\r\n")).await;
    fill(&mut browser, &[0; 1000], 1000).await;
    assert!(head(&mut browser).await.starts_with("http/1.1 413"));
}

#[actix_web::test]
async fn what_two_could_read_differently_is_refused() {
    let reached = Rc::new(Cell::new(0));
    let count = reached.clone();
    let proxy = proxy(move |socket, _| {
        count.set(count.get() + 1);
        answers(socket)
    })
    .await;
    for framing in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: +5",
        "Content-Length: 5,5",
        "Content-Length: -1",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:\u{b}chunked",
        "X: a\r\n Transfer-Encoding: chunked",
        "Host: other",
    ] {
        let request = format!(
            "GET / HTTP/1.1\r\nHost: s\r\n{framing}\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: s\r\n\r\n"
        );
        let mut browser = proxy.send(&request).await;
        let head = head(&mut browser).await;
        assert!(head.starts_with("http/1.1 400"), "{framing}: {head}");
    }
    assert_eq!(reached.get(), 0);
}
