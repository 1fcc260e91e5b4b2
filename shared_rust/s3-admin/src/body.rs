//! JSON bodies and their fields.

use crate::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

const MAX_BYTES: usize = 65_536;

/// The object that a body holds.
pub fn json_object(body: Option<&str>, is_base64: bool) -> Result<Map<String, Value>, Problem> {
    let not_json = || Problem::bad_request("body is not valid JSON");
    let text = body.unwrap_or_default();
    let content = if is_base64 {
        STANDARD.decode(text).map_err(|_| not_json())?
    } else {
        text.as_bytes().to_vec()
    };
    if content.len() > MAX_BYTES {
        return Err(Problem::new(
            413,
            format!("body must be at most {MAX_BYTES} bytes"),
        ));
    }
    match serde_json::from_slice(&content).map_err(|_| not_json())? {
        Value::Object(object) => Ok(object),
        _ => Err(Problem::bad_request("body must be a JSON object")),
    }
}

/// Refuses fields that are not `known`.
pub fn check_fields(body: &Map<String, Value>, known: &[&str]) -> Result<(), Problem> {
    let unknown = body
        .keys()
        .filter(|name| !known.contains(&name.as_str()))
        .min();
    unknown.map_or(Ok(()), |name| {
        Err(Problem::bad_request(format!("unknown field '{name}'")))
    })
}

/// A field that must be a string.
pub fn required_string<'body>(
    body: &'body Map<String, Value>,
    name: &str,
) -> Result<&'body str, Problem> {
    let value = body
        .get(name)
        .ok_or_else(|| Problem::bad_request(format!("'{name}' is required")))?;
    value
        .as_str()
        .ok_or_else(|| Problem::bad_request(format!("'{name}' must be a string")))
}

/// A field that must be a string of so many characters (Unicode scalar values).
pub fn required_text<'body>(
    body: &'body Map<String, Value>,
    name: &str,
    length: RangeInclusive<usize>,
) -> Result<&'body str, Problem> {
    let text = required_string(body, name)?;
    if length.contains(&text.chars().count()) {
        return Ok(text);
    }
    let (from, to) = length.into_inner();
    Err(Problem::bad_request(format!(
        "'{name}' must be {from} to {to} characters"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail<T: std::fmt::Debug>(result: Result<T, Problem>) -> String {
        result.unwrap_err().detail
    }

    #[test]
    fn what_is_no_json_object() {
        for body in [
            None,
            Some(""),
            Some("{"),
            Some("{\"a\":NaN}"),
            Some("\u{feff}{}"),
            Some(r#"{"a":"\ud800"}"#),
        ] {
            assert_eq!(
                detail(json_object(body, false)),
                "body is not valid JSON",
                "{body:?}"
            );
        }
        assert_eq!(
            detail(json_object(Some("[]"), false)),
            "body must be a JSON object"
        );
        assert_eq!(
            detail(json_object(Some("e30"), true)),
            "body is not valid JSON"
        );
        assert!(json_object(Some("e30="), true).is_ok());
    }

    #[test]
    fn a_large_body_is_not_read() {
        let body = format!("\"{}\"", "x".repeat(MAX_BYTES));
        assert_eq!(json_object(Some(&body), false).unwrap_err().status, 413);
    }

    #[test]
    fn fields_are_checked_by_name_then_type_then_range() {
        let body = json_object(Some(r#"{"b":1,"a":null,"c":"ää","c":"äää"}"#), false).unwrap();
        assert_eq!(detail(check_fields(&body, &["c"])), "unknown field 'a'");
        assert_eq!(detail(required_string(&body, "a")), "'a' must be a string");
        assert_eq!(detail(required_string(&body, "d")), "'d' is required");
        assert_eq!(
            detail(required_text(&body, "c", 1..=2)),
            "'c' must be 1 to 2 characters"
        );
        assert_eq!(required_text(&body, "c", 1..=3).unwrap(), "äää");
    }
}
