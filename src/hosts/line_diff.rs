//! What changes in a hosts file, line by line, for `-WhatIf -Verbose`.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use super::block::{Line, lines};

/// How many unchanged lines are shown on either side.
const CONTEXT: usize = 3;

/// On which side of a change a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// In both files.
    Both,
    /// Only in the file as it was.
    Before,
    /// Only in the file as it will be.
    After,
}

/// One line of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    /// Where it is.
    pub side: Side,
    /// The line, from 1, in the file that has it (in the newer one for [`Side::Both`]).
    pub line: usize,
    /// The line without its line end; bytes that are no UTF-8 are replaced.
    pub text: String,
}

/// As in a unified diff.
impl Display for DiffLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.side {
            Side::Both => ' ',
            Side::Before => '-',
            Side::After => '+',
        };
        write!(f, "{sign}{}", self.text)
    }
}

/// The lines that differ, with up to three unchanged ones before and after. Empty where the files are equal.
///
/// The two files differ in one place, the block, so what the ends have in common is cut off and the rest is shown.
pub fn diff_lines(before: &[u8], after: &[u8]) -> Vec<DiffLine> {
    let (old, new): (Vec<Line<'_>>, Vec<Line<'_>>) = (lines(before).collect(), lines(after).collect());
    let same = |pair: &(&Line<'_>, &Line<'_>)| pair.0.bytes == pair.1.bytes;
    let head = old.iter().zip(&new).take_while(same).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    if old_rest.len() == tail && new_rest.len() == tail {
        return Vec::new();
    }
    let (gone, _) = old_rest.split_at(old_rest.len() - tail);
    let (come, after_it) = new_rest.split_at(new_rest.len() - tail);
    let lead = new.get(head.saturating_sub(CONTEXT)..head).unwrap_or_default();
    let follow = after_it.get(..after_it.len().min(CONTEXT)).unwrap_or_default();
    let parts = [(Side::Both, lead), (Side::Before, gone), (Side::After, come), (Side::Both, follow)];
    parts.into_iter().flat_map(|(side, part)| part.iter().map(move |line| diff_line(side, line))).collect()
}

fn diff_line(side: Side, line: &Line<'_>) -> DiffLine {
    DiffLine { side, line: line.number, text: String::from_utf8_lossy(line.text()).into_owned() }
}
