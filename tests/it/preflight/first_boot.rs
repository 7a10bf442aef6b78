//! User-data that cannot be read is told before anything is made, and only where it is needed.

use ragnatramp::config::CloudInit;
use ragnatramp::error::Code;
use ragnatramp::lifecycle::Presence;

use super::{ERROR, Host};

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

#[test]
fn user_data_is_looked_at_only_where_a_disc_is_still_to_be_written() {
    let mut host = with_user_data(Host::new(&["web"]));
    host.present.insert(USER_DATA.into(), Presence::File);
    assert!(host.find().is_empty());
    let mut born = with_user_data(Host::made("web"));
    born.present.insert(USER_DATA.into(), Presence::Absent);
    assert!(born.find().is_empty(), "{:?}", born.find());
}
