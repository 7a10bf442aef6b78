//! The text of the block, and the lines of a hosts file: only LF ends a line, and a marker is compared byte for byte.

use std::net::Ipv4Addr;

/// The two lines that enclose a block. A file may hold blocks with other markers; to a merge those are ordinary lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markers {
    /// The first line of the block.
    pub(super) begin: String,
    /// The last line of the block.
    pub(super) end: String,
}

impl Markers {
    /// Those of the block in a hosts file.
    pub fn of_hosts() -> Self {
        Markers { begin: "# BEGIN RAGNATRAMP".to_owned(), end: "# END RAGNATRAMP".to_owned() }
    }

    /// Those of the block of one lab, in a file that many labs share. `lab` is one word.
    pub fn of_lab(lab: &str) -> Self {
        Markers { begin: format!("# BEGIN RAGNATRAMP {lab}"), end: format!("# END RAGNATRAMP {lab}") }
    }

    /// The block of these lines, each without its line end: every line is ended by LF.
    pub fn enclose(&self, lines: impl IntoIterator<Item = String>) -> String {
        self.enclose_in(0, |block| {
            for line in lines {
                block.push_str(&line);
                block.push('\n');
            }
        })
    }

    /// The block of the lines that `put` puts into it, each ended by LF; `size` is how many bytes they take at most, or a guess.
    fn enclose_in(&self, size: usize, put: impl FnOnce(&mut String)) -> String {
        let around = [&self.begin, "\n", COMMENT, "\n", &self.end, "\n"];
        let mut block = String::with_capacity(around.iter().map(|part| part.len()).sum::<usize>() + size);
        let [begin @ .., end, newline] = around;
        block.extend(begin);
        put(&mut block);
        block.extend([end, newline]);
        block
    }
}

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

    /// Which of the two markers it is, if any.
    pub(super) fn marker(&self, markers: &Markers) -> Option<Marker> {
        match self.text() {
            text if text == markers.begin.as_bytes() => Some(Marker::Begin),
            text if text == markers.end.as_bytes() => Some(Marker::End),
            _ => None,
        }
    }

    /// What keeps the line from being a marker, where it would be one without it.
    pub(super) fn near_marker(&self, markers: &Markers) -> Option<Vec<&'static str>> {
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
        let both = [&markers.begin, &markers.end];
        let same_but_for_case = both.into_iter().find(|marker| marker.eq_ignore_ascii_case(bare));
        note(both.into_iter().all(|marker| !squeezed(marker).eq(&squeezed(bare))), "another case");
        note(same_but_for_case.is_none(), "other blanks in it");
        let is_near = both.into_iter().any(|marker| squeezed(marker).eq_ignore_ascii_case(&squeezed(bare)));
        (is_near && !faults.is_empty()).then_some(faults)
    }
}

/// Without blanks and tabs.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '\t')).collect()
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
    let mut peers: Vec<_> = peers.into_iter().map(|(name, ipv4)| (beginning(name), name, ipv4)).collect();
    peers.sort_unstable();
    let lines: usize = peers.iter().map(|(_, name, _)| "255.255.255.255 \n".len() + name.len()).sum();
    Markers::of_hosts().enclose_in(lines, |block| {
        for (_, name, ipv4) in peers {
            for (at, octet) in ipv4.octets().into_iter().enumerate() {
                if at > 0 {
                    block.push('.');
                }
                push_number(block, octet);
            }
            block.push(' ');
            block.push_str(name);
            block.push('\n');
        }
    })
}

/// The first bytes of a name, in the order of names. Where two differ, as those of most names do, neither name is read to sort them.
fn beginning(name: &str) -> u128 {
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().zip(name.bytes()) {
        *place = byte;
    }
    u128::from_be_bytes(bytes)
}

/// What formatting does, without all that it can do.
fn push_number(text: &mut String, number: u8) {
    let digit = |divisor: u8| char::from(b'0' + number / divisor % 10);
    if number >= 100 {
        text.push(digit(100));
    }
    if number >= 10 {
        text.push(digit(10));
    }
    text.push(digit(1));
}
