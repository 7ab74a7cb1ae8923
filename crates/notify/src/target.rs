//! Where a request may go: the host is resolved, every address that leads
//! inside is refused, and the one that is left is the one that is dialled, so
//! that no name can be turned on the way (server-side request forgery).

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{net::lookup_host, time::timeout};
use url::{Host, Url};

/// How long a name may take to resolve.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether requests may lead inside of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The internet alone, over TLS.
    Public,
    /// Any host, also without TLS: for intranets.
    Private,
}

/// Why a URL is not called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It never will be.
    Url(&'static str),
    /// Its name leads inside.
    Inside,
    /// Its name does not resolve now.
    Unresolved(String),
}

impl Reach {
    /// What is wrong with a URL before its name is resolved; none when nothing.
    #[must_use]
    pub fn fault(self, url: &str) -> Option<&'static str> {
        let Ok(url) = Url::parse(url) else {
            return Some("must be a URL");
        };
        let allowed = match self {
            Self::Public => url.scheme() == "https",
            Self::Private => matches!(url.scheme(), "https" | "http"),
        };
        if !allowed {
            return Some("must be an https:// URL");
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Some("must have no user, password or fragment");
        }
        let inside = match url.host() {
            None => return Some("must have a host"),
            Some(Host::Ipv4(ip)) => is_inside(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => is_inside(IpAddr::V6(ip)),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                name == "localhost" || name.ends_with(".localhost")
            }
        };
        (self == Self::Public && inside).then_some("must not lead to a private address")
    }

    /// The one address to dial.
    pub(crate) async fn resolve(self, url: &Url) -> Result<SocketAddr, Refused> {
        if let Some(fault) = self.fault(url.as_str()) {
            return Err(Refused::Url(fault));
        }
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_matches(['[', ']']);
        let port = url.port_or_known_default().unwrap_or(443);
        let found = timeout(PATIENCE, lookup_host((host, port))).await;
        let found = match found {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return Err(Refused::Unresolved(error.to_string())),
            Err(_elapsed) => return Err(Refused::Unresolved("it takes too long".to_owned())),
        };
        let mut unresolved = true;
        for address in found {
            unresolved = false;
            if self == Self::Private || !is_inside(address.ip()) {
                return Ok(address);
            }
        }
        if unresolved {
            return Err(Refused::Unresolved("it has no address".to_owned()));
        }
        Err(Refused::Inside)
    }
}

/// Whether an address is no host of the internet (RFC 6890 and its registry):
/// this machine, private networks, link-local with the clouds' metadata
/// services, and what is reserved.
fn is_inside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_inside_v4(ip),
        IpAddr::V6(ip) => embedded(ip).map_or_else(|| is_inside_v6(ip), is_inside_v4),
    }
}

fn is_inside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || matches!(
            (a, b, c),
            (0 | 240..=255, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _)
        )
}

/// An IPv4 address inside of an IPv6 one: mapped, compatible, NAT64, 6to4.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(v4(high, low))
        }
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

/// Only 2000::/3 is given out, and in it not the documentation's and Teredo's.
fn is_inside_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    first & 0xe000 != 0x2000 || (first == 0x2001 && matches!(second, 0 | 0xdb8))
}

#[cfg(test)]
mod tests {
    use super::{Reach, is_inside};

    #[test]
    fn no_address_of_the_inside_passes() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "ff02::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fd00:ec2::254",
        ] {
            assert!(is_inside(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "93.184.215.14",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
        ] {
            assert!(!is_inside(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn urls_are_judged_before_they_are_resolved() {
        for url in [
            "http://example.com/",
            "https://127.0.0.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://[::1]/",
            "https://localhost./",
            "https://a.localhost/",
            "https://user@example.com/",
            "https://example.com/#x",
            "file:///etc/passwd",
            "example.com",
        ] {
            assert!(Reach::Public.fault(url).is_some(), "{url}");
        }
        assert_eq!(Reach::Public.fault("https://example.com/hook?x=1"), None);
        assert_eq!(Reach::Private.fault("http://127.0.0.1:8000/"), None);
    }
}
