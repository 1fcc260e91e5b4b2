//! Totals by prefix, in memory for the prefixes that a report shows and not for all there are.

use super::histogram::Totals;
use super::top::Top;
use serde::Serialize;
use std::cmp::Ordering;

/// Prefixes in a report.
pub const MAX_PREFIXES: usize = 1_000;

/// What lies under one prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrefixUsage {
    pub prefix: String,
    #[serde(flatten)]
    pub totals: Totals,
}

impl Ord for PrefixUsage {
    /// Most bytes first, then by name.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_bytes = other.totals.bytes.cmp(&self.totals.bytes);
        by_bytes
            .then_with(|| self.prefix.cmp(&other.prefix))
            .then_with(|| self.totals.objects.cmp(&other.totals.objects))
    }
}

impl PartialOrd for PrefixUsage {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The part of `key` that it is counted under: its first `depth` segments with the delimiter after each, or
/// its whole directory part when that has fewer.
///
/// With `/` and depth 1, `a/b/c.txt` counts under `a/` and `c.txt` under the empty prefix.
pub fn prefix_of<'key>(key: &'key str, delimiter: &str, depth: usize) -> &'key str {
    let ends = key
        .match_indices(delimiter)
        .map(|(start, found)| start + found.len());
    &key[..ends.take(depth).last().unwrap_or(0)]
}

/// Adds up keys by prefix.
///
/// S3 lists keys in the order of their UTF-8 bytes, so the keys that begin with a prefix come in one run. Only
/// the prefixes of the current key are open, at most `depth + 1` at a time; a prefix is final as soon as a key
/// comes that does not begin with it. Memory does not grow with the number of prefixes.
#[derive(Debug)]
pub struct PrefixTotals {
    delimiter: String,
    depth: usize,
    /// From the shortest to the longest; each begins with the one before it.
    open: Vec<PrefixUsage>,
    closed: Top<PrefixUsage>,
}

impl PrefixTotals {
    pub fn new(delimiter: String, depth: usize) -> Self {
        Self {
            delimiter,
            depth,
            open: Vec::new(),
            closed: Top::new(MAX_PREFIXES),
        }
    }

    /// `key` must not sort before the key that was added last.
    pub fn add(&mut self, key: &str, size: u64) {
        while let Some(done) = self.open.pop_if(|last| !key.starts_with(&last.prefix)) {
            self.closed.push(done);
        }
        let prefix = prefix_of(key, &self.delimiter, self.depth);
        match self.open.iter_mut().rfind(|usage| usage.prefix == prefix) {
            Some(usage) => usage.totals.add(size),
            None => self.open(prefix, size),
        }
    }

    fn open(&mut self, prefix: &str, size: u64) {
        let at = self
            .open
            .partition_point(|usage| usage.prefix.len() < prefix.len());
        let totals = Totals {
            objects: 1,
            bytes: size,
        };
        self.open.insert(
            at,
            PrefixUsage {
                prefix: prefix.to_owned(),
                totals,
            },
        );
    }

    /// The first [`MAX_PREFIXES`], most bytes first.
    pub fn finish(mut self) -> Vec<PrefixUsage> {
        for done in self.open {
            self.closed.push(done);
        }
        self.closed.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn prefixes_of_keys() {
        let cases = [
            ("c.txt", 1, ""),
            ("a/b/c.txt", 1, "a/"),
            ("a/b/c.txt", 2, "a/b/"),
            ("a/b/c.txt", 8, "a/b/"),
            ("a/", 1, "a/"),
            ("a//b", 2, "a//"),
            ("/a", 1, "/"),
            ("", 3, ""),
        ];
        for (key, depth, prefix) in cases {
            assert_eq!(
                prefix_of(key, "/", depth),
                prefix,
                "{key:?} at depth {depth}"
            );
        }
        assert_eq!(prefix_of("a::::b", "::", 1), "a::");
    }

    proptest! {
        #[test]
        fn equals_a_map_of_every_prefix(
            mut keys in prop::collection::vec(("[ab./]{0,8}|[a-z/ä]{0,12}", 0u64..100), 0..80),
            depth in 1usize..4,
        ) {
            keys.sort();
            let mut totals = PrefixTotals::new("/".to_owned(), depth);
            let mut map: HashMap<&str, Totals> = HashMap::new();
            for (key, size) in &keys {
                totals.add(key, *size);
                map.entry(prefix_of(key, "/", depth)).or_default().add(*size);
            }
            let mut expected: Vec<_> = map
                .into_iter()
                .map(|(prefix, totals)| PrefixUsage { prefix: prefix.to_owned(), totals })
                .collect();
            expected.sort();
            prop_assert_eq!(totals.finish(), expected);
        }
    }
}
