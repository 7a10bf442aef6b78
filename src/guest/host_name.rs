//! The name that a guest gives itself, held against that of its machine.

use crate::config::names::COMPUTER_NAME_LENGTH;
use crate::terminal::visible;

/// The most characters of a name that are shown: as long as a label of DNS can be.
const SHOWN: usize = 63;

/// What a guest calls itself, as it may be shown, where that is not its machine's name. Case does not count, nor does a domain
/// behind the name; a name that was cut to what NetBIOS holds is the machine's, too. Without a name nothing is known of it.
pub fn other_name(machine_name: &str, host_name: &str) -> Option<String> {
    let label = host_name.split('.').next().unwrap_or_default();
    let cut = machine_name.get(..COMPUTER_NAME_LENGTH).unwrap_or(machine_name);
    if host_name.is_empty() || label.eq_ignore_ascii_case(machine_name) || label.eq_ignore_ascii_case(cut) {
        return None;
    }
    let mut shown: String = host_name.chars().take(SHOWN).collect();
    if shown.len() < host_name.len() {
        shown.push_str("...");
    }
    Some(visible(&shown).into_owned())
}
