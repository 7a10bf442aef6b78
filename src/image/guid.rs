//! A GUID, and the two orders in which images write one.

use std::fmt;

/// A GUID as its digits stand in a text: `{2dc27766-f623-...}` is `0x2DC27766_F623_...`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guid(pub u128);

impl Guid {
    /// No GUID: 16 zero bytes.
    pub const NIL: Guid = Guid(0);

    /// From the order of VHDX and GPT, whose first three fields are little-endian.
    pub(super) fn from_little_endian(mut bytes: [u8; 16]) -> Self {
        bytes[..4].reverse();
        bytes[4..6].reverse();
        bytes[6..8].reverse();
        Guid(u128::from_be_bytes(bytes))
    }

    /// From the order of VHD, which is that of the text.
    pub(super) fn from_big_endian(bytes: [u8; 16]) -> Self {
        Guid(u128::from_be_bytes(bytes))
    }

    /// From a text with hyphens, in braces or without; `None` where it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bare = text.strip_prefix('{').map_or(Some(text), |rest| rest.strip_suffix('}'))?;
        let groups: Vec<&str> = bare.split('-').collect();
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        let digits = groups.concat();
        // The parser of numbers would take a sign.
        let is_sound = lengths == [8, 4, 4, 4, 12] && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_sound { u128::from_str_radix(&digits, 16).ok().map(Guid) } else { None }
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:032x}", self.0);
        let group = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        let groups = [group(0, 8), group(8, 12), group(12, 16), group(16, 20), group(20, 32)];
        f.write_str(&groups.join("-"))
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}
