//! JSON in, JSON out: what most exports have in common.

use serde::Serialize;
use serde::de::DeserializeOwned;

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

fn misunderstood(what: &str, error: &serde_json::Error) -> Error {
    Error::new(Code::InvalidRequest, format!("The module's {what} is not what the native library expects: {error}"))
        .with_remedy("The module and its library are of different versions, or one has a defect. Install the module again, whole.")
}
