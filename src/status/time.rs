//! Times as state.json holds them (ISO 8601, UTC), compared and put into words.

use std::time::{Duration, SystemTime};

/// How long before `now` `then` was, in words; a time ahead of the clock is `just now`. `None` where either is no time.
pub(super) fn ago(then: &str, now: &str) -> Option<String> {
    let (then, now) = (parse(then)?, parse(now)?);
    let seconds = now.duration_since(then).map(|past| past.as_secs()).unwrap_or(0);
    Some(match seconds {
        0..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} d ago", seconds / 86_400),
    })
}

/// Whether `then` was before a start that is `uptime_seconds` before `now`. False where that cannot be told.
pub(super) fn is_before_start(then: &str, uptime_seconds: f64, now: &str) -> bool {
    let uptime = Duration::try_from_secs_f64(uptime_seconds).ok();
    let start = uptime.and_then(|uptime| parse(now)?.checked_sub(uptime));
    parse(then).zip(start).is_some_and(|(then, start)| then < start)
}

fn parse(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339_weak(text).ok()
}
