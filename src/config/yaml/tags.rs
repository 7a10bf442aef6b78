//! Tags as they are written: handles, URIs, percent signs.

/// Whether `text` is `!`, `!!` or `!word!`.
pub(super) fn is_tag_handle(text: &str) -> bool {
    match text.strip_prefix('!') {
        None => false,
        Some("" | "!") => true,
        Some(rest) => rest.strip_suffix('!').is_some_and(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
        }),
    }
}

/// Whether `text` holds only what a tag may hold. Its first character may be almost anything.
pub(super) fn is_tag_uri(text: &str) -> bool {
    let mut characters = text.chars();
    match characters.next() {
        None | Some(',' | '[' | ']' | '{' | '}' | '\u{10000}'..) => return false,
        Some(_) => {}
    }
    let mut rest = characters.as_str().as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = match (byte, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            (b'%', _) => return false,
            (byte, _) if byte.is_ascii_alphanumeric() || b"-#;/?:@&=+$,_.!~*'()[]".contains(byte) => tail,
            _ => return false,
        };
    }
    true
}

/// Replaces `%41` and the like; `None` where a percent sign or the UTF-8 behind it is malformed.
pub(super) fn decode_uri(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let [high, low, after @ ..] = tail else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(digit(*high)? * 16 + digit(*low)?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}
