//! Points in time as `state.json` holds them: RFC 3339 in UTC, with milliseconds.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time, printed as in `2026-11-22T20:48:55.435Z`.
///
/// The text of any RFC 3339 time in UTC is read. The years 1970 to 9999 are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(SystemTime);

/// A text is not an RFC 3339 time in UTC.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{text:?} is not an RFC 3339 time in UTC")]
pub struct NotATimestamp {
    text: String,
    #[source]
    source: humantime::TimestampError,
}

impl Timestamp {
    /// The present moment, in whole milliseconds, so that it is equal to what is read from its text.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let whole = Duration::new(since.as_secs(), since.subsec_millis() * 1_000_000);
        Timestamp(UNIX_EPOCH + whole)
    }

    /// The text for a part of a file name, without `-` and `:`, as in `20261122T204855.435Z`.
    pub(crate) fn to_file_name(self) -> String {
        self.to_string().replace(['-', ':'], "")
    }

    /// How long before this time `earlier` was; zero where it was not before.
    pub fn since(self, earlier: Timestamp) -> Duration {
        self.0.duration_since(earlier.0).unwrap_or_default()
    }

    /// The time that long before this one; `None` where that is before 1970.
    pub fn before(self, duration: Duration) -> Option<Timestamp> {
        self.0.checked_sub(duration).filter(|time| *time >= UNIX_EPOCH).map(Timestamp)
    }
}

impl Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_rfc3339_millis(self.0).fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        let time = humantime::parse_rfc3339(text);
        time.map(Timestamp).map_err(|source| NotATimestamp { text: text.to_owned(), source })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|error: NotATimestamp| match error.source {
            // What a request holds is what the clock of the host says.
            humantime::TimestampError::OutOfRange => de::Error::custom(format_args!(
                "{error}, or is before 1970 or after 9999: set the host's clock"
            )),
            _ => de::Error::custom(error),
        })
    }
}
