//! The scheduled task of a watch: which one it is, which are ours, and what is in the way.

use ragnatramp::error::Code;
use ragnatramp::ownership::notes;
use ragnatramp::watch::{OwnTask, RegisteredTask, own, watch_task};

const CONFIG: &str = r"C:\lab\ragnatramp.yaml";
const OTHER: &str = r"C:\other\ragnatramp.yaml";

fn task(name: &str, description: &str) -> RegisteredTask {
    RegisteredTask { name: name.to_owned(), description: Some(description.to_owned()) }
}

#[test]
fn its_name_is_that_of_the_lab_and_its_description_has_the_marker_of_our_vms() {
    let wanted = watch_task("lab", CONFIG, &[]).unwrap();
    let vm = ragnatramp::config::names::VmNames::new("lab", CONFIG);
    assert_eq!(vm.of("web"), wanted.name.replacen("lab-", "lab-web-", 1));
    assert!(wanted.description.ends_with(&format!("\n{}", notes(CONFIG))), "{wanted:?}");
    let registered = [task(&wanted.name, &wanted.description)];
    assert_eq!(watch_task("lab", CONFIG, &registered).unwrap(), wanted, "the same again");
    assert_eq!(own(CONFIG, &registered), [OwnTask { index: 0, project: "lab".into() }]);
}

#[test]
fn two_configs_of_one_project_have_a_task_each() {
    let (one, two) = (watch_task("lab", CONFIG, &[]).unwrap(), watch_task("lab", OTHER, &[]).unwrap());
    assert_ne!(one.name, two.name);
    let both = [task(&two.name, &two.description), task(&one.name, &one.description)];
    assert_eq!(own(CONFIG, &both), [OwnTask { index: 1, project: "lab".into() }]);
    assert_eq!(own(&CONFIG.to_uppercase().replace('\\', "/"), &both)[0].index, 1, "the same file to Windows");
}

#[test]
fn a_task_is_known_by_its_marker_whatever_it_is_named() {
    let before = watch_task("before", CONFIG, &[]).unwrap();
    let of_windows = before.description.replace('\n', "\r\n");
    let tasks = [task(&before.name, &of_windows), task("renamed by hand", &before.description)];
    let wanted = watch_task("after", CONFIG, &tasks).unwrap();
    assert_ne!(wanted.name, before.name);
    let found = own(CONFIG, &tasks);
    assert_eq!(found.iter().map(|own| own.project.as_str()).collect::<Vec<_>>(), ["before", ""]);
}

#[test]
fn what_is_not_marked_is_never_ours_and_one_of_our_name_is_in_the_way() {
    let wanted = watch_task("lab", CONFIG, &[]).unwrap();
    let other = watch_task("lab", OTHER, &[]).unwrap();
    let half = format!("config:{CONFIG}");
    for description in ["", "mine", half.as_str(), "managed:true", other.description.as_str()] {
        for name in [wanted.name.clone(), wanted.name.to_uppercase()] {
            let tasks = [task(&name, description)];
            assert!(own(CONFIG, &tasks).is_empty(), "{description}");
            let error = watch_task("lab", CONFIG, &tasks).unwrap_err();
            assert_eq!(error.code, Code::OwnershipVerificationFailed, "{description}");
            assert!(error.message.contains(&name), "{error}");
        }
    }
    let nothing = RegisteredTask { name: wanted.name.clone(), description: None };
    assert!(own(CONFIG, std::slice::from_ref(&nothing)).is_empty());
    assert!(watch_task("lab", CONFIG, &[nothing]).is_err());
    assert!(watch_task("lab", CONFIG, &[task("another", "mine")]).is_ok(), "not in the way");
}
