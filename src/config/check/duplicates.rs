//! Machines that stand twice in the list: by name, or as equal entries without a name by which that would show.

use std::collections::HashMap;

use super::{Check, Found};
use crate::config::yaml::{Mention, NodeId, Span, Tree, Value};

/// How deep values are compared.
const DEPTH: usize = 32;

/// How much text all comparisons together may take, in bytes.
const BUDGET: usize = 4_000_000;

impl<'t> Check<'t> {
    /// Machines are told apart by name, and Windows and DNS do not see case.
    pub(super) fn repeated_name(
        &mut self,
        name: Found<'t>,
        machine: Span,
        seen: &mut HashMap<String, (Found<'t>, &'t str)>,
    ) {
        let Value::Text(text) = name.value else { return };
        let (path, span) = (name.path.clone(), name.span);
        let Some((first, first_text)) = seen.get(&text.to_lowercase()) else {
            seen.insert(text.to_lowercase(), (name, text));
            return;
        };
        let same = if *first_text == &**text { "the same as" } else { "but for case the same as" };
        // A name that was merged from the first machine stands only there, so the machine itself is pointed at.
        let span = if span == first.span { machine } else { span };
        let (message, other) = (format!("{same} {}", first.path), first.span.start);
        if let Some(fault) = self.fault(&path, span, message) {
            fault.other = Some(other);
        }
    }

    /// Adds a fault for the first entry that is the same as one before it, if neither has a text as name.
    pub(super) fn repeated_without_name(&mut self, found: &Found<'t>, items: &[Mention]) {
        let mut seen_nodes = HashMap::new();
        let mut seen_forms = HashMap::new();
        let mut budget = BUDGET;
        for (index, item) in items.iter().enumerate() {
            if self.has_text_as_name(item.node) {
                continue;
            }
            let mut first = seen_nodes.insert(item.node, index);
            let mut form = String::new();
            if canonical(self.tree, item.node, DEPTH, budget, &mut form).is_some() {
                budget = budget.saturating_sub(form.len());
                first = first.or(seen_forms.insert(form, index));
            }
            if let Some(first) = first {
                let message = format!("machines[{index}] is the same as machines[{first}]");
                self.fault(&found.path, item.span.unwrap_or(found.span), message);
                return;
            }
        }
    }

    fn has_text_as_name(&self, node: NodeId) -> bool {
        let Value::Map(map) = self.tree.get(node) else { return false };
        map.entries.get("name").is_some_and(|entry| matches!(self.tree.get(entry.value.node), Value::Text(_)))
    }
}

/// Writes a text that is the same for equal values only; `None` where they are too large or too deep for that.
fn canonical(tree: &Tree, node: NodeId, depth: usize, budget: usize, form: &mut String) -> Option<()> {
    if depth == 0 || form.len() > budget {
        return None;
    }
    match tree.get(node) {
        Value::List(items) => {
            form.push('[');
            for item in items {
                canonical(tree, item.node, depth - 1, budget, form)?;
                form.push(',');
            }
            form.push(']');
        }
        Value::Map(map) => {
            let mut entries: Vec<_> = map.entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            form.push('{');
            for (key, entry) in entries {
                form.push_str(&format!("{key:?}:"));
                canonical(tree, entry.value.node, depth - 1, budget, form)?;
                form.push(',');
            }
            form.push('}');
        }
        Value::Number(number) => form.push_str(&(number + 0.0).to_string()),
        scalar => form.push_str(&format!("{scalar:?}")),
    }
    Some(())
}
