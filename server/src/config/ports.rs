//! Ranges of ports.

use serde::Deserialize;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// More would cost a place in each of the server's threads for nothing: this is for few sessions.
const MOST: usize = 1000;
/// Below, only the system's own programs listen.
const FIRST: u16 = 1024;

/// From the first to the last, written `20000-20199`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Ports(RangeInclusive<u16>);

impl Ports {
    pub fn contains(&self, port: u16) -> bool {
        self.0.contains(&port)
    }

    pub fn iter(&self) -> impl Iterator<Item = u16> + use<> {
        self.0.clone()
    }
}

impl FromStr for Ports {
    type Err = String;

    fn from_str(text: &str) -> Result<Ports, String> {
        let ends = text.split_once('-').and_then(|(first, last)| {
            Some((first.trim().parse::<u16>().ok()?, last.trim().parse::<u16>().ok()?))
        });
        let range = ends.map(|(first, last)| first..=last);
        range
            .filter(|range| *range.start() >= FIRST && (1..=MOST).contains(&range.len()))
            .map(Ports)
            .ok_or_else(|| format!("must be a range of at most {MOST} ports from {FIRST} on, as 20000-20199"))
    }
}

impl TryFrom<String> for Ports {
    type Error = String;

    fn try_from(text: String) -> Result<Ports, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_understood() {
        let ports: Ports = "20000-20199".parse().unwrap();
        assert!(ports.contains(20000) && ports.contains(20199) && !ports.contains(20200));
        assert_eq!(ports.iter().count(), 200);
        assert_eq!("20000 - 20000".parse::<Ports>().unwrap().iter().collect::<Vec<_>>(), [20000]);
        for wrong in ["", "20000", "20199-20000", "80-90", "20000-70000", "2000-9000", "a-b", "-1-5"] {
            assert!(wrong.parse::<Ports>().is_err(), "{wrong}");
        }
    }
}
