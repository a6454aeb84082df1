//! T2: a project's network.

use crate::world::{PORT, World, eventually, text};
use atelier_sandbox::{ContainerSpec, Docker, Pool};
use bollard::query_parameters::InspectNetworkOptions;
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};

fn in_network(world: &World, network: &str) -> ContainerSpec {
    ContainerSpec { network: Some(network.into()), ..world.spec() }
}

pub(crate) async fn network_of(world: &World) -> String {
    let project = uuid::Uuid::now_v7().to_string();
    world.docker.ensure_network(&world.installation, &project, &Pool::default()).await.unwrap()
}

#[tokio::test]
async fn containers_of_one_network_do_not_reach_each_other() {
    let world = World::new().await;
    let network = network_of(&world).await;
    let spec = in_network(&world, &network);
    let listener = world.start(&spec, &format!("exec httpd -f -p {PORT} -h /tmp")).await;
    let address = world.address(&listener).await;
    eventually("the listener answers the host", || async {
        TcpStream::connect((address.as_str(), PORT)).await.ok()
    })
    .await;

    let script = format!(
        "exec 2>&1; nc -w 2 {address} {PORT} </dev/null; echo nc: $?; cat /proc/net/if_inet6 | grep -v ' lo$'"
    );
    let (_, lines) = world.run(&in_network(&world, &network), &script).await;
    assert!(text(&lines).contains("timed out"), "{lines:?}");
    assert_eq!(lines.last().unwrap().text, "nc: 1", "an IPv6 address: {lines:?}");
}

#[tokio::test]
async fn a_network_lives_as_long_as_it_has_containers() {
    let world = World::new().await;
    let project = uuid::Uuid::now_v7().to_string();
    let pool = Pool::default();
    let ensure = || world.docker.ensure_network(&world.installation, &project, &pool);
    let name = ensure().await.unwrap();
    assert_eq!(ensure().await.unwrap(), name);

    let created = world.docker.create(&in_network(&world, &name)).await.unwrap();
    assert_eq!(world.docker.remove_network_if_empty(&project).await, Ok(false));
    world.docker.remove(&created).await.unwrap();
    let running = world.start(&in_network(&world, &name), "sleep 60").await;
    assert_eq!(world.docker.remove_network_if_empty(&project).await, Ok(false));
    world.docker.remove(&running).await.unwrap();
    assert_eq!(world.docker.remove_network_if_empty(&project).await, Ok(true));
    assert_eq!(world.docker.remove_network_if_empty(&project).await, Ok(true));
}

#[tokio::test]
async fn two_servers_at_once_make_one_network() {
    let world = World::new().await;
    let other = Docker::connect("").unwrap();
    let project = uuid::Uuid::now_v7().to_string();
    let pool = Pool::default();
    let (one, two) = tokio::join!(
        world.docker.ensure_network(&world.installation, &project, &pool),
        other.ensure_network(&world.installation, &project, &pool),
    );
    assert_eq!(one, two);
    // An ambiguous name is an error.
    world.raw.inspect_network(&one.unwrap(), None::<InspectNetworkOptions>).await.unwrap();
}

#[tokio::test]
async fn many_networks_get_subnets_of_their_own() {
    let world = World::new().await;
    let networks = futures::future::join_all((0..5).map(|_| network_of(&world)));
    let networks = timeout(Duration::from_secs(30), networks).await.unwrap();
    let mut subnets = Vec::new();
    for name in networks {
        let network = world.raw.inspect_network(&name, None::<InspectNetworkOptions>).await.unwrap();
        assert!(network.options.unwrap()["com.docker.network.bridge.name"].starts_with("atl"));
        subnets
            .extend(network.ipam.unwrap().config.unwrap().into_iter().map(|config| config.subnet.unwrap()));
    }
    subnets.sort();
    subnets.dedup();
    assert_eq!(subnets.len(), 5);
}
