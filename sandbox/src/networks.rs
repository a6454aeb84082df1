//! A project's network: a small subnet of its own in which containers do not reach each other.

use crate::{Docker, Error, Result, docker::ask, spec::INSTALLATION};
use bollard::{
    models::{Ipam, IpamConfig, Network, NetworkCreateRequest},
    query_parameters::{
        InspectNetworkOptions, ListContainersOptionsBuilder, ListNetworksOptions, ListNetworksOptionsBuilder,
    },
};
use ipnet::Ipv4Net;
use std::{collections::HashMap, str::FromStr};

/// One project may hold all of a host's 200 sessions, and there are no more such networks than
/// workloads, so 253 addresses each is what fits the default pool.
const SUBNET_PREFIX: u8 = 24;
/// Another program may take the subnet that was just seen free; more collisions than this mean that
/// something else is wrong.
const ATTEMPTS: usize = 16;
/// The firewall knows the networks' bridges by this beginning.
pub(crate) const BRIDGE_PREFIX: &str = "atl";
const NAME_PREFIX: &str = "atelier-";

/// The addresses that networks are cut from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool(Ipv4Net);

impl Default for Pool {
    /// `10.213.0.0/16`
    fn default() -> Self {
        Self(Ipv4Net::new_assert(std::net::Ipv4Addr::new(10, 213, 0, 0), 16))
    }
}

impl FromStr for Pool {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match Ipv4Net::from_str(text) {
            Ok(net) if net.prefix_len() <= SUBNET_PREFIX => Ok(Self(net.trunc())),
            _ => Err(format!("{text:?} is no IPv4 range of at least /{SUBNET_PREFIX}, as 10.213.0.0/16 is")),
        }
    }
}

impl Pool {
    fn first_free(&self, taken: &[Ipv4Net]) -> Option<Ipv4Net> {
        let overlap = |a: &Ipv4Net, b: &Ipv4Net| a.contains(b) || b.contains(a);
        let mut subnets = self.0.subnets(SUBNET_PREFIX).ok()?;
        subnets.find(|subnet| !taken.iter().any(|other| overlap(subnet, other)))
    }
}

impl Docker {
    /// Makes the project's network unless it exists; returns its name.
    pub async fn ensure_network(&self, installation: &str, project: &str, pool: &Pool) -> Result<String> {
        let name = network_name(project);
        let _one_at_a_time = self.networks.lock().await;
        let mut refused = Vec::new();
        for _ in 0..ATTEMPTS {
            if self.network_exists(&name).await? {
                return Ok(name);
            }
            let networks = ask(self.api().await?.list_networks(None::<ListNetworksOptions>)).await?;
            let taken: Vec<_> = networks.iter().flat_map(subnets).chain(refused.clone()).collect();
            let subnet = pool.first_free(&taken).ok_or_else(|| {
                Error::Refused(format!("no subnet is free in {}; configure a larger pool", pool.0))
            })?;
            let request = network_request(&name, installation, project, subnet);
            match ask(self.api().await?.create_network(request)).await {
                Ok(_) => return Ok(name),
                // Taken meanwhile, or by something that Docker does not list, such as a route.
                Err(Error::Refused(cause)) if cause.contains("overlaps") => refused.push(subnet),
                // Another server was quicker: the bridge of this project exists.
                Err(Error::Conflict(_)) => {}
                Err(Error::Refused(cause)) if cause.contains("bridge name") => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Refused(format!("each subnet of {} that looked free was taken", pool.0)))
    }

    /// The projects that have a network.
    pub async fn networked_projects(&self, installation: &str) -> Result<Vec<String>> {
        let filters = HashMap::from([("label", vec![format!("{INSTALLATION}={installation}")])]);
        let options = ListNetworksOptionsBuilder::new().filters(&filters).build();
        let networks = ask(self.api().await?.list_networks(Some(options))).await?;
        let names = networks.into_iter().filter_map(|network| network.name);
        Ok(names.filter_map(|name| name.strip_prefix(NAME_PREFIX).map(str::to_owned)).collect())
    }

    /// Removes the project's network unless a container that has not ended belongs to it. Returns whether
    /// it is gone.
    pub async fn remove_network_if_empty(&self, project: &str) -> Result<bool> {
        let name = network_name(project);
        let _one_at_a_time = self.networks.lock().await;
        let not_ended = ["created", "running", "paused", "restarting"].map(str::to_owned).to_vec();
        let filters = HashMap::from([("network", vec![name.clone()]), ("status", not_ended)]);
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        if !ask(self.api().await?.list_containers(Some(options))).await?.is_empty() {
            return Ok(false);
        }
        match ask(self.api().await?.remove_network(&name)).await {
            Ok(()) | Err(Error::NotFound(_)) => Ok(true),
            Err(Error::Refused(cause)) if cause.contains("active endpoints") => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn network_exists(&self, name: &str) -> Result<bool> {
        match ask(self.api().await?.inspect_network(name, None::<InspectNetworkOptions>)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn network_name(project: &str) -> String {
    format!("{NAME_PREFIX}{project}")
}

/// Eight characters from the end of the project's id, where a UUIDv7 is random. Two networks cannot
/// share a bridge, so this is also what makes the network unique: Docker's names alone are not.
fn bridge_name(project: &str) -> String {
    let id: Vec<char> = project.chars().filter(char::is_ascii_alphanumeric).collect();
    let tail: String = id[id.len().saturating_sub(8)..].iter().collect();
    format!("{BRIDGE_PREFIX}{}", tail.to_ascii_lowercase())
}

fn subnets(network: &Network) -> Vec<Ipv4Net> {
    let configs = network.ipam.as_ref().and_then(|ipam| ipam.config.as_deref()).unwrap_or_default();
    configs.iter().filter_map(|config| config.subnet.as_deref()?.parse().ok()).collect()
}

fn network_request(name: &str, installation: &str, project: &str, subnet: Ipv4Net) -> NetworkCreateRequest {
    let option = |key: &str, value: &str| (format!("com.docker.network.{key}"), value.to_owned());
    NetworkCreateRequest {
        name: name.into(),
        driver: Some("bridge".into()),
        enable_ipv6: Some(false),
        ipam: Some(Ipam {
            config: Some(vec![IpamConfig { subnet: Some(subnet.to_string()), ..Default::default() }]),
            ..Default::default()
        }),
        options: Some(HashMap::from([
            option("bridge.name", &bridge_name(project)),
            option("bridge.enable_icc", "false"),
        ])),
        labels: Some(HashMap::from([(INSTALLATION.into(), installation.into())])),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_subnet_that_nothing_overlaps() {
        let pool: Pool = "10.9.0.0/22".parse().unwrap();
        let taken = ["10.9.0.128/28", "10.9.1.0/24", "172.17.0.0/16"].map(|net| net.parse().unwrap());
        assert_eq!(pool.first_free(&taken), Some("10.9.2.0/24".parse().unwrap()));
        assert_eq!(pool.first_free(&["10.0.0.0/8".parse().unwrap()]), None);
    }

    #[test]
    fn a_pool_holds_at_least_one_subnet() {
        assert!("10.0.0.0/28".parse::<Pool>().is_err());
        assert!("fd00::/8".parse::<Pool>().is_err());
        assert_eq!("10.213.7.9/16".parse(), Ok(Pool::default()));
    }

    #[test]
    fn the_bridge_fits_an_interface_name() {
        assert_eq!(bridge_name("0192f1c4-7b3e-7cc1-8a55-0242AC120002"), "atlac120002");
    }
}
