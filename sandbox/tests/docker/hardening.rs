//! T3: what a container may do, as Docker has it and as it looks from inside.

use crate::{
    images,
    world::{World, text},
};
use atelier_sandbox::{Pool, VolumeMount};
use bollard::{models::ContainerInspectResponse, query_parameters::InspectContainerOptions};
use serde_json::{Value, json};

/// Fields that differ between hosts and engines and are not asked for by us.
const ENGINES_OWN: [&str; 4] = ["MaskedPaths", "ReadonlyPaths", "ConsoleSize", "ContainerIDFile"];

#[tokio::test]
async fn dockers_view_is_the_golden_one() {
    let world = World::new().await;
    let mut spec = world.spec();
    spec.identity.workload = "0192f1c4-0000-7000-8000-000000000001".into();
    spec.volumes = vec![
        VolumeMount {
            volume: format!("{}-home", world.installation),
            target: "/home/user".into(),
            read_only: false,
        },
        VolumeMount {
            volume: format!("{}-data", world.installation),
            target: "/data".into(),
            read_only: true,
        },
    ];
    // The name is fixed for the golden file, so a container of it may be left of a test that was killed.
    world.docker.remove(&spec.identity.container_name()).await.unwrap();
    for volume in &spec.volumes {
        world.docker.ensure_volume(&world.installation, &volume.volume).await.unwrap();
    }
    let name = world.docker.create(&spec).await.unwrap();
    let seen = world.raw.inspect_container(&name, None::<InspectContainerOptions>).await.unwrap();
    let view = serde_json::to_string(&view(seen)).unwrap();
    let view = [
        (world.installation.as_str(), "INSTALLATION"),
        (world.agent.to_str().unwrap(), "AGENT"),
        (world.channel.path().to_str().unwrap(), "CHANNEL"),
        (world.image.0.as_str(), "IMAGE"),
    ]
    .iter()
    .fold(view, |view, (own, general)| view.replace(own, general));
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_json_snapshot!("inspect_session", serde_json::from_str::<Value>(&view).unwrap());
    });
}

/// A step of a build while it runs, seen by Docker and from inside.
#[tokio::test]
async fn a_builds_step_is_in_the_same_cage() {
    let world = World::new().await;
    let network = world
        .docker
        .ensure_network(&world.installation, &uuid::Uuid::now_v7().to_string(), &Pool::default())
        .await;
    let dockerfile = "FROM BASE
USER 0
RUN exec 2>&1; grep -E '^(Cap(Eff|Prm|Inh|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status; \\
    mount -t tmpfs none /tmp; ls /var/run/docker.sock; echo begun; exec sleep 60
";
    let mut build = images::build(&world, dockerfile, &[], &[]);
    build.identity.workload = "build-golden".into();
    build.network = Some(network.unwrap());
    let name = format!("{}-1", build.identity.container_name());
    world.docker.remove(&name).await.unwrap();
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let docker = world.docker.clone();
    let network = build.network.clone().unwrap();
    let building =
        tokio::spawn(async move { docker.build(build, |line| drop(told.send(line.to_owned()))).await });
    let mut log = String::new();
    while !log.ends_with("begun\n") {
        log.push_str(&format!("{}\n", heard.recv().await.unwrap()));
    }
    let seen = world.raw.inspect_container(&name, None::<InspectContainerOptions>).await.unwrap();
    let view = serde_json::to_string(&view(seen)).unwrap();
    building.abort();
    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, SETGID, SETUID: bits 0, 1, 3, 4, 6 and 7.
    for expected in [
        "CapEff:\t00000000000000db",
        "CapPrm:\t00000000000000db",
        "CapBnd:\t00000000000000db",
        "CapAmb:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
        "mount: permission denied",
        "/var/run/docker.sock: No such file",
    ] {
        assert!(log.contains(expected), "{expected:?} is not in\n{log}");
    }
    let own = [(&world.installation, "INSTALLATION"), (&world.image.0, "IMAGE"), (&network, "NETWORK")];
    let view = own.iter().fold(view, |view, (own, general)| view.replace(own.as_str(), general));
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_json_snapshot!("inspect_build", serde_json::from_str::<Value>(&view).unwrap());
    });
}

fn view(seen: ContainerInspectResponse) -> Value {
    let mut host = serde_json::to_value(seen.host_config).unwrap();
    let fields = host.as_object_mut().unwrap();
    fields.retain(|name, value| !value.is_null() && !ENGINES_OWN.contains(&name.as_str()));
    let config = seen.config.unwrap();
    json!({
        "HostConfig": host,
        "Name": seen.name,
        "Image": config.image,
        "User": config.user,
        "Entrypoint": config.entrypoint,
        "Cmd": config.cmd,
        "Env": config.env,
        "Labels": config.labels,
        "OpenStdin": config.open_stdin,
        "StdinOnce": config.stdin_once,
        "Tty": config.tty,
    })
}

#[tokio::test]
async fn from_inside_there_is_nothing_to_gain() {
    let world = World::new().await;
    let script = "exec 2>&1
        id -u; id -g
        grep -E '^(Cap(Eff|Prm|Inh|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status
        touch /root-file; touch /run/atelier/x; touch /opt/atelier/agent
        mount -t tmpfs none /tmp
        echo tmp > /tmp/x && cat /tmp/x
        echo '#!/bin/sh' > /tmp/run && echo 'echo executable' >> /tmp/run && chmod +x /tmp/run && /tmp/run
        echo run > /run/x && cat /run/x
        ls /sys/class/net
        ls /var/run/docker.sock";
    let (_, lines) = world.run(&world.spec(), script).await;
    let log = text(&lines);
    for expected in [
        "1000\n1000\n",
        "CapEff:\t0000000000000000",
        "CapPrm:\t0000000000000000",
        "CapInh:\t0000000000000000",
        "CapBnd:\t0000000000000000",
        "CapAmb:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
        "/root-file: Read-only file system",
        "/run/atelier/x: Read-only file system",
        "/opt/atelier/agent: Read-only file system",
        "mount: permission denied",
        "tmp\n",
        "executable\n",
        "run\n",
        "\nlo\n",
        "/var/run/docker.sock: No such file",
    ] {
        assert!(format!("{log}\n").contains(expected), "{expected:?} is not in\n{log}");
    }
    assert!(!log.contains("eth0"), "{log}");
}
