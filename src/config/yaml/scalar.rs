//! What a scalar means: the core schema of YAML 1.2 as js-yaml has it (`0b1`, `1_000`; `no` and dates are text).

use super::tree::Value;

/// The value of a plain scalar; `None` if it is only text.
pub(super) fn implicit(text: &str) -> Option<Value> {
    ["null", "bool", "int", "float"].iter().find_map(|kind| typed(text, kind))
}

/// `text` as the scalar type `kind` of the core schema, if it is one.
pub(super) fn typed(text: &str, kind: &str) -> Option<Value> {
    match kind {
        "null" => matches!(text, "~" | "null" | "Null" | "NULL").then_some(Value::Null),
        "bool" => match text {
            "true" | "True" | "TRUE" => Some(Value::Bool(true)),
            "false" | "False" | "FALSE" => Some(Value::Bool(false)),
            _ => None,
        },
        "int" => integer(text).map(Value::Number),
        "float" => float(text).map(Value::Number),
        "str" => Some(Value::Text(text.into())),
        _ => None,
    }
}

/// Whole numbers: decimal, `0x`, `0o`, `0b`, with a sign and with `_` between digits.
fn integer(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'b', ..] => (2, &unsigned[2..]),
        [b'0', b'o', ..] => (8, &unsigned[2..]),
        [b'0', b'x', ..] => (16, &unsigned[2..]),
        // `0_1` is left to the floats, as a leading `_` is to text.
        [b'_', ..] | [b'0', b'_', ..] => return None,
        _ => (10, unsigned),
    };
    if digits.ends_with('_') || !digits.contains(|c: char| c.is_digit(radix)) {
        return None;
    }
    let mut value = 0.0;
    if radix == 10 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        value = digits.replace('_', "").parse().ok()?;
    } else {
        for character in digits.chars().filter(|c| *c != '_') {
            value = value * f64::from(radix) + f64::from(character.to_digit(radix)?);
        }
    }
    Some(if text.starts_with('-') { -value } else { value })
}

/// Numbers with a point or an exponent, infinity, and no number.
fn float(text: &str) -> Option<f64> {
    let (sign, unsigned) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { -1.0 } else { 1.0 }, rest),
        None => (1.0, text),
    };
    let signed = unsigned.len() < text.len();
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if !signed => return Some(f64::NAN),
        _ => {}
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    let digits_from = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let well_formed = match mantissa.split_once('.') {
        Some(("", fraction)) => !signed && !fraction.is_empty() && digits_from(fraction),
        Some((whole, fraction)) => starts_with_digit(whole) && digits_from(whole) && digits_from(fraction),
        None => starts_with_digit(mantissa) && digits_from(mantissa),
    };
    if !well_formed || text.ends_with('_') {
        return None;
    }
    // Without digits, as in `._e5`, there is no number.
    Some(unsigned.replace('_', "").parse().map_or(f64::NAN, |value: f64| sign * value))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// A number as JavaScript writes it.
pub(crate) fn number_text(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if value == 0.0 {
        "0".to_owned()
    } else if size >= 1e21 {
        format!("{value:e}").replace('e', "e+")
    } else if size < 1e-6 {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}
