//! Text of a bounded length, without control characters and the two that a queue's message must not have.

use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;
use std::ops::Deref;

/// Text of 1 to `MAX` bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Text<const MAX: usize>(Box<str>);

/// A Lambda request id, with room for the ids of other runtimes.
pub type RequestId = Text<64>;
/// A request id, a slash and a number, or what a function chose.
pub type EventId = Text<128>;
/// 64 characters, of up to 4 bytes each.
pub type UserName = Text<256>;
pub type RoleName = Text<32>;
/// An `operationId` of the API.
pub type Action = Text<64>;
/// Buckets made before 2018 may have 255 bytes.
pub type BucketName = Text<255>;
pub type FunctionName = Text<140>;
/// Any other name, such as that of a log stream.
pub type Name = Text<512>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to {max} bytes of text without control characters")]
pub struct OutOfBounds {
    max: usize,
}

impl<const MAX: usize> Text<MAX> {
    /// # Errors
    /// It is empty, longer than `MAX` bytes or has control characters.
    pub fn new(text: &str) -> Result<Self, OutOfBounds> {
        let fits = (1..=MAX).contains(&text.len()) && !text.chars().any(is_refused);
        fits.then(|| Self(text.into()))
            .ok_or(OutOfBounds { max: MAX })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// SQS refuses a whole message for U+FFFE and U+FFFF.
fn is_refused(character: char) -> bool {
    character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}')
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<const MAX: usize>;

        impl<const MAX: usize> de::Visitor<'_> for Visitor<MAX> {
            type Value = Text<MAX>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "1 to {MAX} bytes of text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<MAX>, E> {
                Text::new(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_in_bytes() {
        assert!(Text::<4>::new("abcd").is_ok());
        assert!(Text::<4>::new("äö").is_ok());
        assert!(Text::<4>::new("äöü").is_err());
        assert!(Text::<4>::new("").is_err());
    }

    #[test]
    fn control_characters_are_refused() {
        for text in ["a\nb", "\0", "a\u{7f}", "\u{85}", "\u{fffe}", "\u{ffff}"] {
            assert!(Text::<8>::new(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_error_does_not_repeat_the_text() {
        let error = serde_json::from_str::<Text<4>>("\"password\"").unwrap_err();
        assert!(!error.to_string().contains("password"), "{error}");
    }
}
