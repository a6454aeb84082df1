//! T21: clients that keep the server waiting hold up nobody else, and not for long.

use atelier_api::calls;
use atelier_tests::{Client, Database, NO_DOCKER, Settings, TestServer, World, eventually};
use futures::future::join_all;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

/// Slow sockets, and the addresses that they come from: 127.0.1.1 and following.
const SLOW: usize = 5000;
const ADDRESSES: u8 = 10;
/// What others' requests take, but for one in a hundred.
const FIGURE: Duration = Duration::from_millis(500);
/// Others' requests in one reading, and readings. Whatever else the machine does may spoil one.
const REQUESTS: usize = 100;
const READINGS: usize = 5;
/// The server's longest patience with a request that does not come is 15 seconds; the machine may be busy.
const CUT: Duration = Duration::from_secs(60);

/// What a slow client has sent when it falls silent.
const BEGINNINGS: [&str; 4] = [
    "",
    "GET /api/v1/set",
    "GET /api/v1/setup HTTP/1.1\r\nHost: atelier.localhost\r\nX-Slow: ",
    "POST /api/v1/sign-in HTTP/1.1\r\nHost: atelier.localhost\r\nSec-Fetch-Site: same-origin\r\n\
     Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"email\":",
];

async fn connect(server: SocketAddr, from: [u8; 4], begin: &str) -> anyhow::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::from(from), 0).into())?;
    let mut stream = socket.connect(server).await?;
    stream.write_all(begin.as_bytes()).await?;
    Ok(stream)
}

/// So many slow clients at once, as the kernel lets them in.
async fn slow_clients(server: SocketAddr, begin: impl Fn(usize) -> String) -> anyhow::Result<Vec<TcpStream>> {
    let mut open = Vec::with_capacity(SLOW);
    for first in (0..SLOW).step_by(200) {
        let some = (first..first + 200).map(|n| {
            let begin = begin(n);
            async move {
                let from = u8::try_from(n % usize::from(ADDRESSES))?;
                connect(server, [127, 0, 1, 1 + from], &begin).await
            }
        });
        open.extend(join_all(some).await.into_iter().collect::<anyhow::Result<Vec<_>>>()?);
    }
    Ok(open)
}

/// Whether the server has closed the connection; what it said before is passed over.
fn ended(stream: &TcpStream) -> bool {
    let mut bytes = [0; 1024];
    loop {
        match stream.try_read(&mut bytes) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
        }
    }
}

/// What all but one in a hundred of somebody else's requests take, in the best reading.
async fn others(client: &Client) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..READINGS {
        let mut times = Vec::with_capacity(REQUESTS);
        for _ in 0..REQUESTS {
            let begun = Instant::now();
            client.send(calls::setup_get()).await.good();
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        best = best.min(times[REQUESTS * 99 / 100 - 1]);
        if best < FIGURE {
            break;
        }
    }
    best
}

#[tokio::test]
async fn t21_slow_clients_hold_up_nobody() -> anyhow::Result<()> {
    let world = World::new(Database::Sqlite).await?;
    let client = world.server.client();
    let begin = |n: usize| BEGINNINGS[n % BEGINNINGS.len()].to_owned();
    let slow = slow_clients(client.server(), begin).await?;
    let took = others(&client).await;
    assert!(took < FIGURE, "others wait {took:?} beside {SLOW} slow clients");
    let cut = || async { slow.iter().all(ended) };
    eventually("every slow client is cut", CUT, cut).await;
    client.send(calls::setup_get()).await.good();
    Ok(())
}

async fn with(setting: (&'static str, &str)) -> anyhow::Result<World> {
    let settings: &Settings = &[("DOCKER", NO_DOCKER.to_owned()), (setting.0, setting.1.to_owned())];
    World::on(TestServer::start_with(Database::Sqlite, settings).await?).await
}

#[tokio::test]
async fn t21_one_address_does_not_take_all_connections() -> anyhow::Result<()> {
    let world = with(("CONNECTIONS_PER_ADDRESS", "50")).await?;
    let server = world.server.client().server();
    let greedy = (0..80).map(|_| connect(server, [127, 0, 1, 1], ""));
    let greedy: Vec<_> = join_all(greedy).await.into_iter().collect::<anyhow::Result<_>>()?;
    let refused = || async { greedy.iter().filter(|stream| ended(stream)).count() >= 30 };
    eventually("the connections beyond the limit are closed", Duration::from_secs(5), refused).await;
    // The others stay, and others are served.
    assert!(greedy.iter().filter(|stream| !ended(stream)).count() > 0, "all were closed");
    world.server.client().send(calls::setup_get()).await.good();
    // Whoever goes makes place.
    drop(greedy);
    let again = || async {
        let Ok(mut stream) = connect(server, [127, 0, 1, 1], "").await else { return false };
        let asked = b"GET /healthz HTTP/1.1\r\nHost: atelier.localhost\r\n\r\n";
        let mut answer = [0; 12];
        stream.write_all(asked).await.is_ok()
            && tokio::io::AsyncReadExt::read_exact(&mut stream, &mut answer).await.is_ok()
            && answer == *b"HTTP/1.1 200"
    };
    eventually("the address is served again", CUT, again).await;
    Ok(())
}

/// Idle and half-begun second requests are waited for longer, as long as proxies want it.
#[tokio::test]
async fn long_t21_second_requests_are_not_waited_for() -> anyhow::Result<()> {
    let world = World::new(Database::Sqlite).await?;
    let client = world.server.client();
    let begin = |n: usize| {
        let first = "GET /api/v1/setup HTTP/1.1\r\nHost: atelier.localhost\r\n\r\n";
        format!("{first}{}", BEGINNINGS[n % BEGINNINGS.len()])
    };
    let mut slow = slow_clients(client.server(), begin).await?;
    let begun = Instant::now();
    let mut dripped = Instant::now();
    while !slow.iter().all(ended) {
        assert!(
            begun.elapsed() < 4 * CUT,
            "{} slow clients are left",
            slow.iter().filter(|s| !ended(s)).count()
        );
        let took = others(&client).await;
        assert!(took < FIGURE, "others wait {took:?} beside {SLOW} slow clients");
        if dripped.elapsed() > Duration::from_secs(5) {
            dripped = Instant::now();
            join_all(slow.iter_mut().map(|stream| stream.write_all(b"x"))).await;
        }
    }
    Ok(())
}
