//! Which address counts where a machine shows several: an adapter with a second address, a neighbour table that still
//! holds an older one. The order in which they are shown is not fixed, so it decides nothing.

use std::fmt::{self, Display};
use std::net::Ipv4Addr;

use super::identifiers::is_usable;
use super::snapshot::HostAddress;

/// An IPv4 address that a machine may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) ipv4: Ipv4Addr,
    /// How far it is to be doubted; 0 where nothing speaks against it.
    pub(super) doubt: u8,
}

/// What an address is chosen by, beside the candidates themselves.
pub(super) struct Knowledge<'a, K: FnOnce() -> Option<Ipv4Addr>> {
    /// The last address of the machine that the state knows; asked for where there are several.
    pub(super) known: K,
    /// The ranges of the host on the Default Switch; empty where they are unknown.
    pub(super) ranges: &'a [Range],
}

/// The addresses of a network: those that share its first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    network: u32,
    prefix_length: u8,
}

impl Range {
    /// The range of an address of the host; `None` where either is none that a network could have.
    pub(super) fn of(address: &HostAddress) -> Option<Range> {
        let ipv4: Ipv4Addr = address.ip.parse().ok().filter(|ip| is_usable(*ip))?;
        let prefix_length =
            u8::try_from(address.prefix_length).ok().filter(|bits| (1..=32).contains(bits))?;
        Some(Range { network: u32::from(ipv4) & mask(prefix_length), prefix_length })
    }

    /// Whether the address is one of them.
    pub fn holds(self, ipv4: Ipv4Addr) -> bool {
        u32::from(ipv4) & mask(self.prefix_length) == self.network
    }
}

/// As in `172.20.0.0/20`.
impl Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.network), self.prefix_length)
    }
}

fn mask(prefix_length: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix_length)).unwrap_or(0)
}

/// An address that was taken of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// All of them, the lowest first; there are two at least.
    pub candidates: Vec<Ipv4Addr>,
    /// Why this one.
    pub reason: Reason,
    /// The ranges of the Default Switch; empty where they are unknown.
    pub ranges: Vec<Range>,
    /// Whether another one is as likely to be meant.
    pub is_ambiguous: bool,
}

/// Why an address was taken of several. Where they are in the switch's range or not, and equally, the next one decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It alone is in the range of the Default Switch.
    InRange,
    /// It is the one that the state knows.
    Known,
    /// The host's neighbour table is surer of it than of the others.
    Surest,
    /// It is the lowest.
    Lowest,
}

/// The address that counts, and how it was chosen where there were several. In this order: in the switch's range, and there
/// the one that the state knows; the one that the host is surest of; the one that the state knows; the lowest.
pub(super) fn choose<K: FnOnce() -> Option<Ipv4Addr>>(
    candidates: impl IntoIterator<Item = Candidate>,
    knowledge: Knowledge<'_, K>,
) -> Option<(Ipv4Addr, Option<Choice>)> {
    let mut candidates = candidates.into_iter();
    let first = candidates.next()?;
    // Nearly always it is the only one.
    let Some(second) = candidates.next() else { return Some((first.ipv4, None)) };
    let mut candidates: Vec<Candidate> = [first, second].into_iter().chain(candidates).collect();
    candidates.sort_by_key(|candidate| (candidate.ipv4, candidate.doubt));
    candidates.dedup_by_key(|candidate| candidate.ipv4);
    if let [only] = candidates.as_slice() {
        return Some((only.ipv4, None));
    }
    let Knowledge { known, ranges } = knowledge;
    let known = known();
    let in_range = |candidate: &Candidate| ranges.iter().any(|range| range.holds(candidate.ipv4));
    let is_known = |candidate: &Candidate| known == Some(candidate.ipv4);
    let rank = |candidate: &Candidate| {
        let inside = in_range(candidate);
        (!inside, !(inside && is_known(candidate)), candidate.doubt, !is_known(candidate), candidate.ipv4)
    };
    let taken = *candidates.iter().min_by_key(|candidate| rank(candidate))?;
    let place = in_range(&taken);
    let others: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| candidate.ipv4 != taken.ipv4 && in_range(candidate) == place)
        .collect();
    let surest = others.iter().all(|other| other.doubt > taken.doubt);
    let reason = match (others.is_empty(), is_known(&taken), surest) {
        (true, ..) => Reason::InRange,
        (false, true, _) => Reason::Known,
        (false, false, true) => Reason::Surest,
        (false, false, false) => Reason::Lowest,
    };
    // A known address in the range is kept, unless the host is surer of another one there.
    let is_settled = place
        && (others.is_empty() || (is_known(&taken) && others.iter().all(|other| other.doubt >= taken.doubt)));
    let choice = Choice {
        candidates: candidates.iter().map(|candidate| candidate.ipv4).collect(),
        reason,
        ranges: ranges.to_vec(),
        is_ambiguous: !is_settled,
    };
    Some((taken.ipv4, Some(choice)))
}
