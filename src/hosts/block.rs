//! The text of the block, and the lines of a hosts file: only LF ends a line, and a marker is compared byte for byte.

use std::net::Ipv4Addr;

/// The first line of the block.
pub(super) const BEGIN: &str = "# BEGIN RAGNATRAMP";
/// The last line of the block.
pub(super) const END: &str = "# END RAGNATRAMP";

/// One of the two lines that enclose the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Begin,
    End,
}

/// One line with its line end, and its place in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    /// The offset of its first byte.
    pub(super) start: usize,
    /// All of it, the LF included where there is one.
    pub(super) bytes: &'a [u8],
}

impl<'a> Line<'a> {
    /// The offset just after it.
    pub(super) fn end(&self) -> usize {
        self.start + self.bytes.len()
    }

    /// Whether an LF ends it; only the last line of a file may lack one.
    pub(super) fn is_ended(&self) -> bool {
        self.bytes.ends_with(b"\n")
    }

    /// Whether CR LF ends it.
    pub(super) fn is_crlf(&self) -> bool {
        self.bytes.ends_with(b"\r\n")
    }

    /// The line without its LF, and without one CR before that.
    pub(super) fn text(&self) -> &'a [u8] {
        let text = self.bytes.strip_suffix(b"\n").unwrap_or(self.bytes);
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// Which marker it is, if any.
    pub(super) fn marker(&self) -> Option<Marker> {
        match self.text() {
            text if text == BEGIN.as_bytes() => Some(Marker::Begin),
            text if text == END.as_bytes() => Some(Marker::End),
            _ => None,
        }
    }

    /// What keeps the line from being a marker, where it would be one without it.
    pub(super) fn near_marker(&self) -> Option<Vec<&'static str>> {
        let mut text = self.text();
        if text.len() >= 100 || !text.contains(&b'#') {
            return None;
        }
        let mut faults = Vec::new();
        let mut note = |is_so: bool, fault| is_so.then(|| faults.push(fault));
        let blanks = |text: &[u8]| text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if let Some(rest) = text.get(blanks(text)..).and_then(|rest| rest.strip_prefix(b"\xEF\xBB\xBF")) {
            note(true, "a byte order mark before it");
            text = rest;
        }
        let line: Vec<u8> = text.iter().copied().filter(|byte| *byte != 0).collect();
        note(line.len() < text.len(), "a NUL in it");
        let line = String::from_utf8(line).ok()?;
        let line = line.as_str();
        let unindented = line.trim_start_matches([' ', '\t']);
        note(unindented.len() < line.len(), "blanks before it");
        let bare = unindented.trim_end_matches([' ', '\t', '\r']);
        let behind = unindented.get(bare.len()..).unwrap_or_default();
        note(behind.contains('\r'), "a CR behind it");
        note(behind.trim_end_matches('\r').ends_with([' ', '\t']), "blanks behind it");
        note(bare.contains(|c: char| c.is_ascii_lowercase()), "another case");
        let upper = bare.to_ascii_uppercase();
        note(upper != BEGIN && upper != END, "other blanks in it");
        let squeezed: String = upper.chars().filter(|c| !matches!(c, ' ' | '\t')).collect();
        let is_near = matches!(squeezed.as_str(), "#BEGINRAGNATRAMP" | "#ENDRAGNATRAMP");
        (is_near && !faults.is_empty()).then_some(faults)
    }
}

/// The lines of a file, the last one also where no LF ends it.
pub(super) fn lines(file: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    file.split_inclusive(|byte| *byte == b'\n').enumerate().map(move |(index, bytes)| {
        let line = Line { number: index + 1, start, bytes };
        start = line.end();
        line
    })
}

const COMMENT: &str = "# Managed by ragnatramp - do not edit this block";

/// The block for `(name, IPv4)` pairs, sorted by name, every line ended by LF. Without pairs it holds
/// its comment alone, so that the names of removed machines are removed from the guests.
pub fn render<'a>(peers: impl IntoIterator<Item = (&'a str, Ipv4Addr)>) -> String {
    let mut peers: Vec<_> = peers.into_iter().collect();
    peers.sort_unstable();
    let mut block = format!("{BEGIN}\n{COMMENT}\n");
    for (name, ipv4) in peers {
        block.push_str(&format!("{ipv4} {name}\n"));
    }
    block.push_str(&format!("{END}\n"));
    block
}
