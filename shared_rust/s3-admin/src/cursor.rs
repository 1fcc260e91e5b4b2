//! Opaque cursors: where a listing stopped, so that the next call goes on from there.
//!
//! A cursor is `base64url(sha256(body)[..8] + body)` without padding, and the body is compact JSON. The
//! checksum is no signature: it tells a damaged or made-up cursor from a real one, so that it is a 400 and
//! never a surprise further in. A cursor gives no rights that its holder does not have.

use crate::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const CHECKSUM_BYTES: usize = 8;

/// Where a walk over keys stopped: the next call starts after the key `after`, under the same `prefix`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyCursor {
    pub after: String,
    pub prefix: String,
}

impl KeyCursor {
    /// The cursor a client gets to see.
    pub fn encode(&self) -> String {
        encode(self)
    }

    /// Reads a cursor that was made for `prefix`; `None` when it is damaged, made up or for another prefix.
    pub fn decode(text: &str, prefix: &str) -> Option<Self> {
        decode::<Self>(text).filter(|cursor| cursor.prefix == prefix)
    }
}

/// The problem of a cursor that is not one of ours, or not for this request.
pub fn invalid() -> Problem {
    Problem::bad_request("'cursor' is not valid")
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut first = [0; CHECKSUM_BYTES];
    first.copy_from_slice(&digest(&SHA256, body).as_ref()[..CHECKSUM_BYTES]);
    first
}

/// Encodes any small body in the cursor format.
pub fn encode<T: Serialize>(body: &T) -> String {
    // Structs of strings cannot fail to serialize; an empty body would only make an invalid cursor.
    let body = serde_json::to_vec(body).unwrap_or_default();
    URL_SAFE_NO_PAD.encode([checksum(&body).as_slice(), &body].concat())
}

/// Decodes what [`encode`] made; `None` for anything else.
pub fn decode<T: Serialize + DeserializeOwned>(text: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (sum, body) = bytes.split_at_checked(CHECKSUM_BYTES)?;
    if sum != checksum(body) {
        return None;
    }
    let decoded: T = serde_json::from_slice(body).ok()?;
    // Only the form that `encode` makes: no spaces, no other order of fields.
    (serde_json::to_vec(&decoded).ok()? == body).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn has_the_form_that_every_lab_makes() {
        // Made with Python's hashlib, base64 and json(ensure_ascii=False, separators=(",", ":")).
        let made = "VIcXlVs_yXp7ImFmdGVyIjoibG9ncy_DpC50eHQiLCJwcmVmaXgiOiJsb2dzLyJ9";
        let cursor = KeyCursor {
            after: "logs/ä.txt".into(),
            prefix: "logs/".into(),
        };
        assert_eq!(cursor.encode(), made);
        assert_eq!(KeyCursor::decode(made, "logs/"), Some(cursor));
    }

    #[test]
    fn another_form_of_the_same_body_is_refused() {
        for body in [
            r#"{"prefix":"","after":"a"}"#,
            r#"{"after": "a","prefix":""}"#,
            r#"{"after":"a","prefix":"","x":1}"#,
        ] {
            let text =
                URL_SAFE_NO_PAD.encode([&checksum(body.as_bytes()), body.as_bytes()].concat());
            assert_eq!(KeyCursor::decode(&text, ""), None, "{body}");
        }
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(after in ".*", prefix in ".*") {
            let cursor = KeyCursor { after, prefix: prefix.clone() };
            prop_assert_eq!(KeyCursor::decode(&cursor.encode(), &prefix), Some(cursor));
        }

        #[test]
        fn another_prefix_is_refused(after in ".*", prefix in ".*", other in ".*") {
            prop_assume!(prefix != other);
            let cursor = KeyCursor { after, prefix };
            prop_assert_eq!(KeyCursor::decode(&cursor.encode(), &other), None);
        }

        #[test]
        fn one_changed_byte_is_refused(after in "[a-z/]{0,20}", at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
            let text = KeyCursor { after, prefix: String::new() }.encode();
            let index = at.index(text.len());
            let mut damaged = text.clone();
            damaged.replace_range(index..=index, &to);
            prop_assume!(damaged != text);
            prop_assert_eq!(KeyCursor::decode(&damaged, ""), None);
        }

        #[test]
        fn anything_else_is_refused(text in ".*") {
            prop_assert_eq!(KeyCursor::decode(&text, ""), None);
        }
    }
}
