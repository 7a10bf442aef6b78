//! The disc that names a Windows machine at its first boot, read back file by file.

use ragnatramp::error::Code;
use ragnatramp::guest::media::{Unattend, unattend};
use roxmltree::{Document, Node};

use crate::guest_media::read;

const NAMESPACE: &str = "urn:schemas-microsoft-com:unattend";

fn make(answer_file: Option<&[u8]>) -> Vec<u8> {
    unattend(&Unattend { computer_name: "web-1", answer_file }).unwrap()
}

/// The answer file of a disc; both trees must have it, and nothing else.
fn answer_file(image: &[u8]) -> Vec<u8> {
    let (plain, joliet) = (read(image, 16), read(image, 17));
    assert_eq!(
        joliet.keys().collect::<Vec<_>>(),
        ["Unattend.xml;1"],
        "the name that Windows Setup looks for"
    );
    assert_eq!(plain.keys().collect::<Vec<_>>(), ["UNATTEND.XML;1"]);
    assert_eq!(plain["UNATTEND.XML;1"], joliet["Unattend.xml;1"]);
    joliet["Unattend.xml;1"].clone()
}

fn elements<'a>(node: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
    let elements: Vec<_> = node.children().filter(Node::is_element).collect();
    assert!(elements.iter().all(|one| one.tag_name().namespace() == Some(NAMESPACE)));
    elements
}

#[test]
fn it_names_the_machine_in_the_pass_for_it_on_every_processor_and_says_no_more() {
    let text = String::from_utf8(answer_file(&make(None))).unwrap();
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"), "{text}");
    let document = Document::parse(&text).unwrap();
    assert!(document.root_element().has_tag_name((NAMESPACE, "unattend")));
    let passes = elements(document.root_element());
    assert_eq!(passes.len(), 1);
    assert_eq!(passes[0].attribute("pass"), Some("specialize"));
    let components = elements(passes[0]);
    let of = |name: &str| components.iter().map(|one| one.attribute(name).unwrap()).collect::<Vec<_>>();
    assert_eq!(of("processorArchitecture"), ["amd64", "arm64"]);
    assert_eq!(of("name"), ["Microsoft-Windows-Shell-Setup"; 2]);
    assert_eq!(of("publicKeyToken"), ["31bf3856ad364e35"; 2]);
    assert_eq!(of("language"), ["neutral"; 2]);
    assert_eq!(of("versionScope"), ["nonSxS"; 2]);
    for component in components {
        let said: Vec<_> =
            elements(component).iter().map(|one| (one.tag_name().name(), one.text())).collect();
        assert_eq!(said, [("ComputerName", Some("web-1"))]);
    }
}

#[test]
fn cloud_init_takes_no_such_disc_for_a_seed() {
    let image = make(None);
    assert_eq!(&image[16 * 2048 + 40..][..10], b"RAGNATRAMP");
}

#[test]
fn the_users_own_file_is_handed_on_byte_for_byte() {
    for bytes in [
        &b"\xEF\xBB\xBF<unattend>\r\n<ComputerName>other</ComputerName></unattend>"[..],
        b"",
        b"<ComputerName></ComputerName><ComputerName>**</ComputerName><ComputerName>*",
        b"\xFF\xFE<\0\x00\xFF",
    ] {
        assert_eq!(answer_file(&make(Some(bytes))), bytes);
    }
}

#[test]
fn a_name_that_the_users_own_file_leaves_to_chance_becomes_the_machines() {
    let own =
        b"\xFFa<ComputerName>*</ComputerName>\r\n<ComputerName>*</ComputerName><ComputerName>*</Computer";
    let named = b"\xFFa<ComputerName>web-1</ComputerName>\r\n<ComputerName>web-1</ComputerName><ComputerName>*</Computer";
    assert_eq!(answer_file(&make(Some(own))), named);
}

#[test]
fn what_is_no_computer_name_of_windows_is_refused() {
    assert!(unattend(&Unattend { computer_name: "web-of-15-chars", answer_file: None }).is_ok());
    for name in ["", "web-of-16-chars-", "a b", "a</ComputerName>", "a&b", "\u{e4}", "a\n"] {
        for own in [None, Some(&b"<ComputerName>*</ComputerName>"[..])] {
            let refused = unattend(&Unattend { computer_name: name, answer_file: own }).unwrap_err();
            assert_eq!(refused.code, Code::InvalidRequest, "{name:?}");
        }
    }
}
