//! Any bytes as state.json: a state, which is written and read again as the same one, or a damage with its place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ragnatramp::state::State;

fuzz_target!(|bytes: &[u8]| {
    match State::parse(bytes) {
        Ok(state) => {
            let written = state.to_bytes();
            assert_eq!(State::parse(&written).as_ref(), Ok(&state));
            for machine in state.machines() {
                let _ = (machine.vm_id(), machine.vm_name(), state.machine(machine.machine_name));
                if let Some(network) = machine.network() {
                    let _ = (
                        network.ipv4(),
                        network.ipv6().count(),
                        network.discovered_at(),
                        network.previous_ipv4(),
                    );
                }
            }
            let _ = state.check_owner("/lab/ragnatramp.yaml", Some("lab"));
        }
        Err(damage) => {
            assert!(!damage.what.is_empty());
            assert!(damage.line != Some(0) && damage.column != Some(0));
        }
    }
});
