//! What the first boot of machines is told by and cannot be read, and what does not listen, is told before anything is made, and
//! only where it is needed.

use ragnatramp::config::{CloudInit, Unattend};
use ragnatramp::error::Code;
use ragnatramp::image::System;
use ragnatramp::lifecycle::Presence;

use super::{ERROR, Host, WARNING};

const USER_DATA: &str = "D:\\lab\\web.yaml";

fn with_user_data(mut host: Host) -> Host {
    for machine in &mut host.config.machines {
        machine.cloud_init = Some(CloudInit { user_data: Some(USER_DATA.into()) });
    }
    host
}

#[test]
fn user_data_that_cannot_be_read_is_told_once_with_all_its_machines() {
    for (presence, what) in [
        (Presence::Absent, "is not there"),
        (Presence::Other, "is no file"),
        (Presence::Unknown("denied".into()), "cannot be read (denied)"),
    ] {
        let mut host = with_user_data(Host::new(&["web", "db"]));
        host.present.insert(USER_DATA.into(), presence);
        let finding = host.only();
        assert_eq!((finding.code, finding.severity), (Code::UserDataUnreadable, ERROR));
        assert_eq!(finding.message, format!("web, db: the user-data {USER_DATA} {what}."));
        assert_eq!(finding.path.as_deref(), Some(USER_DATA));
    }
}

/// A host whose machines are told their names by answer files.
fn unattended(mut host: Host, own: Option<&str>) -> Host {
    for machine in &mut host.config.machines {
        machine.unattend = Some(Unattend { answer_file: own.map(str::to_owned) });
    }
    host
}

#[test]
fn an_answer_file_that_cannot_be_read_is_told_once_with_all_its_machines() {
    let mut host = unattended(Host::new(&["web", "db"]), Some("D:\\lab\\own.xml"));
    host.present.insert("D:\\lab\\own.xml".into(), Presence::Absent);
    host.system = System::Windows;
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::AnswerFileUnreadable, ERROR));
    assert_eq!(finding.message, "web, db: the answer file D:\\lab\\own.xml is not there.");
    assert!(finding.remedy.contains("unattend"), "{}", finding.remedy);
}

#[test]
fn an_image_of_linux_is_told_once_where_an_answer_file_is_to_name_its_machines() {
    let mut host = unattended(Host::new(&["web", "db"]), None);
    host.system = System::Linux;
    let finding = host.only();
    assert_eq!((finding.code, finding.severity), (Code::ImageUnusable, WARNING));
    assert!(finding.message.starts_with("web, db: the base image "), "{}", finding.message);
    assert!(finding.remedy.contains("cloud_init"), "{}", finding.remedy);
    for system in [System::Windows, System::Unknown] {
        host.system = system;
        assert!(host.find().is_empty(), "{system:?}");
    }
    let mut seeded = with_user_data(Host::new(&["web"]));
    seeded.present.insert(USER_DATA.into(), Presence::File);
    seeded.system = System::Linux;
    assert!(seeded.find().is_empty());
    let mut born = unattended(Host::made("web"), None);
    born.system = System::Linux;
    assert!(born.find().is_empty(), "its first boot is over");
}

#[test]
fn user_data_is_looked_at_only_where_a_disc_is_still_to_be_written() {
    let mut host = with_user_data(Host::new(&["web"]));
    host.present.insert(USER_DATA.into(), Presence::File);
    assert!(host.find().is_empty());
    let mut born = with_user_data(Host::made("web"));
    born.present.insert(USER_DATA.into(), Presence::Absent);
    assert!(born.find().is_empty(), "{:?}", born.find());
}
