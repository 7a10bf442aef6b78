//! The block of many names, and hosts files of many lines.

use std::fs;
use std::hint::black_box;
use std::net::Ipv4Addr;

use criterion::Criterion;
use ragnatramp::hosts::{merge, render};

use super::{SIZES, series};

pub(crate) fn measure(criterion: &mut Criterion) {
    series(criterion, "render", &SIZES, names, |names| render(pairs(black_box(names))));

    let block = render([("web", Ipv4Addr::new(172, 16, 0, 10)), ("db", Ipv4Addr::new(172, 16, 0, 11))]);
    let file = |lines: usize| [b"10.77.0.1 host-in-a-long-list\n".repeat(lines), older_block()].concat();
    series(criterion, "merge", &SIZES, file, |file| merge(black_box(file), &block).unwrap().bytes);
    let stored = |lines| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("hosts"), file(lines)).unwrap();
        folder
    };
    // What a program does that takes the file as it is.
    series(criterion, "read and write", &SIZES, stored, |folder| {
        let bytes = fs::read(folder.path().join("hosts")).unwrap();
        fs::write(folder.path().join("copy"), bytes).unwrap();
    });
    series(criterion, "read, merge and write", &SIZES, stored, |folder| {
        let bytes = fs::read(folder.path().join("hosts")).unwrap();
        fs::write(folder.path().join("copy"), merge(&bytes, &block).unwrap().bytes).unwrap();
    });
}

fn older_block() -> Vec<u8> {
    render([("web", Ipv4Addr::new(172, 16, 0, 9))]).into_bytes()
}

fn names(count: usize) -> Vec<(String, Ipv4Addr)> {
    (0..count).map(|number| (format!("m{number}"), super::reconcile::address(number))).collect()
}

fn pairs(names: &[(String, Ipv4Addr)]) -> impl Iterator<Item = (&str, Ipv4Addr)> {
    names.iter().map(|(name, ipv4)| (name.as_str(), *ipv4))
}
