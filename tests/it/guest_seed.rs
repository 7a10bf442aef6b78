//! The disc that names a machine at its first boot, read back file by file. What cloud-init makes of it is seen by
//! tests/guest/cloud-init.sh.

use std::collections::BTreeMap;

use ragnatramp::error::Code;
use ragnatramp::guest::media::{File, Seed, seed};

use crate::guest_media::read;

const ID: &str = "0f3c5a1e-9b0d-4d6e-8f11-2a3b4c5d6e7f";

fn make(user_data: Option<&[u8]>, files: &[File<'_>]) -> Vec<u8> {
    seed(&Seed { instance_id: ID, host_name: "web-1", user_data, files }).unwrap()
}

fn contents(image: &[u8]) -> BTreeMap<String, String> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    read(image, 17).into_iter().map(|(name, bytes)| (name.replace(";1", ""), text(bytes))).collect()
}

#[test]
fn a_seed_has_the_four_files_of_nocloud_in_its_root() {
    let files = contents(&make(None, &[]));
    assert_eq!(files.keys().collect::<Vec<_>>(), ["meta-data", "network-config", "user-data", "vendor-data"]);
    assert_eq!(files["meta-data"], format!("instance-id: \"{ID}\"\nlocal-hostname: \"web-1\"\n"));
    assert_eq!(files["user-data"], "#cloud-config\n{}\n");
}

#[test]
fn clones_are_told_apart_by_their_mac_and_no_mac_is_named() {
    let network = contents(&make(None, &[])).remove("network-config").unwrap();
    for line in
        ["version: 2", "  eth0:", "      driver: hv_netvsc", "    dhcp4: true", "    dhcp-identifier: mac"]
    {
        assert!(network.lines().any(|one| one == line), "{line}: {network}");
    }
    assert!(!network.contains("macaddress"), "the MAC is not known before the first start: {network}");
}

#[test]
fn the_users_own_file_is_handed_on_byte_for_byte() {
    for bytes in [&b"\xEF\xBB\xBF#cloud-config\r\npackages: [git]"[..], b"", b"#!/bin/sh\n\x00\xFF\n"] {
        let image = make(Some(bytes), &[]);
        assert_eq!(read(&image, 17)["user-data;1"], bytes);
        assert_eq!(read(&image, 16)["USER_DATA.;1"], bytes);
    }
}

#[test]
fn no_key_of_the_users_own_can_take_the_place_of_what_installs_the_guest_files() {
    let vendor =
        contents(&make(Some(b"#cloud-config\nruncmd: [[true]]\n"), &[])).remove("vendor-data").unwrap();
    assert!(vendor.starts_with("#!/bin/sh\n"), "a cloud-config's runcmd would give way: {vendor}");
    assert!(vendor.ends_with("\nexit 0\n"), "a machine without a network has no failed boot");
}

#[test]
fn every_guest_file_is_written_whole_and_then_installed() {
    let long = vec![0xA5; 200];
    let files = [
        File { name: "systemd/a.path", bytes: b"" },
        File { name: "install.sh", bytes: b"#!/bin/sh\n" },
        File { name: "ragnatramp-guest", bytes: &long },
    ];
    let vendor = contents(&make(None, &files)).remove("vendor-data").unwrap();
    assert!(!vendor.contains("#@files"));
    assert!(
        vendor.contains("\nput install.sh <<'END'\nIyEvYmluL3NoCg==\nEND\nput ragnatramp-guest <<'END'\n")
    );
    assert!(vendor.contains("\nput systemd/a.path <<'END'\nEND\nsh \"$folder/install.sh\" ||"), "{vendor}");
    assert!(vendor.lines().all(|line| line.len() <= 132), "{vendor}");
    let reversed: Vec<_> = files.iter().rev().copied().collect();
    assert_eq!(make(None, &files), make(None, &reversed), "the same seed has the same bytes");
}

#[test]
fn what_would_be_another_line_of_the_meta_data_is_refused() {
    for text in ["", "a b", "a\nlocal-hostname: b", "a\"b", "ä", "${x}"] {
        let named = Seed { instance_id: ID, host_name: text, user_data: None, files: &[] };
        let known = Seed { instance_id: text, host_name: "web", user_data: None, files: &[] };
        for one in [named, known] {
            assert_eq!(seed(&one).unwrap_err().code, Code::InvalidRequest, "{text:?}");
        }
    }
}
