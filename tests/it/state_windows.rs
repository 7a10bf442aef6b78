//! What only Windows does: a file that somebody has open cannot be replaced.

use std::fs::{self, File, OpenOptions};
use std::os::windows::fs::OpenOptionsExt;
use std::thread;
use std::time::Duration;

use crate::state_lab::{Lab, address, learn};
use ragnatramp::error::Code;
use ragnatramp::state::LockOptions;

const SHARE_NOTHING: u32 = 0;
const SHARE_READ: u32 = 1;

fn hold(lab: &Lab, share: u32) -> File {
    OpenOptions::new().read(true).share_mode(share).open(lab.file("state.json")).unwrap()
}

#[test]
fn a_state_that_stays_open_elsewhere_is_given_up_and_left_as_it_is() {
    let lab = Lab::new();
    let before = lab.bytes("state.json");
    for share in [SHARE_READ, SHARE_NOTHING] {
        let held = hold(&lab, share);
        let store = lab.store().with_retry_limit(Duration::from_millis(50));
        let error = store.update(LockOptions::default(), learn("172.20.0.1")).unwrap_err();
        assert_eq!(error.code, Code::StateIoFailed);
        assert!(error.message.contains("another program has held it"), "{error}");
        assert!(error.remedy.unwrap().contains("a virus scanner"));
        drop(held);
        assert_eq!(lab.bytes("state.json"), before);
        // The second name of the old state can be as little removed as the first, until the next save sweeps it.
        let left: Vec<_> = lab.names().into_iter().filter(|name| name.ends_with(".tmp")).collect();
        assert!(left.iter().all(|name| lab.bytes(name) == before), "{left:?}");
    }
    assert!(lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap().written);
    assert_eq!(lab.names(), ["state.json", "state.json.bak", "state.lock", "state.lock.json"]);
}

#[test]
fn a_state_that_is_open_elsewhere_for_a_moment_is_saved() {
    let lab = Lab::new();
    let held = hold(&lab, SHARE_READ);
    thread::scope(|scope| {
        // Lets go once the save has come as far as its temp file.
        scope.spawn(|| {
            while !lab.names().iter().any(|name| name.ends_with(".tmp")) {
                thread::yield_now();
            }
            drop(held);
        });
        assert!(lab.store().update(LockOptions::default(), learn("172.20.0.1")).unwrap().written);
    });
    assert_eq!(address(&lab.store().read().unwrap().state), "172.20.0.1");
}

#[test]
fn a_state_that_is_read_only_is_left_as_it_is() {
    let lab = Lab::new();
    let before = lab.bytes("state.json");
    let mut permissions = fs::metadata(lab.file("state.json")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(lab.file("state.json"), permissions).unwrap();
    let store = lab.store().with_retry_limit(Duration::from_millis(50));
    let error = store.update(LockOptions::default(), learn("172.20.0.1")).unwrap_err();
    assert!(error.message.contains("it is read-only"), "{error}");
    assert!(error.remedy.unwrap().contains("IsReadOnly"));
    assert_eq!(lab.bytes("state.json"), before);
    assert_eq!(lab.names(), ["state.json", "state.lock", "state.lock.json"], "no temp file");
}
