//! Merges the block into the bytes of a hosts file, by the rule at the head of `tests/vectors/hosts-merge-vectors.json`;
//! and why a file is refused and left as it is.

use super::block::{Line, Marker, Markers, lines};
use crate::error::{Code, Error};

/// A hosts file with the block in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Whether it differs from what was there; where not, nothing need be written.
    pub changed: bool,
}

/// Puts `block`, as [`render`](super::render()) makes it, into `file`: in place of the block that is there, else
/// at the end.
///
/// Every byte outside the block is kept. Merging twice is merging once. Takes time linear in the size of the file.
///
/// # Errors
/// Where the file holds markers that are no single pair, or is no text of bytes, or the block is none.
///
/// # Examples
/// ```
/// use std::net::Ipv4Addr;
/// use ragnatramp::hosts::{merge, render};
///
/// let block = render([("web", Ipv4Addr::new(172, 20, 0, 2))]);
/// let merged = merge(b"127.0.0.1 localhost\n", &block)?;
/// assert!(merged.changed && merged.bytes.starts_with(b"127.0.0.1 localhost\n"));
/// assert!(!merge(&merged.bytes, &block)?.changed);
/// # Ok::<(), ragnatramp::hosts::Refusal>(())
/// ```
pub fn merge(file: &[u8], block: &str) -> Result<Merged, Refusal> {
    merge_between(&Markers::of_hosts(), file, Some(block))
}

/// The same with other markers. Without a block, the one that is there is taken out, and nothing is added.
///
/// # Errors
/// Those of [`merge`].
pub fn merge_between(markers: &Markers, file: &[u8], block: Option<&str>) -> Result<Merged, Refusal> {
    if let Some(block) = block {
        check(markers, block)?;
    }
    if file.starts_with(b"\xFF\xFE") || file.starts_with(b"\xFE\xFF") {
        return Err(Refusal::Utf16);
    }
    let found: Vec<(Marker, Line<'_>)> =
        lines(file).filter_map(|line| line.marker(markers).map(|marker| (marker, line))).collect();
    let bytes = match (found.as_slice(), block) {
        ([], None) => file.to_vec(),
        ([], Some(block)) => append(file, block),
        ([(Marker::Begin, begin), (Marker::End, end)], Some(block)) => replace(file, block, begin, end),
        ([(Marker::Begin, begin), (Marker::End, end)], None) => {
            let (before, after) = (file.get(..begin.start), file.get(end.end()..));
            [before.unwrap_or_default(), after.unwrap_or_default()].concat()
        }
        (all, _) => {
            let near = |line: Line<'_>| {
                Some(NearMarker { line: line.number, fault: line.near_marker(markers)?.join(", ") })
            };
            return Err(Refusal::Markers {
                lines: all.iter().map(|(_, line)| line.number).collect(),
                near: lines(file).filter_map(near).take(3).collect(),
            });
        }
    };
    let changed = bytes != file;
    Ok(Merged { bytes, changed })
}

fn replace(file: &[u8], block: &str, begin: &Line<'_>, end: &Line<'_>) -> Vec<u8> {
    let mut merged = Vec::with_capacity(file.len() + block.len() * 2);
    merged.extend_from_slice(file.get(..begin.start).unwrap_or_default());
    let line_end = line_end(begin.is_crlf());
    put(&mut merged, block, line_end);
    if !end.is_ended() {
        merged.truncate(merged.len() - line_end.len());
    }
    merged.extend_from_slice(file.get(end.end()..).unwrap_or_default());
    merged
}

fn append(file: &[u8], block: &str) -> Vec<u8> {
    let line_end = line_end(lines(file).next().is_some_and(|first| first.is_crlf()));
    let mut merged = Vec::with_capacity(file.len() + block.len() * 2);
    merged.extend_from_slice(file);
    if let Some(last) = lines(file).last() {
        if !last.is_ended() {
            merged.extend_from_slice(line_end);
        }
        // As it is after the line end: a lone CR is an empty line once LF follows it, but not once CR LF does.
        let is_empty = last.text().is_empty() && (last.is_ended() || line_end == b"\n");
        if !is_empty {
            merged.extend_from_slice(line_end);
        }
    }
    put(&mut merged, block, line_end);
    merged
}

fn put(merged: &mut Vec<u8>, block: &str, line_end: &[u8]) {
    for line in block.lines() {
        merged.extend_from_slice(line.as_bytes());
        merged.extend_from_slice(line_end);
    }
}

fn line_end(crlf: bool) -> &'static [u8] {
    if crlf { b"\r\n" } else { b"\n" }
}

/// Refuses a block that the next merge would not find again, or would find twice.
fn check(markers: &Markers, block: &str) -> Result<(), Refusal> {
    let fault = |line, fault| Err(Refusal::Block { line, fault });
    let all: Vec<&str> = block.split_inclusive('\n').collect();
    let last = all.len();
    if last < 2 {
        return fault(1, "is not a block of BEGIN, lines and END");
    }
    for (index, line) in all.iter().enumerate() {
        let number = index + 1;
        let Some(text) = line.strip_suffix('\n') else { return fault(number, "does not end in LF") };
        if text.contains('\r') {
            return fault(number, "holds a CR");
        }
        let is_marker = (text == markers.begin, text == markers.end);
        match (number == 1, number == last, is_marker) {
            (true, _, (true, _)) | (_, true, (_, true)) => {}
            (true, ..) => return fault(number, "is not the BEGIN marker"),
            (_, true, _) => return fault(number, "is not the END marker"),
            (_, _, (false, false)) => {}
            _ => return fault(number, "is a marker where none belongs"),
        }
    }
    Ok(())
}

/// Why nothing was merged. The file stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The file's markers are not one BEGIN followed by one END. Holds the numbers of all marker lines, ascending.
    #[error("its markers are not one BEGIN followed by one END; {}", places(lines, near))]
    Markers {
        /// Line numbers, from 1.
        lines: Vec<usize>,
        /// The first three lines that only look like markers, which are ordinary lines to the merge.
        near: Vec<NearMarker>,
    },
    /// The file begins with the byte order mark of UTF-16.
    #[error("it is in UTF-16 (by its byte order mark), which no resolver reads")]
    Utf16,
    /// The block itself is malformed: a defect of the caller.
    #[error("line {line} of the block {fault}")]
    Block {
        /// The line of the block, from 1.
        line: usize,
        /// What is wrong with it.
        fault: &'static str,
    },
}

/// A line that is no marker but looks like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMarker {
    /// The line, from 1.
    pub line: usize,
    /// What keeps it from being one, as in `blanks before it, another case`.
    pub fault: String,
}

impl Refusal {
    /// The error of a machine whose file was refused. `path` is the file inside its guest.
    pub fn into_error(self, machine: &str, path: &str) -> Error {
        let hosts = Code::ReconcileHostsFailed;
        let (code, line, remedy) = match &self {
            Refusal::Markers { lines, near } => (
                hosts,
                lines.first().copied(),
                format!(
                    "Open {path} inside the guest and remove these marker lines with everything between them \
                     that Ragnatramp wrote{}; the next run adds the block again. Nothing was written there.",
                    if near.is_empty() { "" } else { ", the lines that only look like markers too" }
                ),
            ),
            Refusal::Utf16 => (
                hosts,
                None,
                format!("Save {path} inside the guest as UTF-8 or ASCII. Nothing was written there."),
            ),
            Refusal::Block { .. } => (
                Code::InvalidRequest,
                None,
                "This is a defect of Ragnatramp. Nothing was written.".to_owned(),
            ),
        };
        let mut error =
            Error::new(code, format!("{machine}: {path} was left as it is: {self}.")).of_machine(machine);
        error.place.path = Some(path.to_owned());
        error.place.line = line;
        error.with_remedy(remedy).caused_by(self)
    }
}

/// As in `they stand on lines 3, 7; line 1 only looks like a marker (blanks before it)`.
fn places(lines: &[usize], near_markers: &[NearMarker]) -> String {
    let numbers: Vec<String> = lines.iter().map(usize::to_string).collect();
    let subject = if lines.len() == 1 { "it stands on line" } else { "they stand on lines" };
    let near =
        |NearMarker { line, fault }: &NearMarker| format!("; line {line} only looks like a marker ({fault})");
    format!("{subject} {}{}", numbers.join(", "), near_markers.iter().map(near).collect::<String>())
}
