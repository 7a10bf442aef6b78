//! Every line of the decision table that is decided here, each in a test of its name.

use crate::lab;
use crate::lab::{NOW, adapter, config, fresh_state, look, neighbour, options, state, vm};
use ragnatramp::discovery::{MachineState, Snapshot, Source};
use ragnatramp::error::Code;
use ragnatramp::guest::SyncStatus;
use ragnatramp::reconcile::{
    DiffEntry, HostSync, Options, ReconcilePlan, StoredIpv4, StoredNetwork, WarningCode, plan_reconcile,
};
use ragnatramp::state::State;
use serde_json::{Map, Value, json};

fn plan(machines: &[&str], known: &State, seen: &Snapshot) -> ReconcilePlan {
    plan_reconcile(&config(machines), known, seen, &options())
}

fn diff<'a>(plan: &'a ReconcilePlan, machine: &str) -> &'a DiffEntry {
    plan.report.diffs.iter().find(|diff| diff.machine_name.as_str() == machine).unwrap()
}

fn json_of(network: &StoredNetwork) -> Value {
    network.fields().map(|(field, value)| (field.to_owned(), value)).collect::<Map<_, _>>().into()
}

/// What a plan records in a state of one of its machines.
fn recorded(plan: &ReconcilePlan, known: &State, at: usize) -> Value {
    json_of(&plan.networks(known)[at].1)
}

fn warned(plan: &ReconcilePlan) -> Vec<(WarningCode, &str)> {
    let about = |warning: &'_ ragnatramp::reconcile::Warning| warning.code;
    plan.report.warnings.iter().map(|w| (about(w), w.machine_name.as_deref().unwrap_or(""))).collect()
}

fn skipped(plan: &ReconcilePlan) -> Vec<(String, String)> {
    let skipped = plan.report.host_sync.iter().filter(|sync| sync.status == SyncStatus::Skipped);
    let code = |sync: &HostSync| serde_json::to_value(sync.reason).unwrap().as_str().unwrap().to_owned();
    skipped.map(|sync| (sync.machine_name.to_string(), code(sync))).collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(machine, reason)| (machine.to_owned(), reason.to_owned())).to_vec()
}

fn stored(ipv4: &str) -> Value {
    json!({"ipv4": ipv4, "ipv6": [], "mac": "00:15:5D:00:00:01", "adapterName": "Network Adapter",
           "discoveredAt": "2026-11-22T08:00:00.000Z", "source": "arp", "previousIpv4": null})
}

#[test]
fn whose_names_stand_in_the_block_every_running_machine_with_an_ipv4_sorted_by_name() {
    let names = ["web", "db", "off"];
    let mut seen = look(&[("web", &["172.20.0.2"]), ("db", &["172.20.0.1"]), ("off", &["172.20.0.3"])]);
    seen.vms[2].state = "Off".into();
    let plan = plan(&names, &fresh_state(&names), &seen);
    let block = plan.report.hosts_block.as_deref().unwrap();
    assert_eq!(
        block.lines().skip(2).collect::<Vec<_>>(),
        ["172.20.0.1 db", "172.20.0.2 web", "# END RAGNATRAMP"]
    );
    let targets: Vec<&str> = plan.targets.iter().map(|target| target.machine_name.as_str()).collect();
    assert_eq!(targets, ["web", "db"], "every guest gets that one block");
    assert_eq!(plan.write_operation, "Write the hosts block (2 names)");
    assert_eq!(plan.record_operation, "Record 2 addresses");
    assert_eq!(plan.targets[0].target, format!("web ({})", lab::vm_name("web")));
}

#[test]
fn a_running_machine_without_ipv4_fails_the_run_and_nothing_is_written() {
    let names = ["web", "db", "cache"];
    let seen = look(&[("web", &["172.20.0.2"]), ("db", &[]), ("cache", &["fe80::1"])]);
    let known = fresh_state(&names);
    let plan = plan(&names, &known, &seen);
    assert!(!plan.proceed && !plan.report.success);
    assert_eq!(plan.report.exit_code, 1);
    let errors: Vec<_> =
        plan.report.errors.iter().map(|e| (e.code, e.place.machine.as_deref().unwrap())).collect();
    assert_eq!(errors, [(Code::ReconcileIpFailed, "db"), (Code::ReconcileIpFailed, "cache")]);
    assert!(plan.targets.is_empty() && plan.networks(&known).is_empty() && plan.report.diffs.is_empty());
    assert!(plan.report.host_sync.is_empty() && plan.report.hosts_block.is_none());
    assert_eq!(plan.report.discovery.len(), 3, "what was found is told all the same");
}

#[test]
fn allow_partial_goes_on_with_the_others_and_says_so() {
    let names = ["web", "db"];
    let known = state(&[("web", Value::Null), ("db", stored("172.20.0.9"))]);
    let options = Options { allow_partial: true, ..options() };
    let plan =
        plan_reconcile(&config(&names), &known, &look(&[("web", &["172.20.0.2"]), ("db", &[])]), &options);
    assert!(plan.proceed && plan.report.success && plan.report.errors.is_empty());
    assert_eq!(plan.report.exit_code, 0);
    assert_eq!(warned(&plan), [(WarningCode::ReconcileIpFailed, "db")]);
    let remedy = plan.report.warnings[0].remedy.as_deref().unwrap();
    assert!(!remedy.contains("AllowPartial") && !remedy.contains("Nothing was written"), "{remedy}");
    assert_eq!(skipped(&plan), pairs([("db", "no-ip")]));
    assert_eq!(recorded(&plan, &known, 1)["previousIpv4"], "172.20.0.9");
}

#[test]
fn a_cause_that_an_error_tells_is_not_printed_a_second_time_as_a_warning() {
    let mut seen = look(&[("web", &["fe80::1"]), ("db", &[]), ("old", &["fe80::2"])]);
    seen.adapters[1].switch_id = None;
    let plan = plan(&["web", "db"], &fresh_state(&["web", "db", "old"]), &seen);
    let covered =
        |code| plan.report.warnings.iter().filter(|w| w.code == code).map(|w| w.covered).collect::<Vec<_>>();
    assert_eq!(
        covered(WarningCode::Ipv6Only),
        [true, false],
        "old is not in the config: no error tells of it"
    );
    assert_eq!(covered(WarningCode::NotOnDefaultSwitch), [true]);
}

#[test]
fn a_state_without_machines_is_a_message_and_exit_0() {
    let plan = plan(&["web"], &fresh_state(&[]), &look(&[("web", &["172.20.0.2"])]));
    assert!(!plan.proceed && plan.report.success && plan.report.exit_code == 0);
    assert_eq!(warned(&plan), [(WarningCode::ReconcileNoVms, "")]);
    assert!(plan.report.discovery.is_empty() && plan.report.errors.is_empty());
}

#[test]
fn a_machine_that_does_not_run_is_cleared_and_its_last_address_kept_as_previous() {
    for state_name in ["Off", "Saved", "Paused", "Starting", "Stopping", "RunningCritical", "running"] {
        let known = state(&[("web", stored("172.20.0.2"))]);
        let seen = Snapshot {
            vms: vec![vm("web", state_name)],
            adapters: vec![adapter("web", &["172.20.0.2"])],
            ..Snapshot::default()
        };
        let plan = plan(&["web"], &known, &seen);
        let expected = json!({"ipv4": null, "ipv6": [], "mac": null, "adapterName": null, "discoveredAt": null,
                              "source": "arp", "previousIpv4": "172.20.0.2"});
        assert_eq!(recorded(&plan, &known, 0), expected, "{state_name}");
        assert_eq!(plan.report.discovery[0].state, MachineState::Off);
        assert_eq!(warned(&plan), [(WarningCode::MachineOff, "web")]);
        assert_eq!(plan.report.exit_code, 0);
    }
}

#[test]
fn an_address_is_never_lost_over_two_runs_off() {
    let off = Snapshot { vms: vec![vm("web", "Off")], ..Snapshot::default() };
    let known = state(&[("web", stored("172.20.0.2"))]);
    let first = recorded(&plan(&["web"], &known, &off), &known, 0);
    let known = state(&[("web", first)]);
    let second = plan(&["web"], &known, &off);
    assert_eq!(recorded(&second, &known, 0)["previousIpv4"], "172.20.0.2");
    assert!(!diff(&second, "web").changed);
}

#[test]
fn the_same_address_refreshes_discovered_at_and_is_no_change() {
    let mut before = stored("172.20.0.2");
    before["previousIpv4"] = "172.20.0.1".into();
    let known = state(&[("web", before)]);
    let plan = plan(&["web"], &known, &look(&[("web", &["172.20.0.2"])]));
    let diff = diff(&plan, "web");
    assert!(!diff.changed);
    assert_eq!(diff.previous_ipv4, Some(StoredIpv4::from("172.20.0.1")));
    assert_eq!(json_of(&diff.network)["discoveredAt"], NOW);
    assert_eq!(plan.report.summary.changed, 0);
}

#[test]
fn in_state_and_gone_from_hyper_v_is_cleared_warned_of_and_missing() {
    let known = state(&[("web", stored("172.20.0.2"))]);
    let namesake = ragnatramp::discovery::Vm { id: "made by hand".into(), ..vm("web", "Running") };
    let plan = plan(&["web"], &known, &Snapshot { vms: vec![namesake], ..Snapshot::default() });
    assert_eq!(plan.report.discovery[0].state, MachineState::Missing);
    assert_eq!(recorded(&plan, &known, 0)["ipv4"], Value::Null);
    assert_eq!(recorded(&plan, &known, 0)["previousIpv4"], "172.20.0.2");
    assert_eq!(warned(&plan), [(WarningCode::MachineMissing, "web")]);
    assert_eq!(plan.report.exit_code, 0);
}

#[test]
fn a_duplicate_ipv4_is_stored_warned_of_left_out_and_not_entered() {
    let names = ["web", "db", "cache"];
    let known = fresh_state(&["web", "db", "cache", "old"]);
    let seen = look(&[
        ("web", &["172.20.0.2"]),
        ("db", &["172.20.0.3"]),
        ("cache", &["172.20.0.4"]),
        ("old", &["172.20.0.3"]),
    ]);
    let plan = plan(&names, &known, &seen);
    let duplicates: Vec<&str> =
        warned(&plan).into_iter().filter(|w| w.0 == WarningCode::DuplicateIpv4).map(|w| w.1).collect();
    assert_eq!(duplicates, ["db", "old"], "a machine that only the state knows counts");
    assert_eq!(recorded(&plan, &known, 1)["ipv4"], "172.20.0.3");
    assert!(!plan.report.hosts_block.as_deref().unwrap().contains("172.20.0.3"));
    assert_eq!(skipped(&plan), pairs([("db", "duplicate-ipv4"), ("old", "not-in-config")]));
    assert!(plan.report.success);
}

#[test]
fn of_several_adapters_the_one_on_the_default_switch_by_its_id_first_by_name() {
    let mut seen = look(&[("web", &["172.20.0.9"])]);
    let template = seen.adapters.remove(0);
    let card = |name: &str, switch_id: &str, switch_name: &str, ip: &str| {
        let mut card = template.clone();
        (card.name, card.ip_addresses) = (name.into(), vec![ip.into()]);
        (card.switch_id, card.switch_name) = (Some(switch_id.into()), Some(switch_name.into()));
        card
    };
    let german = lab::DEFAULT_SWITCH.to_uppercase();
    seen.adapters = vec![
        card("A", "5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5", "Default Switch", "10.0.0.1"),
        card("C", &german, "Standardswitch", "172.20.0.3"),
        card("B", &german, "Standardswitch", "172.20.0.2"),
    ];
    let plan = plan(&["web"], &fresh_state(&["web"]), &seen);
    let network = &plan.report.discovery[0].network;
    let ipv4 = network.ipv4.map(|ipv4| ipv4.to_string());
    assert_eq!((ipv4.as_deref(), network.adapter_name.as_deref()), (Some("172.20.0.2"), Some("B")));
}

#[test]
fn no_adapter_on_the_default_switch_is_like_no_address_and_the_message_names_the_switches() {
    let mut seen = look(&[("web", &["10.0.0.1"])]);
    seen.adapters[0].switch_id = Some("5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5".into());
    seen.adapters[0].switch_name = Some("Lab internal".into());
    seen.neighbours = Some(vec![neighbour("web", "172.20.0.9")]);
    let plan = plan(&["web"], &fresh_state(&["web"]), &seen);
    assert_eq!(plan.report.discovery[0].state, MachineState::NoIp);
    assert!(plan.report.errors[0].message.contains("\"Network Adapter\" is on Lab internal"));
    assert_eq!(warned(&plan), [(WarningCode::NotOnDefaultSwitch, "web")]);
}

#[test]
fn ownership_is_an_error_for_that_machine_and_the_others_go_on() {
    let names = ["web", "unmarked", "elsewhere", "renamed", "byhand"];
    let known = fresh_state(&["web", "unmarked", "elsewhere", "renamed"]);
    let mut seen = look(&names.map(|name| (name, &["172.20.0.2"] as &[&str])));
    seen.vms[1].notes = format!("config:{}", lab::CONFIG_PATH);
    seen.vms[2].notes = "config:C:\\other\\ragnatramp.yaml\nmanaged:true".into();
    seen.vms[3].name = "renamed".into();
    let plan = plan(&names, &known, &seen);
    let errors: Vec<_> =
        plan.report.errors.iter().map(|e| (e.code, e.place.machine.as_deref().unwrap())).collect();
    let code = Code::OwnershipVerificationFailed;
    assert_eq!(errors, [(code, "unmarked"), (code, "elsewhere"), (code, "renamed"), (code, "byhand")]);
    assert!(plan.report.errors.iter().all(|error| error.remedy.is_some()));
    assert_eq!(
        skipped(&plan),
        pairs([
            ("unmarked", "not-owned"),
            ("elsewhere", "not-owned"),
            ("renamed", "not-owned"),
            ("byhand", "not-owned")
        ])
    );
    assert_eq!(
        plan.targets.len(),
        1,
        "web shares its address with machines that are not ours, and is entered"
    );
    assert_eq!(plan.networks(&known).len(), 1);
    assert_eq!((plan.proceed, plan.report.exit_code, plan.report.success), (true, 1, false));
    assert_eq!(plan.report.summary.not_owned, 4);
}

#[test]
fn mac_and_source_are_stored_in_one_form() {
    let names = ["web", "db"];
    let mut seen = look(&[("web", &["172.20.0.2"]), ("db", &[])]);
    seen.adapters[0].mac = "00155dab01cd".into();
    seen.neighbours = Some(vec![neighbour("db", "172.20.0.3")]);
    let plan = plan(&names, &fresh_state(&names), &seen);
    assert_eq!(json_of(&diff(&plan, "web").network)["mac"], "00:15:5D:AB:01:CD");
    assert_eq!(json_of(&diff(&plan, "web").network)["source"], "hyperv");
    assert_eq!(json_of(&diff(&plan, "db").network)["source"], "arp");
    assert_eq!(plan.report.discovery[1].network.source, Some(Source::Arp));
    assert_eq!(warned(&plan), [(WarningCode::AddressFromArp, "db")]);
}

#[test]
fn a_machine_only_in_state_is_stored_and_warned_of_but_not_awaited_named_or_entered() {
    let known = fresh_state(&["web", "old", "quiet"]);
    let plan =
        plan(&["web"], &known, &look(&[("web", &["172.20.0.2"]), ("old", &["172.20.0.3"]), ("quiet", &[])]));
    assert!(plan.proceed && plan.report.success);
    assert_eq!(
        warned(&plan),
        [(WarningCode::MachineNotInConfig, "old"), (WarningCode::MachineNotInConfig, "quiet")]
    );
    assert_eq!(skipped(&plan), pairs([("old", "not-in-config"), ("quiet", "not-in-config")]));
    assert_eq!(recorded(&plan, &known, 1)["ipv4"], "172.20.0.3");
    assert!(!plan.report.hosts_block.unwrap().contains("old"));
}

#[test]
fn the_result_has_the_documented_shape_in_camel_case() {
    let plan = plan(&["web"], &fresh_state(&["web"]), &look(&[("web", &["172.20.0.2"])]));
    let report = serde_json::to_value(&plan.report).unwrap();
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    let documented = [
        "success",
        "dryRun",
        "project",
        "configPath",
        "discovery",
        "diffs",
        "hostsBlock",
        "hostSync",
        "summary",
        "warnings",
    ];
    assert_eq!(keys[..10], documented);
    assert_eq!(keys[10..], ["errors", "exitCode"]);
    assert_eq!(report["discovery"][0]["machineName"], "web");
    assert_eq!(report["diffs"][0]["previousIpv4"], Value::Null);
    assert_eq!(report["summary"]["discovered"], 1);
}

#[test]
fn a_dry_run_decides_the_same_as_a_real_one() {
    let names = ["web", "db", "off"];
    let known = state(&[("web", stored("172.20.0.9")), ("db", Value::Null), ("off", stored("172.20.0.8"))]);
    let mut seen = look(&[("web", &["172.20.0.2"]), ("db", &["172.20.0.3"])]);
    seen.vms.push(vm("off", "Off"));
    let real = plan(&names, &known, &seen);
    let mut dry = plan_reconcile(&config(&names), &known, &seen, &Options { dry_run: true, ..options() });
    assert!(dry.report.dry_run && !real.report.dry_run);
    dry.report.dry_run = false;
    assert_eq!(dry, real);
}

#[test]
fn a_plan_survives_the_border_and_back() {
    let names = ["web", "db", "alien"];
    let mut seen = look(&[("web", &["172.20.0.2"]), ("db", &["fe80::1"]), ("alien", &[])]);
    seen.vms[2].notes.clear();
    let plan = plan(&names, &fresh_state(&names), &seen);
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<ReconcilePlan>(&text).unwrap(), plan);
}

#[test]
fn what_is_recorded_is_computed_against_the_state_as_it_stands_under_the_lock() {
    let names = ["web", "db", "mq"];
    let known = state(&[("web", stored("172.20.0.7")), ("db", Value::Null), ("mq", Value::Null)]);
    let plan = plan(
        &names,
        &known,
        &look(&[("web", &["172.20.0.2"]), ("db", &["172.20.0.3"]), ("mq", &["172.20.0.4"])]),
    );
    let mut document = json!({"vms": {
        "web": {"id": lab::vm_id("web").to_uppercase(), "network": stored("172.20.0.8")},
        "mq": {"id": "made anew meanwhile"},
    }});
    document["vms"]["web"]["network"]["lease"] = 7.into();
    let networks = plan.networks(&lab::state_of(document));
    assert_eq!(networks.len(), 1, "db was removed meanwhile, mq is another VM now");
    assert_eq!(json_of(&networks[0].1)["previousIpv4"], "172.20.0.8");
    assert_eq!(json_of(&networks[0].1)["lease"], 7);
}
