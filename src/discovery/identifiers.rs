//! The values by which machines, VMs and adapters are recognized: names, Ids, MACs, and what counts as an address.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The name of a machine: its key in config and state, and its hostname. Compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MachineName(Arc<str>);

/// The Id of a VM in Hyper-V: a GUID, kept as it was given and compared without case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VmId(Arc<str>);

/// The text of a [`VmId`], compared as that is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VmIdKey<'a>(pub(super) &'a str);

impl VmId {
    pub(crate) fn key(&self) -> VmIdKey<'_> {
        VmIdKey(&self.0)
    }
}

impl PartialEq for VmId {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for VmId {}

impl Hash for VmId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl PartialEq for VmIdKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for VmIdKey<'_> {}

impl Hash for VmIdKey<'_> {
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

/// A list of what belongs to VMs, arranged so that each VM finds its own, in the order of the list.
pub(crate) struct ByVm<'a, T> {
    list: &'a [T],
    /// Of each VM the place of the first.
    first: HashMap<VmIdKey<'a>, usize>,
    /// Of each place that of the next one of the same VM.
    next: Vec<Option<usize>>,
}

impl<'a, T> ByVm<'a, T> {
    pub(crate) fn new(list: &'a [T], vm_id: impl Fn(&'a T) -> &'a VmId) -> Self {
        let mut first = HashMap::with_capacity(list.len());
        let mut next = vec![None; list.len()];
        for ((place, one), next) in list.iter().enumerate().zip(&mut next).rev() {
            *next = first.insert(vm_id(one).key(), place);
        }
        ByVm { list, first, next }
    }

    pub(crate) fn of(&self, vm_id: &VmId) -> impl Iterator<Item = &'a T> {
        let next = |place: &usize| self.next.get(*place).copied().flatten();
        let places = std::iter::successors(self.first.get(&vm_id.key()).copied(), next);
        places.filter_map(|place| self.list.get(place))
    }
}

// A text is one for all that tell of it: a clone allocates nothing.
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
                Self(text.into())
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.as_str().to_owned()
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
/// multicast and what is reserved above it (240/4, broadcast among it) do not count. A Linux guest refuses a whole block that
/// holds another one (`module/guest/PROTOCOL.md`).
pub(super) fn is_usable(ip: Ipv4Addr) -> bool {
    matches!(ip.octets()[0], 1..=223) && !ip.is_loopback() && !ip.is_link_local()
}

/// The addresses that occur more than once: no name may lead to them.
pub fn shared<T: Copy + Ord + Hash>(addresses: impl IntoIterator<Item = T>) -> HashSet<T> {
    let mut all: Vec<T> = addresses.into_iter().collect();
    all.sort_unstable();
    all.iter().zip(all.iter().skip(1)).filter(|(one, next)| one == next).map(|(one, _)| *one).collect()
}

/// Those of `addresses` that are IPv6 addresses without a scope, text and order as given.
pub(super) fn ipv6(addresses: &[String]) -> Vec<String> {
    addresses.iter().filter(|text| text.parse::<Ipv6Addr>().is_ok()).cloned().collect()
}

/// A MAC from 12 hex digits to `00:15:5D:01:02:03`; `None` where it is malformed or all zero.
pub(super) fn mac(digits: &str) -> Option<String> {
    mac_of(digits.bytes())
}

/// The MAC of an entry of the neighbour table, whatever separates its digits, written as [`mac`] writes it.
pub(super) fn neighbour_mac(text: &str) -> Option<String> {
    mac_of(text.bytes().filter(|byte| !matches!(byte, b'-' | b':' | b'.')))
}

fn mac_of(digits: impl Iterator<Item = u8>) -> Option<String> {
    let mut text = String::with_capacity(17);
    let (mut count, mut is_zero) = (0, true);
    for digit in digits {
        if !digit.is_ascii_hexdigit() || count == 12 {
            return None;
        }
        if count > 0 && count % 2 == 0 {
            text.push(':');
        }
        text.push(char::from(digit.to_ascii_uppercase()));
        is_zero &= digit == b'0';
        count += 1;
    }
    (count == 12 && !is_zero).then_some(text)
}
