//! Reading a config: its text becomes a checked config, or all its faults.

use std::hint::black_box;

use criterion::Criterion;
use ragnatramp::config::{Environment, Platform, Variables, parse};

use super::{SIZES, series};

pub(crate) fn measure(criterion: &mut Criterion) {
    let valid = |index| format!("  - name: m{index}\n    cpu: 4\n    memory: 4096\n");
    let faulty = |index| format!("  - name: m{index}\n    cpu: two\n    memory: 4096\n");
    let read = |faults: fn(usize) -> usize| {
        move |(text, size): &(String, usize)| {
            let outcome = parse(black_box(text.as_bytes()), &environment());
            let found = outcome.as_ref().map_or_else(|error| error.faults.len(), |_| 0);
            assert_eq!(found, faults(*size), "the text is not what it is meant to be");
            outcome.is_ok()
        }
    };
    series(criterion, "config", &SIZES, |size| (machines(size, valid), size), read(|_| 0));
    // At most 10,000 faults are told.
    series(
        criterion,
        "config, a fault each",
        &[10, 1_000, 10_000],
        |size| (machines(size, faulty), size),
        read(|size| size),
    );
    // A search of a circle that looks at each pair of machines grows with the square.
    let circle = |size| {
        let next = move |index| format!("  - {{name: m{index}, depends_on: m{}}}\n", (index + 1) % size);
        (machines(size, next), size)
    };
    series(criterion, "config, a circle of dependencies", &[10, 1_000, 50_000], circle, read(|_| 1));
    series(criterion, "config on one line", &SIZES, |size| (on_one_line(size), size), read(|_| 0));
    let comment = |size| (format!("{}{}", machines(1, valid), "# comment\n".repeat(size)), size);
    series(criterion, "config, lines of comment", &SIZES, comment, read(|_| 0));
}

fn environment() -> Environment {
    Environment {
        config_path: r"C:\lab\ragnatramp.yaml".to_owned(),
        home: r"C:\Users\dev".to_owned(),
        platform: Platform::Windows,
        variables: Variables::new(Platform::Windows, []),
    }
}

fn machines(count: usize, machine: impl Fn(usize) -> String) -> String {
    let machines: String = (0..count).map(machine).collect();
    format!(
        "project:\n  name: lab\ndefaults:\n  base_image: ~\\images\\debian-12.vhdx\nmachines:\n{machines}"
    )
}

fn on_one_line(count: usize) -> String {
    let machines: Vec<_> =
        (0..count).map(|index| format!("{{name: m{index}, cpu: 0x4, memory: 4096}}")).collect();
    format!("{{project: {{name: lab}}, defaults: {{base_image: b}}, machines: [{}]}}", machines.join(", "))
}
