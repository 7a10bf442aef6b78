//! The block's text, what is noticed in a hosts file, and how a change is shown.

use crate::lab::block_of;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ragnatramp::hosts::{DiffLine, HostsWarningKind, Side, diff_lines, merge, render, warnings};
use serde_json::{Value, json};
use std::net::Ipv4Addr;

#[test]
fn the_block_is_sorted_by_bytes_and_stands_without_peers_too() {
    let block = block_of(&[("web", "172.16.0.10"), ("Zoo", "172.16.0.12"), ("db", "172.16.0.11")]);
    assert_eq!(
        block,
        "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n\
         172.16.0.12 Zoo\n172.16.0.11 db\n172.16.0.10 web\n# END RAGNATRAMP\n"
    );
    assert_eq!(
        render([]),
        "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n# END RAGNATRAMP\n"
    );
}

#[test]
fn names_are_sorted_by_all_of_their_bytes_and_each_address_is_printed_whole() {
    let long = "a-name-of-16-chr";
    let names = [
        "b",
        "a",
        "a\0",
        "",
        long,
        "a-name-of-16-chs",
        "a-name-of-16-chr-2",
        "a-name-of-16-chr-1",
        "\u{e4}",
        "Z",
    ];
    let address = |at: usize| Ipv4Addr::new(255, 100 + at as u8, 9, at as u8);
    let peers = || names.iter().enumerate().map(|(at, name)| (*name, address(at)));
    let twice = [(long, address(9)), (long, Ipv4Addr::new(10, 0, 99, 1))];
    let mut sorted: Vec<_> = peers().chain(twice).collect();
    sorted.sort_unstable();
    let lines: Vec<String> = sorted.iter().map(|(name, ipv4)| format!("{ipv4} {name}")).collect();
    let block = render(twice.into_iter().chain(peers()));
    let lines = format!(
        "# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n{}\n# END RAGNATRAMP\n",
        lines.join("\n")
    );
    assert_eq!(block, lines);
}

#[test]
fn own_name_on_a_loopback_address_is_noticed_with_its_line() {
    for entry in ["127.0.1.1 web.lab web", "127.0.0.1\tlocalhost WEB", "::1 web # mine", "127.0.1.1 web\r"] {
        let found = warnings(format!("10.0.0.1 nas\n{entry}\n").as_bytes(), "web");
        assert_eq!(found.len(), 1, "{entry}");
        assert_eq!((found[0].kind, found[0].line), (HostsWarningKind::OwnNameOnLoopback, Some(2)));
    }
    for entry in
        ["127.0.1.1 webb web.lab", "127.0.1.1 db # web", "#127.0.1.1 web", "172.16.0.1 web", "web 127.0.1.1"]
    {
        assert_eq!(warnings(format!("{entry}\n").as_bytes(), "web"), [], "{entry}");
    }
}

#[test]
fn the_header_of_cloud_init_is_noticed_with_its_line() {
    let file = b"# caf\xe9\n# Your system has configured 'manage_etc_hosts' as True.\n# As a result, ...\n127.0.0.1 localhost\n";
    let found = warnings(file, "web");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].line), (HostsWarningKind::CloudInitManagesHosts, Some(2)));
    assert_eq!(warnings(b"# manage_etc_hosts was set to false here\n", "web"), []);
}

#[test]
fn every_case_of_a_warning_gives_its_kind_line_and_text() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/hosts-warning-cases.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 24);
    for case in cases {
        let input = match (&case["input"], &case["input_base64"]) {
            (Value::String(text), _) => text.clone().into_bytes(),
            (_, base64) => STANDARD.decode(base64.as_str().unwrap()).unwrap(),
        };
        let merged = merge(&input, vectors["block"].as_str().unwrap()).unwrap();
        let found = serde_json::to_value(warnings(&merged.bytes, "web")).unwrap();
        let pick = |w: &Value| json!([w["kind"], w["line"], w["text"]]);
        let picked = |list: &Value| list.as_array().unwrap().iter().map(pick).collect::<Vec<_>>();
        assert_eq!(picked(&found), picked(&case["warnings"]), "{}", case["name"]);
    }
}

fn shown(lines: &[DiffLine]) -> Vec<String> {
    let sign = |side| match side {
        Side::Both => ' ',
        Side::Before => '-',
        Side::After => '+',
    };
    lines.iter().map(|line| format!("{}{} {}", sign(line.side), line.line, line.text)).collect()
}

#[test]
fn a_change_shows_the_lines_that_differ_and_three_around_them() {
    let before = b"a\nb\nc\nd\n# BEGIN RAGNATRAMP\n172.16.0.1 db\n172.16.0.2 web\n# END RAGNATRAMP\ne\n";
    let after =
        b"a\nb\nc\nd\n# BEGIN RAGNATRAMP\n172.16.0.1 db\n172.29.0.2 web\n172.29.0.3 x\n# END RAGNATRAMP\ne\n";
    assert_eq!(
        shown(&diff_lines(before, after)),
        [
            " 4 d",
            " 5 # BEGIN RAGNATRAMP",
            " 6 172.16.0.1 db",
            "-7 172.16.0.2 web",
            "+7 172.29.0.2 web",
            "+8 172.29.0.3 x",
            " 9 # END RAGNATRAMP",
            " 10 e",
        ]
    );
}

#[test]
fn no_change_shows_nothing_and_a_first_block_shows_whole() {
    assert_eq!(diff_lines(b"a\nb", b"a\nb"), []);
    assert_eq!(diff_lines(b"", b""), []);
    let merged = merge(b"a", &block_of(&[("web", "172.16.0.1")])).unwrap();
    assert_eq!(
        shown(&diff_lines(b"a", &merged.bytes)),
        [
            "-1 a",
            "+1 a",
            "+2 ",
            "+3 # BEGIN RAGNATRAMP",
            "+4 # Managed by ragnatramp - do not edit this block",
            "+5 172.16.0.1 web",
            "+6 # END RAGNATRAMP",
        ]
    );
}

#[test]
fn lines_that_only_come_or_only_go_are_shown_as_in_a_unified_diff() {
    let (without, with) = (b"a\nb\n", b"a\n172.16.0.1 web\nb\n");
    let text = |lines: &[DiffLine]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(text(&diff_lines(without, with)), [" a", "+172.16.0.1 web", " b"]);
    assert_eq!(text(&diff_lines(with, without)), [" a", "-172.16.0.1 web", " b"]);
}

#[test]
fn only_a_comment_that_says_so_is_told_as_cloud_inits() {
    let told = |line: &str| warnings(format!("{line}\n").as_bytes(), "web").len();
    assert_eq!(told("# manage_etc_hosts: True"), 1);
    for line in ["# it is true", "# manage_etc_hosts: false", "manage_etc_hosts: true"] {
        assert_eq!(told(line), 0, "{line}");
    }
}
