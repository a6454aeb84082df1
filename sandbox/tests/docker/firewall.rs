//! T1: the host and private networks are closed to containers. The rules are the host's, and others on it
//! may set them at the same moment, so each claim is repeated until it holds.

use crate::{
    networks::network_of,
    world::{World, eventually, text},
};
use atelier_sandbox::{ContainerSpec, firewall::Allowed};
use std::process::Command;
use tokio::net::TcpListener;

fn rules(chain: &str) -> String {
    let output = Command::new("iptables").args(["-w", "5", "-S", chain]).output();
    let output = output.expect("these tests need iptables");
    assert!(output.status.success(), "these tests need root: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

async fn set(world: &World, allowed: &[Allowed]) {
    world.docker.set_firewall(&world.installation, &world.agent, allowed).await.unwrap();
}

#[tokio::test]
async fn the_host_answers_only_where_it_is_allowed() {
    let world = World::new().await;
    let network = network_of(&world).await;
    let spec = || ContainerSpec { network: Some(network.clone()), ..world.spec() };
    let name = world.start(&spec(), "sleep 60").await;
    let address = world.address(&name).await;
    let gateway = format!("{}.1", address.rsplit_once('.').unwrap().0);
    let host = TcpListener::bind((gateway.as_str(), 0)).await.unwrap();
    let port = host.local_addr().unwrap().port();
    tokio::spawn(async move { while host.accept().await.is_ok() {} });

    let reach = async || {
        let script = format!("exec 2>&1; nc -w 2 {gateway} {port} </dev/null; echo nc: $?");
        text(&world.run(&spec(), &script).await.1)
    };
    let allowed: Allowed = format!("{gateway}:{port}").parse().unwrap();
    eventually("the allowed port answers", || async {
        set(&world, &[allowed]).await;
        reach().await.contains("nc: 0").then_some(())
    })
    .await;
    eventually("the port is closed again", || async {
        set(&world, &[]).await;
        reach().await.contains("timed out").then_some(())
    })
    .await;
}

#[tokio::test]
async fn setting_it_again_changes_nothing() {
    let world = World::new().await;
    eventually("two settings give the same rules", || async {
        let all = || ["DOCKER-USER", "INPUT", "ATELIER-FORWARD", "ATELIER-INPUT"].map(rules);
        set(&world, &[]).await;
        let once = all();
        set(&world, &[]).await;
        (all() == once).then_some(())
    })
    .await;
    let hooks = |chain| rules(chain).lines().filter(|rule| rule.contains("ATELIER")).count();
    assert_eq!((hooks("DOCKER-USER"), hooks("INPUT")), (1, 1));
    let forward = rules("ATELIER-FORWARD");
    for range in
        ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4"]
    {
        assert!(forward.contains(&format!("-A ATELIER-FORWARD -d {range} -j DROP")), "{forward}");
    }
}

/// Set from a process in another network namespace: such is a server in a container.
#[tokio::test]
async fn a_platform_container_sets_it_where_this_process_cannot() {
    const INSIDE: &str = "ATELIER_TEST_OTHER_NETWORK";
    let mark = "198.51.100.7:4321";
    if std::env::var_os(INSIDE).is_some() {
        let world = World::new().await;
        set(&world, &[mark.parse().unwrap()]).await;
        return;
    }
    eventually("the platform container's rules are there", || async {
        let test = "firewall::a_platform_container_sets_it_where_this_process_cannot";
        let inside = Command::new("unshare")
            .arg("--net")
            .arg(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(INSIDE, "1")
            .output()
            .unwrap();
        assert!(inside.status.success(), "{}", String::from_utf8_lossy(&inside.stderr));
        rules("ATELIER-FORWARD").contains("-d 198.51.100.7/32 -p tcp").then_some(())
    })
    .await;
    set(&World::new().await, &[]).await;
}
