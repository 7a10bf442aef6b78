//! Any bytes as a config: an answer, never a panic; faults in order, each with a place that can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ragnatramp::config::{Environment, Platform, Variables, parse, render_faults};
use ragnatramp::error::Code;

fn environment(platform: Platform) -> Environment {
    let (config_path, home) = match platform {
        Platform::Windows => (r"C:\lab\ragnatramp.yaml", r"C:\Users\dev"),
        Platform::Posix => ("/lab/ragnatramp.yaml", "/home/dev"),
    };
    Environment {
        config_path: config_path.to_owned(),
        home: home.to_owned(),
        platform,
        variables: Variables::new(platform, [("A".to_owned(), "$A/%A%".to_owned())]),
    }
}

fn check(bytes: &[u8], platform: Platform) {
    match parse(bytes, &environment(platform)) {
        Ok(config) => assert!(!config.machines.is_empty()),
        Err(error) => {
            assert!(matches!(error.code, Code::ConfigInvalidYaml | Code::ConfigValidationFailed));
            assert!(!error.faults.is_empty());
            assert!(error.faults.is_sorted_by_key(|fault| (fault.line, fault.column)));
            assert!(error.faults.iter().all(|fault| fault.line > 0 && fault.column > 0 && fault.length > 0));
            let shown = render_faults(&error);
            assert!(!shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    check(bytes, Platform::Posix);
    check(bytes, Platform::Windows);
});
