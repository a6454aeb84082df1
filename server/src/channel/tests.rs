use super::*;
use atelier_api::channel::{Activity, CONTROL, POOLED, SOCKET, WAKE};
use std::io::ErrorKind;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::time::{sleep, timeout};

/// Everything here happens at once or never.
const SOON: Duration = Duration::from_secs(10);

struct Fixture {
    channels: Channels,
    reports: mpsc::Receiver<Told>,
    _dir: tempfile::TempDir,
}

/// A workload `w` whose channel is open.
async fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let channels = Channels::new(dir.path().join("run"));
    channels.open("w").await.unwrap();
    Fixture { reports: channels.reports().unwrap(), channels, _dir: dir }
}

async fn dial(folder: &Path, purpose: u8) -> UnixStream {
    let mut socket = dial_raw(folder).await;
    socket.write_all(&[purpose]).await.unwrap();
    socket
}

async fn say(socket: &mut UnixStream, report: &Report) {
    let line = serde_json::to_string(report).unwrap() + "\n";
    socket.write_all(line.as_bytes()).await.unwrap();
}

/// A control connection that has introduced itself.
async fn control(fixture: &mut Fixture, generation: i64) -> UnixStream {
    let mut socket = dial(&fixture.channels.folder("w"), CONTROL).await;
    let hello = Report::Hello { generation, protocol: 1, port: None };
    say(&mut socket, &hello).await;
    assert_eq!(next(fixture).await, ("w".to_owned(), generation, hello));
    socket
}

async fn next(fixture: &mut Fixture) -> Told {
    timeout(SOON, fixture.reports.recv()).await.unwrap().unwrap()
}

/// The other end is gone: the end of the stream, or a reset because it left bytes unread.
async fn is_cut(socket: &mut UnixStream) -> bool {
    !matches!(timeout(SOON, socket.read(&mut [0])).await.unwrap(), Ok(1..))
}

async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(SOON, wait).await.unwrap();
}

#[tokio::test]
async fn only_the_container_and_we_get_at_the_socket() {
    let fixture = fixture().await;
    let folder = fixture.channels.folder("w");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.parent().unwrap()), 0o700);
    assert_eq!(mode(&folder), 0o755);
    assert_eq!(mode(&folder.join(SOCKET)), 0o666);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
}

#[tokio::test]
async fn a_data_folder_may_have_a_long_path() {
    let dir = tempfile::tempdir().unwrap();
    let channels = Channels::new(dir.path().join("long".repeat(50)).join("run"));
    channels.open("w").await.unwrap();
    let mut agent = dial(&channels.folder("w"), POOLED).await;
    channels.stream("w").await.unwrap();
    assert_eq!(agent.read_u8().await.unwrap(), WAKE);
}

#[tokio::test]
async fn reports_and_orders_pass() {
    let mut fixture = fixture().await;
    assert_eq!(fixture.channels.connected("w"), None);
    assert!(!fixture.channels.order("w", Order::Stop { grace_ms: 1, save_ms: 0 }));
    let mut agent = control(&mut fixture, 7).await;
    assert_eq!(fixture.channels.connected("w"), Some(7));

    let activity = Report::Activity(Activity { cpu_ns: 5, ..Activity::default() });
    say(&mut agent, &activity).await;
    assert_eq!(next(&mut fixture).await, ("w".to_owned(), 7, activity));

    assert!(fixture.channels.order("w", Order::Stop { grace_ms: 30, save_ms: 9 }));
    let mut line = String::new();
    timeout(SOON, BufReader::new(&mut agent).read_line(&mut line)).await.unwrap().unwrap();
    assert_eq!(serde_json::from_str::<Order>(&line).unwrap(), Order::Stop { grace_ms: 30, save_ms: 9 });

    drop(agent);
    until(|| fixture.channels.connected("w").is_none()).await;
}

#[tokio::test]
async fn the_newest_control_connection_counts() {
    let mut fixture = fixture().await;
    let mut first = control(&mut fixture, 1).await;
    let second = control(&mut fixture, 2).await;
    assert!(is_cut(&mut first).await);
    assert_eq!(fixture.channels.connected("w"), Some(2));
    drop(second);
    until(|| fixture.channels.connected("w").is_none()).await;
}

#[tokio::test]
async fn a_stream_carries_bytes_both_ways_and_half_closes() {
    let fixture = fixture().await;
    let mut agent = dial(&fixture.channels.folder("w"), POOLED).await;
    let mut stream = fixture.channels.stream("w").await.unwrap();
    stream.write_all(b"question").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut heard = Vec::new();
    agent.read_to_end(&mut heard).await.unwrap();
    assert_eq!(heard, b"Wquestion");
    agent.write_all(b"answer").await.unwrap();
    drop(agent);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer, "answer");
}

#[tokio::test]
async fn a_stream_waits_for_a_connection_and_passes_over_dead_ones() {
    let fixture = fixture().await;
    let folder = fixture.channels.folder("w");
    for _ in 0..3 {
        drop(dial(&folder, POOLED).await);
    }
    let mut talkative = dial(&folder, POOLED).await;
    talkative.write_all(b"unasked").await.unwrap();
    let taking = tokio::spawn({
        let channels = fixture.channels.clone();
        async move { channels.stream("w").await }
    });
    assert!(is_cut(&mut talkative).await);
    let mut agent = dial(&folder, POOLED).await;
    timeout(SOON, taking).await.unwrap().unwrap().unwrap();
    assert_eq!(agent.read_u8().await.unwrap(), WAKE);
}

#[tokio::test]
async fn without_an_agent_there_is_no_stream() {
    let fixture = fixture().await;
    assert_eq!(fixture.channels.stream("w").await.err(), Some(NoStream::Silent));
    assert_eq!(fixture.channels.stream("other").await.err(), Some(NoStream::Closed));
}

#[tokio::test]
async fn close_ends_everything_and_opening_anew_works() {
    let mut fixture = fixture().await;
    let folder = fixture.channels.folder("w");
    let mut agent = control(&mut fixture, 1).await;
    let mut pooled = dial(&folder, POOLED).await;
    let mut stream = fixture.channels.stream("w").await.unwrap();
    assert_eq!(pooled.read_u8().await.unwrap(), WAKE);
    fixture.channels.close("w");
    assert!(is_cut(&mut agent).await);
    assert!(timeout(SOON, stream.read(&mut [0])).await.unwrap().is_err());
    drop(stream);
    assert!(is_cut(&mut pooled).await);
    assert!(!folder.exists());
    fixture.channels.open("w").await.unwrap();
    control(&mut fixture, 2).await;
}

/// A folder stays mounted in its container, so the new socket must appear in the same folder.
#[tokio::test]
async fn a_new_server_takes_over_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    let former = Channels::new(run.clone());
    former.open("w").await.unwrap();
    let mounted = std::fs::File::open(former.folder("w")).unwrap();
    let channels = Channels::new(run);
    channels.open("w").await.unwrap();
    channels.open("w").await.unwrap();
    let path = format!("/proc/self/fd/{}/{SOCKET}", mounted.as_raw_fd());
    let mut agent = UnixStream::connect(path).await.unwrap();
    agent.write_all(&[POOLED]).await.unwrap();
    channels.stream("w").await.unwrap();
}

#[tokio::test]
async fn hostile_connections_are_dropped() {
    let mut fixture = fixture().await;
    let folder = fixture.channels.folder("w");
    let no_purpose = dial(&folder, b'X').await;
    let mut no_json = dial(&folder, CONTROL).await;
    no_json.write_all(b"{}\n").await.unwrap();
    let mut no_hello = dial(&folder, CONTROL).await;
    say(&mut no_hello, &Report::Ready).await;
    let mut no_text = dial(&folder, CONTROL).await;
    no_text.write_all(b"\xff\xfe\n").await.unwrap();
    for mut socket in [no_purpose, no_json, no_hello, no_text] {
        assert!(is_cut(&mut socket).await);
    }
    // An honest start does not help an endless line.
    let mut endless = control(&mut fixture, 1).await;
    let flood = vec![b'x'; 1024 * 1024];
    assert!(timeout(SOON, endless.write_all(&flood)).await.unwrap().is_err() || is_cut(&mut endless).await);
    // What it does not know it passes over.
    let mut later = control(&mut fixture, 2).await;
    later.write_all(b"{\"report\":\"of_a_later_version\"}\n").await.unwrap();
    say(&mut later, &Report::Ready).await;
    assert_eq!(next(&mut fixture).await.2, Report::Ready);
}

/// T1: whatever is said on the socket, it ends no more than its own connection.
#[tokio::test]
async fn t01_ten_thousand_mutated_frames_do_no_harm() {
    let mut fixture = fixture().await;
    let socket = fixture.channels.folder("w").join(SOCKET);
    let line = |report: Report| serde_json::to_string(&report).unwrap() + "\n";
    let hello = format!("C{}", line(Report::Hello { generation: 1, protocol: 1, port: None }));
    let frames = [
        [&hello, &line(Report::Activity(Activity::default())), &line(Report::Ready)]
            .map(String::as_str)
            .concat(),
        hello,
        "PW".to_owned(),
        "AGET /api/v1/workload HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
    ];
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for frame in frames.iter().cycle().take(10_000) {
        let mut frame = frame.clone().into_bytes();
        for _ in 0..=dice.below(4) {
            dice.mutate(&mut frame);
        }
        // A full queue is the system's way to slow us down.
        if let Ok(mut stream) = timeout(SOON, UnixStream::connect(&socket)).await.unwrap() {
            // Nobody need read to the end of what makes no sense.
            timeout(Duration::from_millis(20), stream.write_all(&frame)).await.ok();
        }
        while fixture.reports.try_recv().is_ok() {}
    }
    // What comes late of these is passed over; an honest agent is heard.
    let honest = Report::Hello { generation: 77_777, protocol: 1, port: None };
    let heard = async {
        loop {
            let mut agent = dial(&fixture.channels.folder("w"), CONTROL).await;
            say(&mut agent, &honest).await;
            while let Ok(Some(told)) = timeout(Duration::from_secs(1), fixture.reports.recv()).await {
                if told.2 == honest {
                    return agent;
                }
            }
        }
    };
    let _agent = timeout(3 * SOON, heard).await.expect("an honest agent gets through");
    assert_eq!(fixture.channels.connected("w"), Some(77_777));
}

/// Always the same throws, so that a failure can be seen again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn mutate(&mut self, frame: &mut Vec<u8>) {
        let (at, byte) = (self.below(frame.len()), u8::try_from(self.below(256)).unwrap());
        match self.below(6) {
            0 if at < frame.len() => frame[at] ^= byte,
            1 => frame.truncate(at),
            2 => frame.insert(at, byte),
            3 => frame.extend_from_within(at..),
            4 => frame.splice(at..at, std::iter::repeat_n(byte, 1 << self.below(19))).for_each(drop),
            _ => frame.splice(at..at, *b"-9223372036854775809").for_each(drop),
        }
    }
}

/// Connections that say nothing, connections that pretend to wait and a flood of reports: another
/// workload's agent gets through.
#[tokio::test]
async fn one_workload_does_not_hold_up_another() {
    let mut fixture = fixture().await;
    let folder = fixture.channels.folder("w");
    let mut held = Vec::new();
    for n in 0..600 {
        let purpose = if n % 2 == 0 { POOLED } else { CONTROL };
        let path = folder.join(SOCKET);
        let dialled = timeout(Duration::from_millis(50), UnixStream::connect(path)).await;
        let Ok(Ok(mut socket)) = dialled else { break };
        socket.write_all(&[purpose]).await.unwrap();
        held.push(socket);
    }
    fixture.channels.open("other").await.unwrap();
    let mut agent = dial(&fixture.channels.folder("other"), CONTROL).await;
    say(&mut agent, &Report::Hello { generation: 1, protocol: 1, port: None }).await;
    assert_eq!(next(&mut fixture).await.0, "other");
    let mut pooled = dial(&fixture.channels.folder("other"), POOLED).await;
    fixture.channels.stream("other").await.unwrap();
    assert_eq!(pooled.read_u8().await.unwrap(), WAKE);
}

#[tokio::test]
async fn interactions_are_noted_with_their_time() {
    let fixture = fixture().await;
    assert_eq!(fixture.channels.last_interaction("w"), None);
    let before = crate::db::now();
    fixture.channels.interaction("w");
    assert!(fixture.channels.last_interaction("w").is_some_and(|at| at >= before));
    fixture.channels.interaction("unknown");
    assert_eq!(fixture.channels.last_interaction("unknown"), None);
}

/// What a hostile container sends on its socket: whatever it is, an honest agent is heard afterwards.
async fn survives_anything(how_long: Duration) {
    let mut fixture = fixture().await;
    let folder = fixture.channels.folder("w");
    let examples: [&[u8]; 6] = [
        b"C{\"report\":\"hello\",\"generation\":1,\"protocol\":1}\n",
        b"C{\"report\":\"hello\",\"generation\":1,\"protocol\":1}\n{\"report\":\"ready\"}\n",
        b"P",
        b"PGET / HTTP/1.1\r\n\r\n",
        b"A",
        b"C\xff\xfe\n\n\n{}\n[[[[[[",
    ];
    let begun = std::time::Instant::now();
    for input in crate::fuzz::inputs(&examples).take_while(|_| begun.elapsed() < how_long) {
        let mut socket = dial_raw(&folder).await;
        // It may be cut off in the middle.
        socket.write_all(&input).await.ok();
        drop(socket);
        while fixture.reports.try_recv().is_ok() {}
    }
    let agent = async {
        loop {
            let mut socket = dial(&folder, CONTROL).await;
            say(&mut socket, &Report::Hello { generation: 77, protocol: 1, port: None }).await;
            while let Ok(Some(told)) = timeout(SOON / 10, fixture.reports.recv()).await {
                if told.1 == 77 {
                    return;
                }
            }
        }
    };
    timeout(SOON * 3, agent).await.unwrap();
}

async fn dial_raw(folder: &Path) -> UnixStream {
    let opened = std::fs::File::open(folder).unwrap();
    let short = format!("/proc/self/fd/{}/{SOCKET}", opened.as_raw_fd());
    loop {
        match UnixStream::connect(&short).await {
            // More connections wait than fit: the server takes them no faster than it wants to.
            Err(error) if error.kind() == ErrorKind::WouldBlock => sleep(Duration::from_millis(5)).await,
            connected => return connected.unwrap(),
        }
    }
}

#[tokio::test]
async fn fuzz_channel() {
    survives_anything(crate::fuzz::SHORT).await;
}

#[tokio::test]
async fn long_fuzz_channel() {
    survives_anything(crate::fuzz::LONG).await;
}
