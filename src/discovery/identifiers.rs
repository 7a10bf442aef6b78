//! The values by which machines, VMs and adapters are recognized: names, Ids, MACs, and what counts as an address.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// The name of a machine: its key in config and state, and its hostname. Compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MachineName(String);

/// The Id of a VM in Hyper-V: a GUID, kept as it was given and compared without case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VmId(String);

impl PartialEq for VmId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for VmId {}

impl Hash for VmId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // In pieces and not byte by byte, which the hasher would finish one at a time.
        let mut buffer = [0; 64];
        for piece in self.0.as_bytes().chunks(buffer.len()) {
            if let Some(folded) = buffer.get_mut(..piece.len()) {
                folded.copy_from_slice(piece);
                folded.make_ascii_lowercase();
                state.write(folded);
            }
        }
    }
}

macro_rules! text {
    ($type:ident) => {
        impl $type {
            /// The text as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }

        impl Deref for $type {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text!(MachineName);
text!(VmId);

/// Those of `addresses` that a peer could reach over IPv4; a number with leading zeros is none. See [`is_usable`].
pub(super) fn usable_ipv4(addresses: &[String]) -> impl Iterator<Item = Ipv4Addr> {
    addresses.iter().filter_map(|text| text.parse().ok()).filter(|ip| is_usable(*ip))
}

/// Whether a peer could reach the address: loopback, link-local (taken by guests that wait for DHCP), "this network" (0/8),
/// multicast and broadcast do not count.
pub(super) fn is_usable(ip: Ipv4Addr) -> bool {
    ip.octets()[0] != 0
        && !ip.is_loopback()
        && !ip.is_link_local()
        && !ip.is_multicast()
        && !ip.is_broadcast()
}

/// The addresses that occur more than once: no name may lead to them.
pub fn shared<T: Copy + Eq + Hash>(addresses: impl IntoIterator<Item = T>) -> HashSet<T> {
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
