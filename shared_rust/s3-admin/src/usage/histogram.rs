//! Counts of objects by size, by age and by storage class.

use crate::timestamp::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many objects, and how many bytes they hold together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub objects: u64,
    pub bytes: u64,
}

impl Totals {
    pub const fn add(&mut self, size: u64) {
        self.objects += 1;
        self.bytes = self.bytes.saturating_add(size);
    }
}

/// Objects of at most `le_bytes` bytes that are larger than the next smaller power of four.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SizeBucket {
    pub le_bytes: u64,
    #[serde(flatten)]
    pub totals: Totals,
}

/// Up to 4^31, far past S3's largest object; anything larger would count there.
const POWERS: usize = 32;

/// Sizes by powers of four.
#[derive(Debug, Default)]
pub struct SizeHistogram([Totals; POWERS]);

impl SizeHistogram {
    pub fn add(&mut self, size: u64) {
        self.0[power_of_four(size).min(POWERS - 1)].add(size);
    }

    /// The buckets that hold something, smallest first.
    pub fn finish(&self) -> Vec<SizeBucket> {
        let buckets = self.0.iter().enumerate();
        let filled = buckets.filter(|(_, totals)| totals.objects > 0);
        filled
            .map(|(power, &totals)| SizeBucket {
                le_bytes: 1 << (2 * power),
                totals,
            })
            .collect()
    }
}

/// The smallest `n` with `4^n >= size`; 0 for an empty object.
const fn power_of_four(size: u64) -> usize {
    if size <= 1 {
        return 0;
    }
    let bits = (size - 1).ilog2() + 1;
    bits.div_ceil(2) as usize
}

/// Objects last modified within one span of days before the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgeBucket {
    pub bucket: &'static str,
    #[serde(flatten)]
    pub totals: Totals,
}

const AGES: [(&str, i64); 5] = [
    ("<7d", 7),
    ("<30d", 30),
    ("<90d", 90),
    ("<365d", 365),
    (">=365d", i64::MAX),
];

/// Ages in whole days at the time of the request.
#[derive(Debug)]
pub struct Ages {
    now: Timestamp,
    totals: [Totals; AGES.len()],
}

impl Ages {
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            totals: Default::default(),
        }
    }

    pub fn add(&mut self, last_modified: Timestamp, size: u64) {
        let days = self.now.days_since(last_modified);
        let spans = AGES.iter().zip(&mut self.totals);
        if let Some((_, totals)) = spans.into_iter().find(|((_, below), _)| days < *below) {
            totals.add(size);
        }
    }

    /// All five spans, youngest first, also those that hold nothing.
    pub fn finish(&self) -> Vec<AgeBucket> {
        let spans = AGES.iter().zip(&self.totals);
        spans
            .map(|((bucket, _), &totals)| AgeBucket { bucket, totals })
            .collect()
    }
}

/// Objects in one storage class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StorageClassUsage {
    pub storage_class: String,
    #[serde(flatten)]
    pub totals: Totals,
}

/// Totals by storage class: a dozen classes at most, so no bound is needed.
#[derive(Debug, Default)]
pub struct StorageClasses(BTreeMap<String, Totals>);

impl StorageClasses {
    pub fn add(&mut self, storage_class: &str, size: u64) {
        if let Some(totals) = self.0.get_mut(storage_class) {
            totals.add(size);
        } else {
            self.0.insert(
                storage_class.to_owned(),
                Totals {
                    objects: 1,
                    bytes: size,
                },
            );
        }
    }

    /// Sorted by name.
    pub fn finish(self) -> Vec<StorageClassUsage> {
        let classes = self.0.into_iter();
        classes
            .map(|(storage_class, totals)| StorageClassUsage {
                storage_class,
                totals,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn powers_of_four_at_their_edges() {
        let cases = [
            (0, 0),
            (1, 0),
            (2, 1),
            (4, 1),
            (5, 2),
            (16, 2),
            (17, 3),
            (u64::MAX, 32),
        ];
        for (size, power) in cases {
            assert_eq!(power_of_four(size), power, "size {size}");
        }
    }

    proptest! {
        #[test]
        fn each_size_is_in_the_smallest_bucket_that_holds_it(size in 0..(1u64 << 60)) {
            let mut histogram = SizeHistogram::default();
            histogram.add(size);
            let [bucket] = &histogram.finish()[..] else { panic!("one bucket") };
            prop_assert!(size <= bucket.le_bytes);
            prop_assert!(bucket.le_bytes == 1 || size > bucket.le_bytes / 4);
        }
    }

    #[test]
    fn ages_change_on_the_day() {
        let now = Timestamp::from_unix(1_769_860_800);
        let mut ages = Ages::new(now);
        for days in [-1, 0, 6, 7, 29, 30, 89, 90, 364, 365, 4000] {
            ages.add(now.plus_seconds(-86_400 * days), 1);
        }
        let counts: Vec<_> = ages.finish().iter().map(|age| age.totals.objects).collect();
        assert_eq!(counts, [3, 2, 2, 2, 2]);
    }
}
