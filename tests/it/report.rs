//! What the user sees after the guests have results.

use crate::lab;
use crate::lab::{config, look, neighbour, options, state, vm};
use ragnatramp::error::Code;
use ragnatramp::guest::{GuestResult, SyncStatus, Transport, other_name};
use ragnatramp::hosts::{HostsWarning, HostsWarningKind, warnings};
use ragnatramp::reconcile::{
    Options, ReconcilePlan, Report, Warning, WarningCode, conclude, plan_reconcile, table,
};
use serde_json::{Value, json};

const NAMES: [&str; 4] = ["web", "db", "queue", "worker"];

/// The lab of the first sketch: web moved, db is new, queue is off, worker has no daemon.
fn plan(dry_run: bool) -> ReconcilePlan {
    let network = |ipv4: &str| json!({"ipv4": ipv4, "source": "hyperv", "previousIpv4": null});
    let known = state(&[
        ("web", network("172.20.131.10")),
        ("db", Value::Null),
        ("queue", json!({"ipv4": null, "source": "hyperv", "previousIpv4": "172.20.131.7"})),
        ("worker", Value::Null),
    ]);
    let mut seen = look(&[("web", &["172.20.144.10"]), ("db", &["172.20.144.11"]), ("worker", &[])]);
    seen.vms.push(vm("queue", "Off"));
    seen.neighbours = Some(vec![neighbour("worker", "172.20.144.12")]);
    plan_reconcile(&config(&NAMES), &known, &seen, &Options { dry_run, ..options() })
}

fn result(machine: &str, status: &str) -> GuestResult {
    serde_json::from_value(json!({"machineName": machine, "status": status})).unwrap()
}

fn all(status: &str) -> Vec<GuestResult> {
    ["worker", "db", "web"].map(|machine| result(machine, status)).to_vec()
}

fn statuses(report: &Report) -> Vec<(&str, SyncStatus)> {
    report.host_sync.iter().map(|sync| (sync.machine_name.as_str(), sync.status)).collect()
}

#[test]
fn a_run_that_went_well_reads_as_in_the_sketch() {
    let mut results = all("synced");
    results[0] =
        serde_json::from_value(json!({"machineName": "worker", "status": "skipped", "reason": "no-contact",
        "message": "its guest does not answer Hyper-V"}))
        .unwrap();
    let report = conclude(plan(false), results).unwrap();
    assert_eq!(report.summary.headline, "4 machines: 3 discovered, 3 changed, 2 synced, 1 off");
    let rows: Vec<[String; 5]> =
        table(&report).into_iter().map(|r| [r.machine, r.state, r.address, r.source, r.hosts]).collect();
    assert_eq!(
        rows,
        [
            ["db", "discovered", "172.20.144.11", "hyperv", "synced"],
            ["queue", "off", "was 172.20.131.7", "", "skipped: not running"],
            ["web", "discovered", "172.20.131.10 \u{2192} 172.20.144.10", "hyperv", "synced"],
            ["worker", "discovered", "172.20.144.12", "arp", "skipped: no contact"],
        ]
    );
    assert!(report.success);
    assert_eq!(report.exit_code, 0, "a guest that is skipped leaves exit 0");
}

#[test]
fn a_guest_that_fails_is_an_error_for_that_machine_and_exit_2() {
    let mut results = all("synced");
    results[1] = serde_json::from_value(
        json!({"machineName": "db", "status": "failed", "transport": "PowerShellDirect",
        "message": "its hosts file is read-only", "remedy": "Remount it."}),
    )
    .unwrap();
    let report = conclude(plan(false), results).unwrap();
    assert_eq!((report.success, report.exit_code), (false, 2));
    let error = &report.errors[0];
    assert_eq!((report.errors.len(), error.code), (1, Code::ReconcileHostsFailed));
    assert_eq!(error.message, "db: its hosts file is read-only.");
    assert_eq!((error.place.machine.as_deref(), error.remedy.as_deref()), (Some("db"), Some("Remount it.")));
    let sync = &report.host_sync[1];
    assert_eq!(
        (sync.error.as_deref(), sync.transport),
        (Some("its hosts file is read-only"), Some(Transport::PowerShellDirect))
    );
    assert_eq!(statuses(&report)[0], ("web", SyncStatus::Synced), "the others go on");
    assert_eq!((report.summary.failed, report.summary.synced), (1, 2));
}

#[test]
fn of_two_errors_the_graver_decides_the_exit_code() {
    let mut seen = look(&[("web", &["172.20.0.1"]), ("alien", &["172.20.0.2"])]);
    seen.vms[1].notes.clear();
    let known = lab::fresh_state(&["web", "alien"]);
    let plan = plan_reconcile(&config(&["web", "alien"]), &known, &seen, &options());
    assert_eq!(plan.report.exit_code, 1);
    assert_eq!(conclude(plan, vec![result("web", "failed")]).unwrap().exit_code, 2);
}

#[test]
fn a_guest_that_does_not_answer_in_time_failed() {
    let report = conclude(plan(false), vec![result("web", "unchanged"), result("worker", "synced")]).unwrap();
    assert_eq!(report.host_sync[1].status, SyncStatus::Failed);
    assert_eq!(report.exit_code, 2);
    assert!(report.errors[0].message.starts_with("db: ") && report.errors[0].remedy.is_some());
}

#[test]
fn in_a_dry_run_guests_stay_planned_and_the_report_is_else_the_same() {
    let mut dry = conclude(plan(true), Vec::new()).unwrap();
    let real = conclude(plan(false), all("synced")).unwrap();
    assert_eq!(dry.summary.headline, "4 machines: 3 discovered, 3 changed, 3 to be written, 1 off");
    let written = dry.host_sync.iter_mut().filter(|sync| sync.status == SyncStatus::Planned);
    written.for_each(|sync| sync.status = SyncStatus::Synced);
    (dry.dry_run, dry.summary) = (false, real.summary.clone());
    assert_eq!(dry, real);
}

#[test]
fn a_guest_without_a_transport_is_warned_of_unless_another_warning_tells_the_cause() {
    let skip = |machine: &str, reason: &str| -> GuestResult {
        serde_json::from_value(json!({"machineName": machine, "status": "skipped", "reason": reason,
            "message": "no transport reaches its guest", "remedy": "Install it."}))
        .unwrap()
    };
    let results = vec![skip("web", "no-contact"), skip("db", "declined"), skip("worker", "no-contact")];
    let report = conclude(plan(false), results).unwrap();
    let skips = report.warnings.iter().filter(|w| w.code == WarningCode::GuestSkipped);
    let skips: Vec<_> =
        skips.map(|w| (w.machine_name.as_deref().unwrap(), w.message.as_str(), w.covered)).collect();
    assert_eq!(
        skips,
        [
            ("web", "web: no transport reaches its guest.", false),
            ("worker", "worker: no transport reaches its guest.", true),
        ]
    );
    assert_eq!((report.success, report.exit_code, report.summary.skipped), (true, 0, 4));
}

#[test]
fn a_result_from_nowhere_or_given_twice_is_a_defect() {
    for results in [vec![result("queue", "synced")], vec![result("web", "synced"), result("web", "failed")]] {
        assert_eq!(conclude(plan(false), results).unwrap_err().code, Code::InvalidRequest);
    }
}

#[test]
fn what_a_hosts_file_holds_is_warned_of_with_its_line() {
    let file = b"# Your system has configured 'manage_etc_hosts' as True.\n127.0.1.1 web.lab web\n";
    let mut results = all("synced");
    results[2].warnings = warnings(file, "web");
    let report = conclude(plan(false), results).unwrap();
    let told: Vec<&str> = report
        .warnings
        .iter()
        .filter(|w| w.machine_name.as_deref() == Some("web"))
        .map(|w| w.message.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "web: line 1 of its hosts file (# Your system has configured 'manage_etc_hosts' as True.) says that \
             cloud-init writes the file again at each boot, without the block.",
            "web: line 2 of its hosts file (127.0.1.1 web.lab web) gives its own name a loopback address, which it \
             finds before the one in the block.",
        ]
    );
}

#[test]
fn a_name_with_another_address_and_a_config_of_cloud_init_are_warned_of() {
    let mut results = all("synced");
    let cloud = HostsWarning { kind: HostsWarningKind::CloudInitManagesHosts, line: None, text: None };
    let hidden = HostsWarning {
        kind: HostsWarningKind::NameHidden,
        line: Some(2),
        text: Some("10.0.0.9 db.old db".to_owned()),
    };
    results[2].warnings = vec![hidden, cloud];
    let report = conclude(plan(false), results).unwrap();
    let of_web = report.warnings.iter().filter(|w| w.machine_name.as_deref() == Some("web"));
    let told: Vec<_> = of_web.map(|w| (w.code, w.message.as_str())).collect();
    assert_eq!(
        told,
        [
            (
                WarningCode::NameHidden,
                "web: line 2 of its hosts file (10.0.0.9 db.old db) gives a machine of the lab another address, which \
                 it finds before the one in the block.",
            ),
            (
                WarningCode::CloudInitManagesHosts,
                "web: cloud-init writes its hosts file again at each boot, without the block.",
            ),
        ]
    );
}

/// What is told of a guest of web that calls itself so.
fn told_of_name(host_name: Value) -> Vec<Warning> {
    let mut results = all("synced");
    results[2] = serde_json::from_value(
        json!({"machineName": "web", "status": "unchanged", "transport": "PowerShellDirect", "hostName": host_name}),
    )
    .unwrap();
    let report = conclude(plan(false), results).unwrap();
    assert!(report.success && statuses(&report).contains(&("web", SyncStatus::Unchanged)));
    report.warnings.into_iter().filter(|warning| warning.code == WarningCode::GuestNameDiffers).collect()
}

#[test]
fn a_guest_that_calls_itself_by_another_name_is_warned_of_with_the_command_that_renames_it() {
    let told = told_of_name(json!("WIN-3K0AB7"));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].message, "web: its guest calls itself WIN-3K0AB7, and the others know it as web.");
    assert_eq!(
        told[0].remedy.as_deref(),
        Some(
            "Rename it, which restarts it: Invoke-Command -VMId id-of-web -Credential (Get-Credential) { \
             Rename-Computer -NewName web -Restart }"
        )
    );
    assert!(!told[0].covered);
    for own in [json!("web"), json!("WEB"), json!("Web.lab.example"), json!(""), Value::Null] {
        assert_eq!(told_of_name(own.clone()), [], "{own}");
    }
    for other in ["web2", "we", ".web", "db.web", "web.", "wEb-"] {
        let is_other = !matches!(other, "web.");
        assert_eq!(told_of_name(json!(other)).len(), usize::from(is_other), "{other}");
    }
}

#[test]
fn a_name_that_netbios_cut_is_the_machines_own() {
    let is_other = |guest: &str| other_name("web-of-16-chars1", guest).is_some();
    assert!(!is_other("web-of-16-chars1") && !is_other("WEB-OF-16-CHARS"));
    assert!(is_other("web-of-16-char") && is_other("web-of-16-chars2"));
    assert!(other_name("web-of-15-chars", "web-of-15-char").is_some());
}

#[test]
fn a_hostile_name_is_shown_cut_and_without_what_a_terminal_acts_on() {
    for hostile in ["\u{1b}[31m\u{202e}\n".repeat(300_000), "x".repeat(1 << 20), "\u{e4}\u{1f4a9}".repeat(99)]
    {
        let told = told_of_name(json!(hostile));
        assert_eq!(told.len(), 1);
        let message = &told[0].message;
        assert!(message.len() < 700, "{}", message.len());
        assert!(!message.contains(['\u{1b}', '\u{202e}', '\n']), "{message}");
        assert!(message.contains("..., and the others know it as web."), "{message}");
    }
}

#[test]
fn a_second_run_that_changes_nothing_says_so() {
    let network = |ipv4: &str| json!({"ipv4": ipv4, "source": "hyperv", "previousIpv4": "172.20.131.10"});
    let known = state(&[("web", network("172.20.144.10"))]);
    let plan = plan_reconcile(&config(&["web"]), &known, &look(&[("web", &["172.20.144.10"])]), &options());
    let report = conclude(plan, vec![result("web", "unchanged")]).unwrap();
    assert_eq!(report.summary.headline, "1 machine: 1 discovered, 0 changed, 1 up to date");
    assert_eq!(table(&report)[0].address, "172.20.144.10");
    assert_eq!(table(&report)[0].hosts, "unchanged");
}

#[test]
fn every_message_names_its_machine_and_is_one_calm_sentence() {
    let known = lab::fresh_state(&["web", "gone", "off", "same", "old", "arp"]);
    let mut seen = look(&[
        ("web", &["172.20.0.1"]),
        ("off", &[]),
        ("same", &["172.20.0.1"]),
        ("old", &["fe80::1"]),
        ("arp", &[]),
    ]);
    seen.vms[1].state = "Saved".into();
    seen.neighbours = Some(vec![neighbour("arp", "172.20.0.5")]);
    let plan =
        plan_reconcile(&config(&["web", "gone", "new", "off", "same", "arp"]), &known, &seen, &options());
    assert_eq!(plan.report.warnings.len(), 8, "{:?}", plan.report.warnings);
    for warning in &plan.report.warnings {
        let (name, text) = (warning.machine_name.as_deref().unwrap(), &warning.message);
        assert!(text.starts_with(&format!("{name}: ")) && text.ends_with('.'), "{text}");
        assert!(!text.contains('!') && !text.contains(". "), "{text}");
        assert!(warning.remedy.as_deref().is_some_and(|remedy| remedy.ends_with('.')), "{text}");
    }
}

#[test]
fn a_vm_that_is_not_ours_is_told_with_what_speaks_against_it() {
    let path = lab::CONFIG_PATH;
    let cases: [(&str, Option<&str>, &str); 4] = [
        ("config:x", None, "do not hold the line managed:true, so it was left alone."),
        (
            "managed:true\nconfig:D:\\x.yaml",
            None,
            "say that it was made from D:\\x.yaml, so it was left alone.",
        ),
        ("managed:true", None, "do not say from which config it was made, so it was left alone."),
        (&format!("managed:true\nconfig:{path}"), Some("mine"), "its VM is named mine, not"),
    ];
    for (notes, name, expected) in cases {
        let mut seen = look(&[("web", &["172.20.0.1"])]);
        seen.vms[0].notes = notes.to_owned();
        seen.vms[0].name = name.map_or(lab::vm_name("web"), str::to_owned);
        let plan = plan_reconcile(&config(&["web"]), &lab::fresh_state(&["web"]), &seen, &options());
        let error = &plan.report.errors[0];
        assert!(error.message.starts_with("web: ") && error.message.contains(expected), "{}", error.message);
        assert!(error.remedy.is_some());
    }
}
