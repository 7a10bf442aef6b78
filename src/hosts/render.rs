//! Names and addresses → the text of the block.

use super::lines::{BEGIN, END};

const COMMENT: &str = "# Managed by ragnatramp - do not edit this block";

/// The block for `(name, IPv4)` pairs, sorted by name, every line ended by LF. Without pairs it still stands, with its
/// comment alone, so that names which are gone go from the guests too.
pub fn render<'a>(peers: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut peers: Vec<_> = peers.into_iter().collect();
    peers.sort_unstable();
    let mut block = format!("{BEGIN}\n{COMMENT}\n");
    for (name, ipv4) in peers {
        block.extend([ipv4, " ", name, "\n"]);
    }
    block.extend([END, "\n"]);
    block
}
