//! T1 and T2: a hostile container looks for the host, for what the host can reach, and for its neighbours.
//! Nobody answers it. All of it happens in a network of the test's own.

use anyhow::Context;
use atelier_api::session::Session;
use atelier_tests::studio::{Studio, container};
use atelier_tests::{Database, OwnHost, TestServer, docker, namespace};
use std::io::Write;
use std::net::{IpAddr, Ipv6Addr, TcpListener, TcpStream};
use std::ops::RangeInclusive;
use std::sync::mpsc;

/// Tries ports of an address, five hundred at a time, and prints each that answers: `open` or `refused`.
/// Silence prints nothing; that an address cannot be reached at all is as good.
const SWEEP: &str = r#"
use Socket; use Fcntl;
my ($address, $from, $until) = @ARGV;
my $six = $address =~ /:/;
for (my $first = $from; $first <= $until; $first += 500) {
    my ($last, $bits, %tried) = ($first + 499 < $until ? $first + 499 : $until, '');
    for my $port ($first .. $last) {
        socket my $try, $six ? AF_INET6 : AF_INET, SOCK_STREAM, 0 or next;
        fcntl $try, F_SETFL, O_NONBLOCK;
        my $to = $six ? Socket::pack_sockaddr_in6($port, Socket::inet_pton(AF_INET6, $address))
                      : Socket::pack_sockaddr_in($port, Socket::inet_aton($address));
        # 115: on its way.
        connect $try, $to or $! == 115 or next;
        $tried{fileno $try} = [$port, $try];
        vec($bits, fileno $try, 1) = 1;
    }
    my $end = time + 2;
    while (%tried && time < $end) {
        my $ready = $bits;
        last unless select undef, $ready, undef, 0.4;
        for (keys %tried) {
            next unless vec $ready, $_, 1;
            my ($port, $try) = @{delete $tried{$_}};
            vec($bits, $_, 1) = 0;
            my $error = unpack 'i', getsockopt $try, SOL_SOCKET, SO_ERROR;
            print "$address $port open\n" if $error == 0;
            print "$address $port refused\n" if $error == 111;
        }
    }
}
print "swept\n";
"#;

/// Answers everybody who connects to it, for ten minutes.
const LISTEN: &str = r#"
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => 9999, Listen => 5) or die;
alarm 600;
exit if fork;
close STDOUT; close STDERR;
while (my $client = $server->accept) { print $client "hello\n"; close $client }
"#;

/// The addresses that the host has here beside its bridges: the metadata service's, a private one, and one of
/// the other protocol.
const METADATA: &str = "169.254.169.254";
const PRIVATE: &str = "10.99.0.1";
const PRIVATE_6: &str = "fd00:99::1";
/// Of another machine in the host's private network, and the host's own there.
const OTHER: &str = "10.98.0.2";
const BESIDE_OTHER: &str = "10.98.0.1";

#[tokio::test]
async fn t01_nobody_answers_a_hostile_container() -> anyhow::Result<()> {
    sweep_of_the_host(1..=1024).await
}

#[tokio::test]
async fn long_t01_nobody_answers_a_hostile_container_on_any_port() -> anyhow::Result<()> {
    sweep_of_the_host(1..=65_535).await
}

async fn sweep_of_the_host(ports: RangeInclusive<u16>) -> anyhow::Result<()> {
    let mut host = OwnHost::start(false).await?;
    namespace::ip(&["link", "add", "outside", "type", "bridge"])?;
    namespace::ip(&["link", "set", "outside", "up"])?;
    for address in [METADATA, PRIVATE] {
        namespace::ip(&["address", "add", address, "dev", "outside"])?;
    }
    namespace::ip(&["address", "add", PRIVATE_6, "dev", "outside", "nodad"])?;
    let listening = answer(TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0))?)?;
    let other = answer(other_machine()?)?;
    let studio = on(&host).await?;
    for restarted in [false, true] {
        if restarted {
            host.signal_daemon("TERM")?;
            host.daemon_ends().await;
            host.start_daemon().await?;
        }
        let session = studio.running().await;
        let gateway = gateway(&studio, &session).await?;
        let targets = [gateway.as_str(), METADATA, PRIVATE, PRIVATE_6, "172.17.0.1"];
        for (target, port) in targets.map(|target| (target, listening)).into_iter().chain([(OTHER, other)]) {
            // The host itself reaches what listens there, so silence is the firewall's.
            let address: IpAddr = target.parse()?;
            TcpStream::connect((address, port)).with_context(|| format!("{target}: nobody"))?;
            for range in [ports.clone(), port..=port, studio.world.server.port()..=studio.world.server.port()]
            {
                let heard = sweep(&studio, &session, target, &range).await?;
                assert_eq!(heard, "swept\n", "restarted: {restarted}");
            }
        }
        studio.stopped(&session.id).await;
    }
    Ok(())
}

#[tokio::test]
async fn t02_no_neighbour_answers() -> anyhow::Result<()> {
    let host = OwnHost::start(false).await?;
    let mut studio = on(&host).await?;
    let target = studio.running().await;
    let beside = studio.running().await;
    let ours = studio.project.clone();
    studio.project = studio.world.acme.project(&studio.owner, "Another").await;
    let stranger = studio.running().await;

    perl(&studio, &target, LISTEN, &[]).await?;
    let seen = docker::inspect(&studio.docker, &container(&target)).await?;
    let id = seen.id.clone().unwrap_or_default();
    let networks = seen.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let network = networks.values().next().context("no network")?;
    let address = network.ip_address.clone().context("no address")?;
    let port = 9999..=9999;
    // It answers itself, so silence is what keeps others off.
    assert_eq!(sweep(&studio, &target, &address, &port).await?, format!("{address} 9999 open\nswept\n"));

    for from in [&beside, &stranger] {
        for ports in [1..=1024, 8888..=8888, port.clone()] {
            assert_eq!(sweep(&studio, from, &address, &ports).await?, "swept\n");
        }
    }
    // To a stranger it has no name, and nobody has an address of the other protocol.
    for name in [container(&target), id.chars().take(12).collect(), id] {
        let resolved = studio.run(&stranger, &format!("timeout 3 getent hosts {name}; echo asked")).await?;
        assert_eq!(resolved, "asked\n", "{name}");
    }
    for session in [&target, &beside, &stranger] {
        assert_eq!(
            studio.run(session, "cat /proc/net/if_inet6 | grep -v ' lo$'; echo asked").await?,
            "asked\n"
        );
    }
    // The stranger's cookie, on the other's host.
    let (theirs, own) = (studio.browser(&stranger.id).await, {
        studio.project = ours;
        studio.browser(&target.id).await
    });
    let spoofed = own.on_host(own.host());
    spoofed.set_cookie(theirs.cookie());
    let answer = spoofed.get("/api").await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    assert!(!answer.text().contains("version"), "{}", answer.text());
    Ok(())
}

async fn on(host: &OwnHost) -> anyhow::Result<Studio> {
    let mut settings = vec![Studio::environments()?];
    settings.push(("DOCKER", host.address()));
    Studio::on(TestServer::start_with(Database::Sqlite, &settings).await?).await
}

/// Another machine, in a network with the host's: what listens there.
fn other_machine() -> anyhow::Result<TcpListener> {
    let (told, tell) = mpsc::channel();
    let (go, gone) = mpsc::channel::<()>();
    let other = std::thread::spawn(move || {
        namespace::enter()?;
        told.send(rustix::thread::gettid().as_raw_nonzero().to_string())?;
        gone.recv()?;
        namespace::ip(&["address", "add", &format!("{OTHER}/24"), "dev", "home"])?;
        namespace::ip(&["link", "set", "home", "up"])?;
        // The listener keeps the network, after this thread.
        anyhow::Ok(TcpListener::bind((OTHER, 0))?)
    });
    if let Ok(thread) = tell.recv() {
        namespace::ip(&["link", "add", "beside", "type", "veth", "peer", "name", "home", "netns", &thread])?;
        namespace::ip(&["address", "add", &format!("{BESIDE_OTHER}/24"), "dev", "beside"])?;
        namespace::ip(&["link", "set", "beside", "up"])?;
        go.send(())?;
    }
    other.join().map_err(|_| anyhow::anyhow!("the other machine's thread panicked"))?
}

/// Answers everybody; gives the port.
fn answer(listener: TcpListener) -> anyhow::Result<u16> {
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            client.write_all(b"hello\n").ok();
        }
    });
    Ok(port)
}

async fn gateway(studio: &Studio, session: &Session) -> anyhow::Result<String> {
    let settings = docker::inspect(&studio.docker, &container(session)).await?.network_settings;
    let networks = settings.and_then(|settings| settings.networks).context("no network")?;
    networks.into_values().find_map(|network| network.gateway).context("no gateway")
}

async fn sweep(
    studio: &Studio,
    from: &Session,
    address: &str,
    ports: &RangeInclusive<u16>,
) -> anyhow::Result<String> {
    let (first, last) = (ports.start().to_string(), ports.end().to_string());
    perl(studio, from, SWEEP, &[address, &first, &last]).await
}

/// Runs a program in a session's container; gives what it prints.
async fn perl(studio: &Studio, at: &Session, program: &str, words: &[&str]) -> anyhow::Result<String> {
    let command = format!("perl - {} <<'PROGRAM'\n{program}\nPROGRAM", words.join(" "));
    studio.run(at, &command).await
}
