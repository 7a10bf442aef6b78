//! From the bytes of a file to its text, with a clear word about bytes that are none.

use super::reading::Damage;

/// Why bytes are not a text that may be read on, and the text they would be in another encoding.
pub(crate) struct NotPlain {
    /// What is wrong.
    pub(crate) damage: Damage,
    /// The same text without the byte order mark, or from UTF-16, where that is certain.
    pub(crate) recovered: Option<String>,
}

/// The text of a state file: UTF-8 without a byte order mark, not empty, without zero bytes.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, NotPlain> {
    let refuse = |what: String| Err(NotPlain { damage: Damage::of_whole(what), recovered: None });
    if bytes.is_empty() {
        return refuse("it is empty (0 bytes)".into());
    }
    if let Some(not_plain) = marked(bytes) {
        return Err(not_plain);
    }
    if let Some(zero) = bytes.iter().position(|byte| *byte == 0) {
        let all = bytes.iter().all(|byte| *byte == 0);
        let size = bytes.len();
        return refuse(if all {
            format!("all of its {size} bytes are zero, as after a power failure")
        } else {
            format!("it holds zero bytes from byte {zero} on (of {size}), as after a power failure")
        });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => refuse("it holds nothing but blanks".into()),
        Ok(text) => Ok(text),
        Err(error) => refuse(format!("it is not UTF-8 text: byte {} does not fit", error.valid_up_to())),
    }
}

/// A byte order mark is refused rather than dropped: the original tool cannot read such a file, and whoever put
/// the mark there may have changed more than that.
fn marked(bytes: &[u8]) -> Option<NotPlain> {
    let (name, recovered) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => ("UTF-8", String::from_utf8(rest.to_vec()).ok()),
        [0xFF, 0xFE, rest @ ..] => ("UTF-16", from_utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => ("UTF-16", from_utf16(rest, u16::from_be_bytes)),
        _ => return None,
    };
    let what = format!("it begins with the byte order mark of {name}, so another program has rewritten it");
    Some(NotPlain { damage: Damage::of_whole(what), recovered })
}

fn from_utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).ok()
}
