//! Whose request it is, with proxies in between or not.

use crate::config::Network;
use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The client's address: whoever spoke last to the proxies that are trusted. What other peers say about
/// where they come from is not heard.
pub fn address(peer: Option<SocketAddr>, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let peer = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip().to_canonical());
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if is_trusted(peer) { forwarded(headers, is_trusted).unwrap_or(peer) } else { peer }
}

/// Each proxy adds whom it heard at the right: the first from there that is no proxy of ours is the client.
/// If all are, the client is one of them, and stands leftmost. `None` if what is read on the way is no
/// address.
fn forwarded(headers: &HeaderMap, is_trusted: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let mut client = None;
    let lines: Vec<_> = headers.get_all(X_FORWARDED_FOR).collect();
    for line in lines.into_iter().rev() {
        for entry in line.to_str().ok()?.rsplit(',') {
            let address = parse(entry.trim())?;
            client = Some(address);
            if !is_trusted(address) {
                return client;
            }
        }
    }
    client
}

/// Some proxies add the port.
fn parse(entry: &str) -> Option<IpAddr> {
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    entry.parse().ok().or_else(with_port).or_else(bracketed).map(|address: IpAddr| address.to_canonical())
}

/// The smallest network that one customer of a provider has: an IPv4 address, the first half of an IPv6 one.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn seen(peer: &str, lines: &[&'static str]) -> String {
        let trusted: Vec<Network> =
            ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"].iter().map(|text| text.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_static(line));
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 4711);
        address(Some(peer), &headers, &trusted).to_string()
    }

    #[test]
    fn trusted_proxies_are_believed() {
        assert_eq!(seen("127.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(seen("::ffff:127.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(seen("127.0.0.1", &["192.0.2.7:50123"]), "192.0.2.7");
        assert_eq!(seen("127.0.0.1", &["[2001:4::7]:50123"]), "2001:4::7");
        assert_eq!(seen("127.0.0.1", &["[2001:4::7]"]), "2001:4::7");
        assert_eq!(seen("127.0.0.1", &["192.0.2.7, 10.1.1.1"]), "192.0.2.7");
        assert_eq!(seen("127.0.0.1", &["192.0.2.7", "10.1.1.1", "10.1.1.2"]), "192.0.2.7");
        // Somebody inside.
        assert_eq!(seen("127.0.0.1", &["10.9.9.9, 10.1.1.1"]), "10.9.9.9");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_a_client_adds_is_not_believed() {
        assert_eq!(seen("127.0.0.1", &["203.0.113.1, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(seen("127.0.0.1", &["203.0.113.1", "192.0.2.7, 10.1.1.1"]), "192.0.2.7");
        assert_eq!(seen("127.0.0.1", &["nonsense, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(seen("192.0.2.9", &["203.0.113.1"]), "192.0.2.9");
    }

    #[test]
    fn nonsense_of_a_trusted_proxy_is_its_own_request() {
        for line in ["nonsense", "", "192.0.2.7,", "192.0.2.7, unknown", "192.0.2.7, 10.1.1.1:x", "192.0.2"] {
            assert_eq!(seen("127.0.0.1", &[line]), "127.0.0.1", "{line}");
        }
    }

    #[test]
    fn neighbours_in_an_ipv6_network_count_together() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1").to_string(), "192.0.2.1");
    }
}
