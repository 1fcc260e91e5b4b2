//! S3's rules for the names of new general purpose buckets.

use crate::problem::Problem;

const RESERVED_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/// The problem says which rule is broken first.
pub fn check_name(name: &str) -> Result<(), Problem> {
    broken_rule(name).map_or(Ok(()), |rule| {
        Err(Problem::bad_request(format!("'name' {rule}")))
    })
}

fn broken_rule(name: &str) -> Option<String> {
    let letter_or_digit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    if !(3..=63).contains(&name.chars().count()) {
        return Some("must be 3 to 63 characters".to_owned());
    }
    if !bytes
        .iter()
        .all(|&byte| letter_or_digit(byte) || matches!(byte, b'.' | b'-'))
    {
        return Some("may hold only lower-case letters, digits, dots and hyphens".to_owned());
    }
    if ![bytes.first(), bytes.last()]
        .into_iter()
        .flatten()
        .all(|&end| letter_or_digit(end))
    {
        return Some("must begin and end with a letter or a digit".to_owned());
    }
    if name.contains("..") {
        return Some("must not hold two dots in a row".to_owned());
    }
    if looks_like_ip_address(name) {
        return Some("must not look like an IP address".to_owned());
    }
    if let Some(prefix) = RESERVED_PREFIXES
        .iter()
        .find(|prefix| name.starts_with(**prefix))
    {
        return Some(format!("must not begin with '{prefix}'"));
    }
    let suffix = RESERVED_SUFFIXES
        .iter()
        .find(|suffix| name.ends_with(**suffix));
    suffix.map(|suffix| format!("must not end with '{suffix}'"))
}

fn looks_like_ip_address(name: &str) -> bool {
    let groups = name.split('.');
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    groups.clone().count() == 4 && groups.into_iter().all(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_broken_rule_is_named() {
        let cases = [
            ("ab", "'name' must be 3 to 63 characters"),
            (
                "ABC",
                "'name' may hold only lower-case letters, digits, dots and hyphens",
            ),
            (
                "äbc",
                "'name' may hold only lower-case letters, digits, dots and hyphens",
            ),
            (
                "abc\n",
                "'name' may hold only lower-case letters, digits, dots and hyphens",
            ),
            ("-abc", "'name' must begin and end with a letter or a digit"),
            ("abc.", "'name' must begin and end with a letter or a digit"),
            ("a..b", "'name' must not hold two dots in a row"),
            ("1.22.333.4444", "'name' must not look like an IP address"),
            ("xn--abc", "'name' must not begin with 'xn--'"),
            ("sthree-abc", "'name' must not begin with 'sthree-'"),
            ("abc--x-s3", "'name' must not end with '--x-s3'"),
        ];
        for (name, detail) in cases {
            assert_eq!(check_name(name).unwrap_err().detail, detail);
        }
        for name in ["abc", "a.b-c", "1.2.3", "1.2.3.4a", &"a".repeat(63)] {
            assert_eq!(check_name(name), Ok(()));
        }
    }
}
