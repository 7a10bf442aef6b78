//! How long configs take, and that time grows with their size and no faster: `cargo bench --bench config`.

#![allow(clippy::pedantic, clippy::print_stdout, reason = "its figures are printed")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use ragnatramp::config::{Environment, Platform, Variables, parse};

/// How often each text is read; the shortest time counts.
const ROUNDS: usize = 7;

fn environment() -> Environment {
    Environment {
        config_path: r"C:\lab\ragnatramp.yaml".to_owned(),
        home: r"C:\Users\dev".to_owned(),
        platform: Platform::Windows,
        variables: Variables::new(Platform::Windows, []),
    }
}

fn shortest(text: &str, faults: usize) -> Duration {
    let environment = environment();
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let outcome = black_box(parse(black_box(text.as_bytes()), &environment));
        best = best.min(start.elapsed());
        let found = outcome.map_or_else(|error| error.faults.len(), |_| 0);
        assert_eq!(found, faults, "the text is not what it is meant to be");
    }
    best
}

fn machines(count: usize, machine: impl Fn(usize) -> String) -> String {
    let machines: String = (0..count).map(machine).collect();
    format!(
        "project:\n  name: lab\ndefaults:\n  base_image: ~\\images\\debian-12.vhdx\nmachines:\n{machines}"
    )
}

/// Prints a line per size; the last column is the time per byte in terms of the first line's.
fn series(title: &str, sizes: &[usize], text: impl Fn(usize) -> String, faults: impl Fn(usize) -> usize) {
    println!("{title}");
    let mut first = None;
    for &size in sizes {
        let text = text(size);
        let time = shortest(&text, faults(size));
        let per_byte = time.as_secs_f64() / text.len() as f64;
        let ratio = per_byte / *first.get_or_insert(per_byte);
        let megabytes = text.len() as f64 / 1e6;
        println!(
            "  {size:>8}  {megabytes:>7.3} MB  {:>9.3} ms  {:>6.1} MB/s  per byte x{ratio:.2}",
            time.as_secs_f64() * 1e3,
            megabytes / time.as_secs_f64()
        );
    }
}

fn main() {
    let valid = |index| {
        format!("  - name: m{index}\n    cpu: 4\n    memory: 4096\n    base_image: \"img\\\\{index}.vhdx\"\n")
    };
    let faulty = |index| format!("  - name: m{index}\n    cpu: two\n    memory: 4096\n");
    let sizes = [1_000, 10_000, 80_000];
    series("machines", &sizes, |count| machines(count, valid), |_| 0);
    series(
        "machines with a fault each",
        &[1_000, 2_000, 4_000, 8_000],
        |count| machines(count, faulty),
        |count| count,
    );
    series(
        "machines on one line",
        &sizes,
        |count| {
            let machines: Vec<_> =
                (0..count).map(|index| format!("{{name: m{index}, cpu: 0x4, memory: 4096}}")).collect();
            format!(
                "{{project: {{name: lab}}, defaults: {{base_image: b}}, machines: [{}]}}",
                machines.join(", ")
            )
        },
        |_| 0,
    );
    series(
        "entries without a value, on one line and under dashes",
        &[10_000, 100_000, 400_000],
        |count| {
            format!(
                "{}x: [{}]\ny:\n{}",
                machines(1, valid),
                "&a , ".repeat(count),
                "-\n- \n".repeat(count / 2)
            )
        },
        |_| 2,
    );
    series(
        "comment of so many KB",
        &[5, 500, 5_000],
        |kilobytes| format!("{}{}", machines(1, valid), "# comment\n".repeat(kilobytes * 100)),
        |_| 0,
    );
}
