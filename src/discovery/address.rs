//! What counts as an address, and the one way in which a MAC is written.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The first of `addresses` that a peer could reach over IPv4, as it was given.
pub(super) fn usable_ipv4(addresses: &[String]) -> Option<&str> {
    addresses.iter().map(String::as_str).find(|text| is_usable_ipv4(text))
}

/// Whether `text` is an IPv4 address that a machine can have on a network.
///
/// Loopback, link-local (taken by guests that wait for DHCP), "this network" (0/8), multicast and broadcast are
/// none; neither is a number with leading zeros.
pub fn is_usable_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok_and(|ip| {
        ip.octets()[0] != 0
            && !ip.is_loopback()
            && !ip.is_link_local()
            && !ip.is_multicast()
            && !ip.is_broadcast()
    })
}

/// The addresses that stand there more than once: no name may lead to them.
pub fn shared<'a>(addresses: impl IntoIterator<Item = &'a str>) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    addresses.into_iter().filter(|address| !seen.insert(*address)).collect()
}

/// Those of `addresses` that are IPv6 addresses without a scope, text and order as given.
pub(super) fn ipv6(addresses: &[String]) -> Vec<String> {
    addresses.iter().filter(|text| text.parse::<Ipv6Addr>().is_ok()).cloned().collect()
}

/// A MAC from 12 hex digits to `00:15:5D:01:02:03`; `None` where it is malformed or all zero.
pub(super) fn mac(digits: &str) -> Option<String> {
    let sound = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !sound || digits.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let upper = digits.to_ascii_uppercase();
    let pairs: Vec<&str> = (0..6).filter_map(|pair| upper.get(pair * 2..pair * 2 + 2)).collect();
    Some(pairs.join(":"))
}

/// The MAC of an entry of the neighbour table, whatever separates its digits, written as [`mac`] writes it.
pub(super) fn neighbour_mac(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ':' | '.')).collect();
    mac(&digits)
}
