//! Any texts as the items of a guest's side of Data Exchange; and what is written as an item is read as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ragnatramp::guest::{Component, item, items};

fuzz_target!(|texts: Vec<String>| {
    let read = items(&texts);
    assert!(read.len() <= texts.len());
    let component = Component { intrinsic_items: texts.clone(), ..Component::default() };
    let _ = component.facts();
    for value in &texts {
        // XML 1.0 has no way to write other controls, and reads a line break in its own way.
        if value.chars().all(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')) {
            let written = item("ragnatramp.fuzz", value);
            assert_eq!(items(&[written]).get("ragnatramp.fuzz"), Some(value));
        }
    }
});
