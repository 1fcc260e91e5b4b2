//! Objects that hold the same bytes, as far as ETag and size tell.

use serde::Serialize;
use std::collections::HashMap;

/// Distinct (ETag, size) pairs that are remembered; later ones are not, and the report says so.
pub const MAX_TRACKED: usize = 50_000;

/// What could be saved by keeping one copy of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicates {
    /// Pairs of (ETag, size) that more than one object has. Empty objects do not count.
    pub groups: u64,
    /// Bytes of every copy but the first.
    pub wasted_bytes: u64,
    /// False when there were more distinct pairs than could be remembered.
    pub complete: bool,
}

/// An ETag in few bytes: nearly all are an MD5 in hexadecimal, with `-parts` after a multipart upload.
#[derive(Debug, PartialEq, Eq, Hash)]
enum ETag {
    Md5 { digest: u128, parts: Option<u32> },
    Other(Box<str>),
}

impl ETag {
    fn parse(text: &str) -> Self {
        let (digest, parts) = match text.split_once('-') {
            Some((digest, parts)) => (digest, Some(parts)),
            None => (text, None),
        };
        let lower_hex = digest.len() == 32
            && digest
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let canonical = |parts: &str| {
            parts
                .parse()
                .ok()
                .filter(|number: &u32| number.to_string() == parts)
        };
        match (u128::from_str_radix(digest, 16), parts.map(canonical)) {
            (Ok(digest), None) if lower_hex => Self::Md5 {
                digest,
                parts: None,
            },
            (Ok(digest), Some(Some(parts))) if lower_hex => Self::Md5 {
                digest,
                parts: Some(parts),
            },
            _ => Self::Other(text.into()),
        }
    }
}

/// Finds duplicates in bounded memory.
#[derive(Debug)]
pub struct DuplicateFinder {
    seen_again: HashMap<(ETag, u64), bool>,
    limit: usize,
    found: Duplicates,
}

impl Default for DuplicateFinder {
    fn default() -> Self {
        Self::with_limit(MAX_TRACKED)
    }
}

impl DuplicateFinder {
    pub fn with_limit(limit: usize) -> Self {
        let found = Duplicates {
            groups: 0,
            wasted_bytes: 0,
            complete: true,
        };
        Self {
            seen_again: HashMap::new(),
            limit,
            found,
        }
    }

    pub fn add(&mut self, etag: &str, size: u64) {
        if size == 0 {
            return;
        }
        let pair = (ETag::parse(etag), size);
        if let Some(seen_again) = self.seen_again.get_mut(&pair) {
            self.found.wasted_bytes = self.found.wasted_bytes.saturating_add(size);
            self.found.groups += u64::from(!std::mem::replace(seen_again, true));
        } else if self.seen_again.len() < self.limit {
            self.seen_again.insert(pair, false);
        } else {
            self.found.complete = false;
        }
    }

    pub fn finish(self) -> Duplicates {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_copy_but_the_first_is_wasted() {
        let mut finder = DuplicateFinder::default();
        for (etag, size) in [
            ("a", 5),
            ("a", 5),
            ("a", 5),
            ("a", 6),
            ("b", 5),
            ("e", 0),
            ("e", 0),
        ] {
            finder.add(etag, size);
        }
        assert_eq!(
            finder.finish(),
            Duplicates {
                groups: 1,
                wasted_bytes: 10,
                complete: true
            }
        );
    }

    #[test]
    fn past_the_limit_known_pairs_still_count() {
        let mut finder = DuplicateFinder::with_limit(1);
        for etag in ["a", "b", "a", "b"] {
            finder.add(etag, 1);
        }
        assert_eq!(
            finder.finish(),
            Duplicates {
                groups: 1,
                wasted_bytes: 1,
                complete: false
            }
        );
    }

    proptest! {
        #[test]
        fn different_etags_stay_different(
            one in "[0-9a-fA-F]{31,33}(-[0-9]{1,3})?",
            other in "[0-9a-fA-F]{31,33}(-[0-9]{1,3})?",
        ) {
            prop_assert_eq!(ETag::parse(&one) == ETag::parse(&other), one == other);
            prop_assert_eq!(ETag::parse(&one), ETag::parse(&one));
            prop_assert_ne!(ETag::parse(&one), ETag::parse(&format!("{one}-1")));
        }
    }
}
