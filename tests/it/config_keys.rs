//! The keys that the original tool does not know: `generation`, `secure_boot`, `dynamic_memory`, `cloud_init`, `unattend`,
//! `depends_on` and `ssh_config`; and that
//! memory is a multiple of 2 MB. The cases stand in config-keys.json, with which the schema is judged, too.

use crate::config_support::{VALID, parse_on};
use ragnatramp::config::{Config, DynamicMemory, Generation, Platform, SecureBoot};
use serde_json::{Value, json};

/// `line:column path: message` of each fault, with `; ` and the suggestion where there is one.
fn faults(text: &str) -> Vec<String> {
    let faults =
        parse_on(Platform::Windows, text.as_bytes()).map_or_else(|error| error.faults, |_| Vec::new());
    let said = faults.iter().map(|fault| {
        let suggestion = fault.suggestion.as_ref().map(|meant| format!("; {meant}")).unwrap_or_default();
        format!("{}:{} {}: {}{suggestion}", fault.line, fault.column, fault.path, fault.message)
    });
    said.collect()
}

/// The machines of a valid config, without what each machine has.
fn machines(text: &str) -> Vec<Value> {
    let config = parse_on(Platform::Windows, text.as_bytes()).unwrap();
    let mut machines = config.machines.iter().map(|machine| json!(machine)).collect::<Vec<_>>();
    for machine in &mut machines {
        let machine = machine.as_object_mut().unwrap();
        machine.retain(|key, _| !["name", "cpu", "baseImage", "diskStrategy"].contains(&key.as_str()));
        machine.retain(|key, value| key != "memory" || *value != 2048);
    }
    machines
}

/// Every case of one kind comes out as it says; there are `count`.
fn holds(kind: &str, count: usize) {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/config-keys.json")).unwrap();
    let cases: Vec<&Value> =
        vectors["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == kind).collect();
    assert_eq!(cases.len(), count, "{kind}");
    for case in cases {
        let text = case["yaml"].as_str().unwrap();
        match case["faults"].as_array() {
            Some(wanted) => assert_eq!(json!(faults(text)), json!(wanted), "{text}"),
            None => {
                assert_eq!(faults(text), [""; 0], "{text}");
                let mut wanted = case["found"].as_array().unwrap().clone();
                for machine in &mut wanted {
                    machine.as_object_mut().unwrap().retain(|key, value| key != "memory" || *value != 2048);
                }
                assert_eq!(machines(text), wanted, "{text}");
            }
        }
    }
}

#[test]
fn a_generation_that_is_neither_1_nor_2_is_a_fault() {
    holds("generation", 14);
}

#[test]
fn a_vhd_for_generation_2_is_a_fault_at_the_generation() {
    holds("vhd", 10);
}

#[test]
fn an_ssh_config_that_is_neither_true_nor_false_is_a_fault() {
    holds("ssh_config", 4);
    let is_on = |value: &str| {
        let text = format!("{VALID}settings: {{ssh_config: {value}}}\n");
        parse_on(Platform::Windows, text.as_bytes()).unwrap().ssh_config
    };
    assert!(is_on("true") && !is_on("false"));
    assert!(!parse_on(Platform::Windows, VALID.as_bytes()).unwrap().ssh_config);
}

#[test]
fn a_secure_boot_that_is_neither_on_nor_off_is_a_fault() {
    holds("secure_boot", 16);
}

#[test]
fn dynamic_memory_without_two_amounts_is_a_fault() {
    holds("dynamic_memory", 12);
}

#[test]
fn cloud_init_that_is_neither_true_nor_false_nor_names_a_file_is_a_fault() {
    holds("cloud_init", 17);
}

#[test]
fn unattend_that_is_neither_true_nor_false_nor_names_a_file_is_a_fault() {
    holds("unattend", 15);
}

#[test]
fn a_machine_that_is_told_its_name_as_linux_and_as_windows_is_a_fault_that_names_both_places() {
    holds("two systems", 5);
}

#[test]
fn a_name_that_windows_setup_does_not_take_is_a_fault_at_the_name() {
    holds("computer name", 3);
}

#[test]
fn memory_outside_its_bounds_is_a_fault_that_names_both() {
    holds("bounds", 11);
}

#[test]
fn an_odd_number_of_megabytes_is_a_fault_that_suggests_the_next() {
    holds("odd", 3);
}

#[test]
fn a_dependency_that_is_no_name_is_a_fault() {
    holds("depends_on", 9);
}

#[test]
fn a_dependency_on_no_machine_is_a_fault_that_suggests_one() {
    holds("unknown", 7);
}

#[test]
fn a_machine_that_depends_on_itself_is_a_fault() {
    holds("itself", 2);
}

#[test]
fn a_dependency_named_twice_is_a_fault_with_both_places() {
    holds("twice", 1);
}

#[test]
fn a_circle_of_dependencies_is_one_fault_that_names_all_of_it() {
    holds("circle", 5);
}

#[test]
fn a_misspelt_key_leads_to_the_key_that_is_meant() {
    holds("key", 10);
}

#[test]
fn a_config_with_all_of_them_comes_back_from_its_json() {
    let text = VALID.replace(
        "- name: web",
        "- {name: web, generation: 2, secure_boot: off, dynamic_memory: {min: 512, max: 4096}, depends_on: db}\n  \
         - name: db",
    );
    let config = parse_on(Platform::Posix, text.as_bytes()).unwrap();
    let machine = &config.machines[0];
    assert_eq!(machine.generation, Some(Generation::Two));
    assert_eq!(machine.secure_boot, Some(SecureBoot::Off));
    assert_eq!(machine.dynamic_memory, Some(DynamicMemory { min: 512, max: 4096 }));
    assert_eq!(machine.depends_on, ["db"]);
    let again: Config = serde_json::from_str(&serde_json::to_string(&config).unwrap()).unwrap();
    assert_eq!(again, config);
    let third = json!(config).to_string().replace("\"generation\":2", "\"generation\":3");
    assert!(serde_json::from_str::<Config>(&third).unwrap_err().to_string().contains("no generation 3"));
}

/// Without a bound, aliases of one long list would make more dependencies than a text has bytes.
#[test]
fn dependencies_are_bounded_in_number() {
    let names: Vec<String> = (0..2_000).map(|number| format!("m{number}")).collect();
    let listed = format!("x-all: &all [{}]\n{VALID}", names.join(", "));
    let machines: String =
        names.iter().map(|name| format!("  - {{name: {name}, depends_on: *all}}\n")).collect();
    let found = faults(&(listed + &machines));
    let too_many = found.iter().filter(|fault| fault.ends_with("a config has 100000 dependencies at most"));
    assert_eq!(too_many.count(), 1_950);
}

#[test]
fn a_circle_of_any_length_is_found_on_a_small_stack() {
    const MACHINES: usize = 50_000;
    let lines =
        |number: usize| format!("  - {{name: m{number}, depends_on: m{}}}\n", (number + 1) % MACHINES);
    let text =
        format!("{}{}", VALID.replace("  - name: web\n", ""), (0..MACHINES).map(lines).collect::<String>());
    let read = move || faults(&text);
    let found = std::thread::Builder::new().stack_size(256 << 10).spawn(read).unwrap().join().unwrap();
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("6:28 machines[0].depends_on: a circle: m0 -> m1 -> m2 -> "),
        "{}",
        &found[0][..80]
    );
    assert!(found[0].ends_with(" -> m49999 -> m0"));
}

#[test]
fn each_unknown_dependency_is_told_up_to_the_bound() {
    let lines = |number: usize| format!("  - {{name: m{number}, depends_on: n{number}x}}\n");
    let text = format!("{VALID}{}", (0..20_000).map(lines).collect::<String>());
    assert_eq!(faults(&text).len(), 10_000);
}
