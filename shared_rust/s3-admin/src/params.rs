//! Checks of what a request brings: query parameters and path. Each check gives back the value or the problem
//! that names it; `labs/README.md` has the wording and the order.

use crate::problem::Problem;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A request's query: each name with all values given for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(BTreeMap<String, Vec<String>>);

impl Query {
    pub fn new(values: BTreeMap<String, Vec<String>>) -> Self {
        Self(values)
    }

    /// Refuses names that are not `known`, and then names given more than once.
    pub fn check_names(&self, known: &[&str]) -> Result<(), Problem> {
        if let Some(name) = self.0.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(Problem::bad_request(format!(
                "unknown query parameter '{name}'"
            )));
        }
        if let Some((name, _)) = self.0.iter().find(|(_, values)| values.len() > 1) {
            return Err(Problem::bad_request(format!(
                "query parameter '{name}' is given more than once"
            )));
        }
        Ok(())
    }

    /// The value as it was sent, also when it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map(String::as_str)
    }

    /// A whole number within `range`, or `default` when there is none.
    pub fn whole_number(
        &self,
        name: &str,
        range: RangeInclusive<usize>,
        default: usize,
    ) -> Result<usize, Problem> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        let digits =
            (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number that is not even digits is out of every range.
        let number = if digits {
            text.parse().unwrap_or(usize::MAX)
        } else {
            usize::MAX
        };
        within(name, number, range)
    }

    /// Text of at most 1,024 bytes; empty when it was not sent.
    pub fn prefix(&self) -> Result<&str, Problem> {
        key_text("prefix", self.get("prefix").unwrap_or_default())
    }

    /// An object's key, which must be there.
    pub fn key(&self) -> Result<&str, Problem> {
        match self.get("key") {
            None | Some("") => Err(Problem::bad_request("'key' is required")),
            Some(key) => key_text("key", key),
        }
    }

    /// Text of 1 to `longest` characters, when it was sent.
    pub fn short_text(&self, name: &str, longest: usize) -> Result<Option<&str>, Problem> {
        let fits = |text: &str| (1..=longest).contains(&text.chars().count());
        match self.get(name) {
            Some(text) if !fits(text) => Err(Problem::bad_request(format!(
                "'{name}' must be 1 to {longest} characters"
            ))),
            text => Ok(text),
        }
    }

    /// A delimiter, when one was sent.
    pub fn delimiter(&self) -> Result<Option<&str>, Problem> {
        self.get("delimiter").map(delimiter).transpose()
    }
}

/// `number` if it is within `range`.
pub fn within(name: &str, number: usize, range: RangeInclusive<usize>) -> Result<usize, Problem> {
    if range.contains(&number) {
        return Ok(number);
    }
    let (from, to) = range.into_inner();
    Err(Problem::bad_request(format!(
        "'{name}' must be a whole number from {from} to {to}"
    )))
}

/// A key or a prefix: at most 1,024 bytes of UTF-8, without U+0000.
pub fn key_text<'text>(name: &str, text: &'text str) -> Result<&'text str, Problem> {
    if text.len() > 1024 {
        return Err(Problem::bad_request(format!(
            "'{name}' must be at most 1024 bytes"
        )));
    }
    no_nul(name, text)
}

/// A delimiter: 1 to 16 characters, without U+0000.
pub fn delimiter(text: &str) -> Result<&str, Problem> {
    if !(1..=16).contains(&text.chars().count()) {
        return Err(Problem::bad_request(
            "'delimiter' must be 1 to 16 characters",
        ));
    }
    no_nul("delimiter", text)
}

fn no_nul<'text>(name: &str, text: &'text str) -> Result<&'text str, Problem> {
    if text.contains('\0') {
        return Err(Problem::bad_request(format!(
            "'{name}' must not hold U+0000"
        )));
    }
    Ok(text)
}

/// A bucket's name in a path. Old buckets have odd names, but none outside of this pattern can exist.
pub fn bucket_name(name: &str) -> Result<&str, Problem> {
    let fits = (3..=255).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    if fits {
        Ok(name)
    } else {
        Err(Problem::not_found("no bucket can have this name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &[&str])]) -> Query {
        let owned = |values: &[&str]| values.iter().map(ToString::to_string).collect();
        Query::new(
            pairs
                .iter()
                .map(|(name, values)| ((*name).to_owned(), owned(values)))
                .collect(),
        )
    }

    fn detail<T: std::fmt::Debug>(result: Result<T, Problem>) -> String {
        result.unwrap_err().detail
    }

    #[test]
    fn names_are_checked_in_order() {
        let sent = query(&[
            ("z", &["1"]),
            ("b", &["1", "2"]),
            ("a", &["1", "2"]),
            ("known", &["1"]),
        ]);
        assert_eq!(
            detail(sent.check_names(&["known"])),
            "unknown query parameter 'a'"
        );
        assert_eq!(
            detail(sent.check_names(&["a", "b", "known", "z"])),
            "query parameter 'a' is given more than once"
        );
        assert!(query(&[("known", &[""])]).check_names(&["known"]).is_ok());
    }

    #[test]
    fn whole_numbers_are_digits_within_a_range() {
        for (text, expected) in [
            ("1", Some(1)),
            ("007", Some(7)),
            ("8", Some(8)),
            ("000000008", Some(8)),
        ] {
            assert_eq!(
                query(&[("depth", &[text])])
                    .whole_number("depth", 1..=8, 1)
                    .ok(),
                expected
            );
        }
        for text in [
            "",
            "0",
            "9",
            "-1",
            "+1",
            "1.0",
            " 1",
            "１",
            "0000000008",
            "99999999999999999999",
        ] {
            let sent = query(&[("depth", &[text])]);
            assert_eq!(
                detail(sent.whole_number("depth", 1..=8, 1)),
                "'depth' must be a whole number from 1 to 8"
            );
        }
        assert_eq!(query(&[]).whole_number("depth", 1..=8, 1).ok(), Some(1));
    }

    #[test]
    fn text_is_bounded() {
        assert!(key_text("key", &"ä".repeat(512)).is_ok());
        assert_eq!(
            detail(key_text("key", &"ä".repeat(513))),
            "'key' must be at most 1024 bytes"
        );
        assert_eq!(
            detail(key_text("prefix", "a\0")),
            "'prefix' must not hold U+0000"
        );
        assert_eq!(detail(query(&[("key", &[""])]).key()), "'key' is required");
        assert_eq!(
            detail(delimiter("")),
            "'delimiter' must be 1 to 16 characters"
        );
        assert!(delimiter(&"ä".repeat(16)).is_ok());
        assert_eq!(detail(delimiter("\0")), "'delimiter' must not hold U+0000");
    }

    #[test]
    fn names_that_no_bucket_can_have() {
        for name in [
            "",
            "ab",
            ".abc",
            "-abc",
            "a/b/c",
            "a b",
            "äbcd",
            &"a".repeat(256),
            "abc\n",
        ] {
            assert!(bucket_name(name).is_err(), "{name:?}");
        }
        for name in ["abc", "Old_Bucket", "1.2.3", &"a".repeat(255)] {
            assert!(bucket_name(name).is_ok(), "{name:?}");
        }
    }
}
