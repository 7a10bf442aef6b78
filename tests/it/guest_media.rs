//! The disc image of the guest's files: read back record by record, in both trees. That others read it too is seen by
//! tests/guest/iso.sh.

use std::collections::BTreeMap;

use ragnatramp::error::Code;
use ragnatramp::guest::media::{File, MediaFormat, cloud_init, image, media};
use sha2::{Digest, Sha256};

const SECTOR: usize = 2048;

fn number(bytes: &[u8], at: usize) -> usize {
    let little = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let big = u32::from_be_bytes(bytes[at + 4..at + 8].try_into().unwrap());
    assert_eq!(little, big, "both byte orders, at {at}");
    little as usize
}

fn name(identifier: &[u8], is_joliet: bool) -> String {
    if !is_joliet {
        return String::from_utf8(identifier.to_vec()).unwrap();
    }
    let units: Vec<u16> = identifier.chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
    String::from_utf16(&units).unwrap()
}

/// Every file below the directory at `sector`: path and contents. `parent` is where its `..` must lead.
fn walk(image: &[u8], sector: usize, parent: usize, is_joliet: bool) -> BTreeMap<String, Vec<u8>> {
    let own = &image[sector * SECTOR..];
    let length = number(own, 10);
    assert_eq!(length % SECTOR, 0, "a directory is whole sectors long");
    let (mut at, mut place, mut files) = (0, 0, BTreeMap::new());
    let mut names = Vec::new();
    while at < length {
        let size = own[at] as usize;
        if size == 0 {
            at = (at / SECTOR + 1) * SECTOR;
            continue;
        }
        assert!(at % SECTOR + size <= SECTOR, "no record crosses a sector");
        let record = &own[at..at + size];
        let (start, bytes, is_directory) = (number(record, 2), number(record, 10), record[25] == 2);
        let identifier = &record[33..33 + record[32] as usize];
        match place {
            0 => assert_eq!((identifier, start, is_directory), (&[0][..], sector, true)),
            1 => assert_eq!((identifier, start, is_directory), (&[1][..], parent, true)),
            _ => {
                let name = name(identifier, is_joliet);
                names.push(name.clone());
                if is_directory {
                    for (below, contents) in walk(image, start, sector, is_joliet) {
                        files.insert(format!("{name}/{below}"), contents);
                    }
                } else {
                    files.insert(name, image[start * SECTOR..start * SECTOR + bytes].to_vec());
                }
            }
        }
        place += 1;
        at += size;
    }
    let mut sorted = names.clone();
    let key = |name: &String| {
        let name = name.trim_end_matches(";1");
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        (stem.to_owned(), extension.to_owned())
    };
    sorted.sort_by_key(key);
    assert_eq!(names, sorted);
    files
}

/// The tree of the descriptor in this sector.
pub(crate) fn read(image: &[u8], descriptor: usize) -> BTreeMap<String, Vec<u8>> {
    let volume = &image[descriptor * SECTOR..(descriptor + 1) * SECTOR];
    assert_eq!(&volume[1..6], b"CD001");
    assert_eq!(number(volume, 80) * SECTOR, image.len());
    let root = number(volume, 158);
    // The path tables name the root first, in either byte order.
    let little = u32::from_le_bytes(volume[140..144].try_into().unwrap()) as usize * SECTOR;
    let big = u32::from_be_bytes(volume[148..152].try_into().unwrap()) as usize * SECTOR;
    assert_eq!(image[little + 2..little + 6], (root as u32).to_le_bytes());
    assert_eq!(image[big + 2..big + 6], (root as u32).to_be_bytes());
    walk(image, root, root, volume[0] == 2)
}

fn some_files() -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("install.sh".into(), b"#!/bin/sh\n".to_vec()),
        ("meta-data".into(), Vec::new()),
        ("systemd/ragnatramp-guest.path".into(), vec![7; SECTOR]),
        ("systemd/ragnatramp-guest.service".into(), vec![0xFF; SECTOR + 1]),
        ("systemd/deep/er/x".into(), b"x".to_vec()),
        ("a-b".into(), b"1".to_vec()),
        ("a.x".into(), b"2".to_vec()),
    ];
    // More records than a sector holds.
    files.extend((0..60).map(|number| (format!("many/file-of-a-long-name-{number:02}"), vec![number])));
    files
}

fn make(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let files: Vec<_> = files.iter().map(|(name, bytes)| File { name, bytes }).collect();
    image("cidata", &files).unwrap()
}

#[test]
fn joliet_has_the_names_as_they_are_and_iso_9660_in_capitals() {
    let files = some_files();
    let image = make(&files);
    let joliet: BTreeMap<_, _> =
        files.iter().map(|(name, bytes)| (format!("{name};1"), bytes.clone())).collect();
    assert_eq!(read(&image, 17), joliet);
    let plain = |(name, bytes): &(String, Vec<u8>)| {
        let (folder, file) = name.rsplit_once('/').map_or(("", name.as_str()), |(f, n)| (f, n));
        let dotted = if file.contains('.') { file.to_owned() } else { format!("{file}.") };
        let path = if folder.is_empty() { dotted } else { format!("{folder}/{dotted}") };
        (format!("{};1", path.replace('-', "_").to_uppercase()), bytes.clone())
    };
    assert_eq!(read(&image, 16), files.iter().map(plain).collect());
}

#[test]
fn the_label_is_where_cloud_init_looks_for_it() {
    let image = make(&some_files());
    assert_eq!(&image[16 * SECTOR..16 * SECTOR + 7], b"\x01CD001\x01");
    assert_eq!(&image[16 * SECTOR + 40..16 * SECTOR + 72], format!("{:32}", "cidata").as_bytes());
    assert_eq!(&image[17 * SECTOR..17 * SECTOR + 7], b"\x02CD001\x01");
    assert_eq!(&image[17 * SECTOR + 40..17 * SECTOR + 54], b"\0c\0i\0d\0a\0t\0a\0 ");
    assert_eq!(&image[17 * SECTOR + 88..17 * SECTOR + 91], b"%/E");
    assert_eq!(&image[18 * SECTOR..18 * SECTOR + 7], b"\xffCD001\x01");
}

#[test]
fn only_a_seed_that_is_asked_for_is_one_to_cloud_init() {
    let label = |image: &[u8]| String::from_utf8(image[16 * SECTOR + 40..16 * SECTOR + 72].to_vec()).unwrap();
    let made = |format| media(format, &[("install.sh", 2)], b"#!").unwrap();
    let (plain, seed) = (made(MediaFormat::Iso), made(MediaFormat::Seed));
    assert_eq!(label(&plain).trim_end(), "RAGNATRAMP");
    assert_eq!(
        read(&plain, 17).into_keys().collect::<Vec<_>>(),
        ["install.sh;1"],
        "no meta-data of a new instance"
    );
    assert_eq!(label(&seed).trim_end(), "cidata");
    assert_eq!(
        read(&seed, 17).into_keys().collect::<Vec<_>>(),
        ["install.sh;1", "meta-data;1", "user-data;1"]
    );
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let first = make(&some_files());
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(first, make(&some_files()));
}

#[test]
fn nothing_in_it_is_an_image_too() {
    assert!(read(&make(&[]), 17).is_empty());
}

#[test]
fn what_a_tree_could_not_hold_is_refused() {
    let long = "a".repeat(31);
    let cases: [&[&str]; 9] =
        [&["a b"], &["ä"], &[""], &["a//b"], &[".."], &[&long], &["a", "a"], &["a-b", "A_B"], &["a", "a/b"]];
    for names in cases {
        let files: Vec<_> = names.iter().map(|name| File { name, bytes: b"" }).collect();
        assert_eq!(image("cidata", &files).unwrap_err().code, Code::InvalidRequest, "{names:?}");
    }
    for label in ["", "longer-than-16-ch", "ä"] {
        assert_eq!(image(label, &[]).unwrap_err().code, Code::InvalidRequest, "{label}");
    }
}

#[test]
fn the_seed_of_cloud_init_writes_every_file_and_installs_them() {
    let files = [
        File { name: "ragnatramp-guest", bytes: b"\x00\xFF!" },
        File { name: "install.sh", bytes: b"#!/bin/sh\n" },
        File { name: "systemd/a.path", bytes: b"" },
    ];
    let seed = cloud_init(&files);
    let expected = "#cloud-config
# Installs what takes the names of a Ragnatramp lab from Hyper-V. Needs the distribution's Hyper-V daemons.
write_files:
  - path: /usr/lib/ragnatramp/guest/install.sh
    permissions: '0755'
    encoding: b64
    content: IyEvYmluL3NoCg==
  - path: /usr/lib/ragnatramp/guest/ragnatramp-guest
    permissions: '0755'
    encoding: b64
    content: AP8h
  - path: /usr/lib/ragnatramp/guest/systemd/a.path
    permissions: '0755'
    encoding: b64
    content: 
runcmd:
  - [sh, /usr/lib/ragnatramp/guest/install.sh]
";
    assert_eq!(seed.user_data, expected);
    let digest = Sha256::digest(expected.as_bytes());
    let digest: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(seed.meta_data, format!("instance-id: ragnatramp-guest-{digest}\n"));
}

#[test]
fn the_id_of_the_instance_changes_with_the_files_and_not_with_their_order() {
    let (one, two) = (File { name: "a", bytes: b"1" }, File { name: "b", bytes: b"2" });
    assert_eq!(cloud_init(&[one, two]), cloud_init(&[two, one]));
    let newer = File { bytes: b"3", ..two };
    assert_ne!(cloud_init(&[one, two]).meta_data, cloud_init(&[one, newer]).meta_data);
}
