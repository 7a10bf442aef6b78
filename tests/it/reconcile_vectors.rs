//! The shared cases of one whole reconcile, from a snapshot to what is stored and told.

use crate::lab;
use std::collections::BTreeSet;

use ragnatramp::discovery::Snapshot;
use ragnatramp::reconcile::{Options, ReconcilePlan, StoredNetwork, WarningCode, plan_reconcile};
use ragnatramp::state::State;
use serde_json::{Map, Value, json};

#[test]
fn every_case_gives_what_it_expects() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/reconcile-vectors.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 20);
    let faults: Vec<String> = cases.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{} cases differ:\n{}", faults.len(), faults.join("\n"));
}

fn faults(case: &Value) -> Option<String> {
    let (plan, state) = run(case);
    let actual = told(&plan, &state);
    let expect = sorted_warnings(case["expect"].clone());
    let differs = |key: &&String| actual.get(key.as_str()) != expect.get(key.as_str());
    let keys: BTreeSet<&String> =
        actual.as_object().unwrap().keys().chain(expect.as_object().unwrap().keys()).collect();
    let parts: Vec<String> = keys
        .into_iter()
        .filter(differs)
        .map(|key| format!("  {key}: is {}\n  {key}: expects {}", actual[key.as_str()], expect[key.as_str()]))
        .collect();
    (!parts.is_empty()).then(|| format!("{}\n{}", case["name"], parts.join("\n")))
}

fn run(case: &Value) -> (ReconcilePlan, State) {
    let config = &case["config"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let machines: Vec<String> = config["machines"].as_array().unwrap().iter().map(text).collect();
    let machines: Vec<&str> = machines.iter().map(String::as_str).collect();
    let config = lab::config_of(&text(&config["project"]), &text(&config["configPath"]), &machines);
    let state = lab::state_of(case["state"].clone());
    let snapshot =
        json!({"vms": case["vms"], "adapters": case["adapters"], "neighbours": case["neighbours"]});
    let snapshot: Snapshot = serde_json::from_value(snapshot).unwrap();
    let options = Options {
        now: text(&case["now"]).parse().unwrap(),
        allow_partial: case["allowPartial"].as_bool().unwrap_or(false),
        ..lab::options()
    };
    (plan_reconcile(&config, &state, &snapshot, &options), state)
}

/// A plan in the words of the cases.
fn told(plan: &ReconcilePlan, state: &State) -> Value {
    let report = serde_json::to_value(&plan.report).unwrap();
    let list = |key: &str| report[key].as_array().unwrap().clone();
    let discovery: Vec<Value> = list("discovery").into_iter().map(discovery_row).collect();
    let diffs: Vec<Value> =
        list("diffs").iter().map(|diff| pick(diff, &["machineName", "changed", "previousIpv4"])).collect();
    let excluded = list("hostSync").into_iter().filter(|sync| sync["status"] == "skipped");
    let excluded: Vec<Value> = excluded.map(|sync| pick(&sync, &["machineName", "reason"])).collect();
    // The gate's errors and, with -AllowPartial, its warnings name the same machines.
    let gate_code = WarningCode::ReconcileIpFailed;
    let code = serde_json::to_value(gate_code).unwrap();
    let gate: Vec<Value> = list("errors")
        .into_iter()
        .filter(|error| error["code"] == code)
        .map(|error| error["place"]["machine"].clone())
        .chain(
            list("warnings")
                .into_iter()
                .filter(|warning| warning["code"] == code)
                .map(|warning| warning["machineName"].clone()),
        )
        .collect();
    let not_owned =
        list("errors").into_iter().filter(|error| error["code"] == "OWNERSHIP_VERIFICATION_FAILED");
    let not_owned =
        not_owned.map(|error| json!({"code": error["code"], "machineName": error["place"]["machine"]}));
    // The cases tell nothing of the host's own addresses, and do not know the warning about them.
    let ambiguous = serde_json::to_value(WarningCode::AddressAmbiguous).unwrap();
    let warnings = list("warnings")
        .into_iter()
        .filter(|warning| warning["code"] != code && warning["code"] != ambiguous);
    let warnings: Vec<Value> =
        warnings.map(|warning| pick(&warning, &["code", "machineName"])).chain(not_owned).collect();
    let json_of = |network: &StoredNetwork| -> Map<String, Value> {
        network.fields().map(|(field, value)| (field.to_owned(), value)).collect()
    };
    let networks = plan.networks(state);
    let network: Map<String, Value> =
        networks.iter().map(|(name, network)| (name.to_string(), json_of(network).into())).collect();
    sorted_warnings(json!({
        "discovery": discovery,
        "gate": if gate.is_empty() { "pass" } else { "fail" },
        "gateMachines": gate,
        "diffs": diffs,
        "network": network,
        "hostsBlock": report["hostsBlock"],
        "excludedFromSync": excluded,
        "warnings": warnings,
    }))
}

fn discovery_row(entry: Value) -> Value {
    let mut row = pick(&entry, &["machineName", "state"]);
    let fields = entry["network"].as_object().unwrap().clone();
    row.as_object_mut().unwrap().extend(fields);
    row
}

fn pick(value: &Value, keys: &[&str]) -> Value {
    keys.iter().map(|key| ((*key).to_owned(), value[*key].clone())).collect::<Map<_, _>>().into()
}

fn sorted_warnings(mut told: Value) -> Value {
    told["warnings"]
        .as_array_mut()
        .unwrap()
        .sort_by_key(|warning| (warning["machineName"].to_string(), warning["code"].to_string()));
    told
}
