//! Processors, memory, firmware and switch: what is not as the config says is set, and nothing else.

use ragnatramp::config::DynamicMemory;
use ragnatramp::lifecycle::{Action, Firmware, Goal, Step, VmDetails};

use crate::lab::DEFAULT_SWITCH;
use crate::lifecycle_model::{Host, start};

const MB: u64 = 1024 * 1024;

type Change<T> = fn(&mut T);

fn planned(host: &Host) -> Action {
    host.action(&start(), "web")
}

/// A lab that is made, and off.
fn off() -> Host {
    let mut host = Host::up(&["web"]);
    host.vm("web").facts.state = "Off".into();
    host
}

#[test]
fn force_changes_what_differs_and_nothing_else() {
    let set = planned(&Host::new(&["web"])).steps.into_iter().find(|step| matches!(step, Step::SetVM(_)));
    let set = set.unwrap();
    let connect = Step::ConnectSwitch { switch_id: DEFAULT_SWITCH };
    let cases: [(Change<VmDetails>, Option<&Step>); 6] = [
        (|_| {}, None),
        (|vm| vm.processor_count += 1, Some(&set)),
        (|vm| vm.memory_startup_bytes += MB, Some(&set)),
        (|vm| vm.dynamic_memory = true, Some(&set)),
        (|vm| vm.automatic_checkpoints = true, Some(&set)),
        (|vm| vm.switch_ids.clear(), Some(&connect)),
    ];
    for (index, (change, step)) in cases.into_iter().enumerate() {
        let mut host = off();
        change(&mut host.vm("web").details);
        let expected: Vec<Step> = step.cloned().into_iter().chain([Step::StartVM]).collect();
        assert_eq!(host.action(&Goal::Start { force: true }, "web").steps, expected, "{index}");
    }
}

#[test]
fn memory_that_is_not_as_the_config_says_is_told_in_megabytes() {
    let mend = "Start-RagnaMachine -Force changes it";
    let mut host = off();
    let details = &mut host.vm("web").details;
    details.memory_startup_bytes = 1024 * MB;
    details.dynamic_memory = true;
    (details.memory_minimum_bytes, details.memory_maximum_bytes) = (512 * MB, 4096 * MB);
    let told = "1024 MB (dynamic, 512 to 4096 MB) of memory, the config says 2048 MB";
    assert_eq!(planned(&host).drift, [format!("{told}; {mend}")]);

    let mut host = off();
    host.config.machines[0].dynamic_memory = Some(DynamicMemory { min: 256, max: 8192 });
    let told = "2048 MB of memory, the config says 2048 MB (dynamic, 256 to 8192 MB)";
    assert_eq!(planned(&host).drift, [format!("{told}; {mend}")]);
}

#[test]
fn a_creation_that_was_interrupted_sets_the_firmware_only_where_it_is_not_set() {
    let sets = |step: &Step| matches!(step, Step::SetFirmware { .. });
    let mut host = Host::new(&["web"]);
    let before = planned(&host).steps.iter().position(sets).unwrap();
    host.run_cut(&start(), &[], before + 1);
    let changes: [(Change<Firmware>, bool); 3] = [
        (|_| {}, false),
        (|firmware| firmware.secure_boot = false, true),
        (|firmware| firmware.template_id.clear(), true),
    ];
    for (index, (change, expected)) in changes.into_iter().enumerate() {
        let mut host = host.clone();
        change(host.vm("web").details.firmware.as_mut().unwrap());
        assert_eq!(planned(&host).steps.iter().any(sets), expected, "{index}");
    }
}
