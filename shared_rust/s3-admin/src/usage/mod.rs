//! Where a bucket's bytes are: a walk over every key, in bounded memory, that can stop and go on.

mod duplicates;
mod histogram;
mod prefixes;
mod top;
mod walk;

pub use duplicates::Duplicates;
pub use histogram::{AgeBucket, SizeBucket, StorageClassUsage, Totals};
pub use prefixes::{PrefixUsage, prefix_of};
pub use walk::{STOP_BEFORE_DEADLINE, walk};

use crate::cursor::{self, KeyCursor};
use crate::params::{self, Query};
use crate::ports::ObjectSummary;
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use duplicates::DuplicateFinder;
use histogram::{Ages, SizeHistogram, StorageClasses};
use prefixes::PrefixTotals;
use serde::Serialize;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::RangeInclusive;
use top::Top;

/// What to walk and how to sum it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageOptions {
    /// Only keys that begin with it.
    pub prefix: String,
    /// Segments of a key that `by_prefix` tells apart, 1 to 8.
    pub depth: usize,
    /// Length of `largest`, 0 to 100.
    pub top: usize,
    /// What separates segments.
    pub delimiter: String,
    /// Goes on after this key.
    pub after: Option<String>,
}

impl Default for UsageOptions {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            depth: 1,
            top: 10,
            delimiter: "/".to_owned(),
            after: None,
        }
    }
}

/// Query parameters of a walk, in the order in which they are checked.
pub const PARAMETERS: [&str; 5] = ["prefix", "depth", "top", "delimiter", "cursor"];
const DEPTHS: RangeInclusive<usize> = 1..=8;
const TOPS: RangeInclusive<usize> = 0..=100;

impl UsageOptions {
    /// Reads the query of a request.
    pub fn from_query(query: &Query) -> Result<Self, Problem> {
        query.check_names(&PARAMETERS)?;
        let default = Self::default();
        let options = Self {
            prefix: query.prefix()?.to_owned(),
            depth: query.whole_number("depth", DEPTHS, default.depth)?,
            top: query.whole_number("top", TOPS, default.top)?,
            delimiter: query.delimiter()?.map_or(default.delimiter, str::to_owned),
            after: None,
        };
        options.starting_at(query.get("cursor"))
    }

    /// Checks values that did not come from a query.
    pub fn checked(self) -> Result<Self, Problem> {
        params::key_text("prefix", &self.prefix)?;
        params::within("depth", self.depth, DEPTHS)?;
        params::within("top", self.top, TOPS)?;
        params::delimiter(&self.delimiter)?;
        Ok(self)
    }

    /// Goes on from the cursor of an earlier report, which must have been made for the same prefix.
    pub fn starting_at(mut self, cursor: Option<&str>) -> Result<Self, Problem> {
        if let Some(text) = cursor {
            let cursor = KeyCursor::decode(text, &self.prefix);
            let cursor = cursor.ok_or_else(cursor::invalid)?;
            self.after = Some(cursor.after);
        }
        Ok(self)
    }
}

/// One of the largest objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LargeObject {
    pub key: String,
    pub size: u64,
    pub storage_class: Cow<'static, str>,
    pub last_modified: Timestamp,
}

impl Ord for LargeObject {
    /// Largest first, then by key.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_size = other
            .size
            .cmp(&self.size)
            .then_with(|| self.key.cmp(&other.key));
        by_size
            .then_with(|| self.last_modified.cmp(&other.last_modified))
            .then_with(|| self.storage_class.cmp(&other.storage_class))
    }
}

impl PartialOrd for LargeObject {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What one walk scanned. A walk that was truncated reports its own part; a client adds the parts up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsageReport {
    pub objects: u64,
    pub bytes: u64,
    pub by_prefix: Vec<PrefixUsage>,
    pub by_storage_class: Vec<StorageClassUsage>,
    pub by_age: Vec<AgeBucket>,
    pub size_histogram: Vec<SizeBucket>,
    pub largest: Vec<LargeObject>,
    pub duplicates: Duplicates,
    pub scanned_pages: u64,
    pub truncated: bool,
    pub cursor: Option<String>,
}

/// Sums up objects that come in the order of their keys.
#[derive(Debug)]
pub struct UsageSummary {
    totals: Totals,
    prefixes: PrefixTotals,
    storage_classes: StorageClasses,
    ages: Ages,
    sizes: SizeHistogram,
    largest: Top<LargeObject>,
    duplicates: DuplicateFinder,
}

impl UsageSummary {
    pub fn new(options: &UsageOptions, now: Timestamp) -> Self {
        Self {
            totals: Totals::default(),
            prefixes: PrefixTotals::new(options.delimiter.clone(), options.depth),
            storage_classes: StorageClasses::default(),
            ages: Ages::new(now),
            sizes: SizeHistogram::default(),
            largest: Top::new(options.top),
            duplicates: DuplicateFinder::default(),
        }
    }

    pub fn add(&mut self, object: &ObjectSummary) {
        self.totals.add(object.size);
        self.prefixes.add(&object.key, object.size);
        self.storage_classes.add(&object.storage_class, object.size);
        self.ages.add(object.last_modified, object.size);
        self.sizes.add(object.size);
        self.duplicates.add(&object.etag, object.size);
        if self.largest.admits(|last| object.size >= last.size) {
            self.largest.push(LargeObject {
                key: object.key.clone(),
                size: object.size,
                storage_class: object.storage_class.clone(),
                last_modified: object.last_modified,
            });
        }
    }

    pub fn finish(self, scanned_pages: u64, cursor: Option<String>) -> UsageReport {
        UsageReport {
            objects: self.totals.objects,
            bytes: self.totals.bytes,
            by_prefix: self.prefixes.finish(),
            by_storage_class: self.storage_classes.finish(),
            by_age: self.ages.finish(),
            size_histogram: self.sizes.finish(),
            largest: self.largest.finish(),
            duplicates: self.duplicates.finish(),
            scanned_pages,
            truncated: cursor.is_some(),
            cursor,
        }
    }
}
