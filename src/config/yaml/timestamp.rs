//! Dates and points in time.

/// Milliseconds since 1970 of a date (`2024-01-01`) or a point in time (`2024-1-1 00:00:00 +1`), if `text` is one.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let mut rest = text;
    let year = digits(&mut rest, 4, 4)?;
    let month_at = rest;
    literal(&mut rest, '-')?;
    let month = digits(&mut rest, 1, 2)?;
    literal(&mut rest, '-')?;
    let day = digits(&mut rest, 1, 2)?;
    let date = days(year, month, day) * 86_400_000;
    if rest.is_empty() {
        // A date alone has two digits for each.
        return (month_at.len() == 6).then_some(date);
    }
    match rest.strip_prefix(['T', 't']) {
        Some(after) => rest = after,
        None => {
            let after = rest.trim_start_matches([' ', '\t']);
            if after.len() == rest.len() {
                return None;
            }
            rest = after;
        }
    }
    let hour = digits(&mut rest, 1, 2)?;
    literal(&mut rest, ':')?;
    let minute = digits(&mut rest, 2, 2)?;
    literal(&mut rest, ':')?;
    let second = digits(&mut rest, 2, 2)?;
    let mut time = ((hour * 60 + minute) * 60 + second) * 1000;
    if let Some(after) = rest.strip_prefix('.') {
        let fraction_end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (fraction, after) = after.split_at(fraction_end);
        time += format!("{:0<3}", &fraction[..fraction.len().min(3)]).parse::<i64>().unwrap_or(0);
        rest = after;
    }
    Some(date + time - zone(rest)?)
}

/// The distance from UTC, in milliseconds, that `text` says.
fn zone(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let text = text.trim_start_matches([' ', '\t']);
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let mut rest = &text[1..];
    let mut minutes = digits(&mut rest, 1, 2)? * 60;
    if !rest.is_empty() {
        literal(&mut rest, ':')?;
        minutes += digits(&mut rest, 2, 2)?;
    }
    rest.is_empty().then_some(sign * minutes * 60_000)
}

/// Days since 1970; a month or day beyond its range runs on, and two-digit years are of the last century.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if year < 100 { year + 1900 } else { year };
    let year = year + (month - 1).div_euclid(12);
    let month = (month - 1).rem_euclid(12) + 1;
    // Years from March on, so that the leap day is the last.
    let year = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

fn digits(rest: &mut &str, least: usize, most: usize) -> Option<i64> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (number, after) = rest.split_at(count);
    *rest = after;
    number.parse().ok()
}

fn literal(rest: &mut &str, expected: char) -> Option<()> {
    *rest = rest.strip_prefix(expected)?;
    Some(())
}
