//! JSON in, JSON out: what most exports have in common.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Code, Error, Result};

/// Reads a request, has it answered, and prints the answer.
pub(super) fn json<Q, A>(request: &[u8], operation: impl FnOnce(Q) -> Result<A>) -> Result<Vec<u8>>
where
    Q: DeserializeOwned,
    A: Serialize,
{
    serde_json::to_vec(&operation(read(request)?)?).map_err(|error| misunderstood("answer", &error))
}

/// Reads a request whose answer is not JSON.
pub(super) fn read<Q: DeserializeOwned>(request: &[u8]) -> Result<Q> {
    serde_json::from_slice(request).map_err(|error| misunderstood("request", &error))
}

/// Prints a part of an answer as JSON text.
pub(super) fn text(part: &impl Serialize) -> Result<String> {
    serde_json::to_string(part).map_err(|error| misunderstood("answer", &error))
}

/// A part of an answer that PowerShell hands on to the person as it is: the names of its fields begin with a capital, as
/// those of PowerShell's own objects do. To spell them anew there would take longer than all the rest of a run.
pub(super) fn pascal_case(part: &impl Serialize) -> Result<Value> {
    serde_json::to_value(part).map(capitalize).map_err(|error| misunderstood("answer", &error))
}

fn capitalize(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(capitalize).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (capital(&name), capitalize(value))).collect()
        }
        other => other,
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn misunderstood(what: &str, error: &serde_json::Error) -> Error {
    Error::new(Code::InvalidRequest, format!("The module's {what} is not what the native library expects: {error}"))
        .with_remedy("The module and its library are of different versions, or one has a defect. Install the module again, whole.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_get_a_capital_at_every_depth_and_values_stay() {
        let part = json!({"hostsBlock": null, "diffs": [{"network": {"ipv4": "a"}}], "IPv6": ["x"], "": 1});
        let told = json!({"HostsBlock": null, "Diffs": [{"Network": {"Ipv4": "a"}}], "IPv6": ["x"], "": 1});
        assert_eq!(pascal_case(&part).unwrap(), told);
    }
}
