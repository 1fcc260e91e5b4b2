//! The `Authorization` header.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::ops::RangeInclusive;

/// Characters of a username and of a password, as Unicode scalar values.
pub const USERNAME_LENGTH: RangeInclusive<usize> = 1..=64;
pub const PASSWORD_LENGTH: RangeInclusive<usize> = 1..=1024;

/// What a caller shows. It has no `Debug`: it must not end up in a log.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    Bearer(String),
    Basic { username: String, password: String },
}

impl Credentials {
    /// Reads `Bearer <token>` or `Basic <base64 of username:password>`; `None` for anything else.
    /// The scheme's case does not matter (RFC 9110); a password may hold colons and any UTF-8.
    pub fn parse(header: &str) -> Option<Self> {
        const SPACES: [char; 2] = [' ', '\t'];
        let (scheme, value) = header.trim_matches(SPACES).split_once(' ')?;
        let (scheme, value) = (scheme.trim_matches(SPACES), value.trim_matches(SPACES));
        if scheme.eq_ignore_ascii_case("bearer") {
            (!value.is_empty()).then(|| Self::Bearer(value.to_owned()))
        } else if scheme.eq_ignore_ascii_case("basic") {
            let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
            let (username, password) = text.split_once(':')?;
            let lengths_fit = USERNAME_LENGTH.contains(&username.chars().count())
                && PASSWORD_LENGTH.contains(&password.chars().count());
            lengths_fit.then(|| Self::Basic {
                username: username.to_owned(),
                password: password.to_owned(),
            })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unreadable_headers() {
        let no_colon = STANDARD.encode("ada");
        let no_utf8 = STANDARD.encode([0xff, b':', 0xff]);
        let headers = [
            "",
            "Bearer",
            "Bearer ",
            "Basic",
            "Basic !!",
            "Digest x",
            "token",
            &format!("Basic {no_colon}"),
            &format!("Basic {no_utf8}"),
        ];
        for header in headers {
            assert!(Credentials::parse(header).is_none(), "{header:?}");
        }
    }

    proptest! {
        #[test]
        fn basic_holds_colons_and_unicode(username in "[^:]{1,64}", password in ".{1,99}") {
            let header = format!("bAsIc {}", STANDARD.encode(format!("{username}:{password}")));
            let sent = Credentials::Basic { username, password };
            prop_assert!(Credentials::parse(&header) == Some(sent));
        }
    }
}
