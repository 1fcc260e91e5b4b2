//! The usage walk over S3 in memory, against sums made the plain way.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use futures_util::FutureExt;
use proptest::prelude::*;
use s3_admin::memory::{MemoryBucket, MemoryS3};
use s3_admin::params::Query;
use s3_admin::ports::ObjectSummary;
use s3_admin::timestamp::Timestamp;
use s3_admin::usage::{UsageOptions, UsageReport, walk};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

fn s3(page_size: usize, objects: &[ObjectSummary]) -> MemoryS3 {
    let mut bucket = MemoryBucket::default();
    objects
        .iter()
        .cloned()
        .for_each(|object| bucket.put(object));
    let s3 = MemoryS3::with_page_size(page_size);
    s3.put("alpha", bucket);
    s3
}

fn run(s3: &MemoryS3, options: &UsageOptions, deadline: Option<Instant>) -> UsageReport {
    walk(s3, "alpha", options, deadline)
        .now_or_never()
        .unwrap()
        .unwrap()
}

prop_compose! {
    fn object()(
        key in "[abä/ +%]{1,8}", size in 0u64..5_000, etag in "[ab]{1}",
        class in prop::sample::select(vec!["STANDARD", "GLACIER"]), days in 0i64..400,
    ) -> ObjectSummary {
        let last_modified = Timestamp::now().plus_seconds(-86_400 * days - 3_600);
        ObjectSummary { key, size, etag, storage_class: class.into(), last_modified }
    }
}

/// Each key once, in S3's order.
fn distinct(objects: Vec<ObjectSummary>) -> Vec<ObjectSummary> {
    let by_key: BTreeMap<_, _> = objects
        .into_iter()
        .map(|object| (object.key.clone(), object))
        .collect();
    by_key.into_values().collect()
}

proptest! {
    #[test]
    fn sums_agree_with_plain_sums(
        objects in prop::collection::vec(object(), 0..60),
        page_size in 1usize..20,
        prefix in "[ab]{0,1}",
        top in 0usize..5,
    ) {
        let objects = distinct(objects);
        let options = UsageOptions { prefix: prefix.clone(), top, ..UsageOptions::default() };
        let report = run(&s3(page_size, &objects), &options, None);

        let mut matching: Vec<_> = objects.iter().filter(|object| object.key.starts_with(&prefix)).collect();
        let bytes: u64 = matching.iter().map(|object| object.size).sum();
        let pages = matching.len().div_ceil(page_size).max(1);
        prop_assert_eq!((report.objects, report.bytes), (matching.len() as u64, bytes));
        prop_assert_eq!(report.scanned_pages, pages as u64);
        prop_assert_eq!((report.truncated, &report.cursor), (false, &None));
        prop_assert_eq!(report.by_age.len(), 5);
        for parts in [
            report.by_prefix.iter().map(|part| part.totals).collect::<Vec<_>>(),
            report.by_age.iter().map(|part| part.totals).collect(),
            report.by_storage_class.iter().map(|part| part.totals).collect(),
            report.size_histogram.iter().map(|part| part.totals).collect(),
        ] {
            prop_assert_eq!(parts.iter().map(|totals| totals.bytes).sum::<u64>(), bytes);
            prop_assert_eq!(parts.iter().map(|totals| totals.objects).sum::<u64>(), matching.len() as u64);
        }
        matching.sort_by(|one, other| other.size.cmp(&one.size).then_with(|| one.key.cmp(&other.key)));
        let largest: Vec<_> = matching.iter().take(top).map(|object| &object.key).collect();
        prop_assert_eq!(report.largest.iter().map(|object| &object.key).collect::<Vec<_>>(), largest);
    }

    #[test]
    fn a_walk_cut_short_goes_on_where_it_stopped(
        objects in prop::collection::vec(object(), 1..60),
        page_size in 1usize..20,
    ) {
        let objects = distinct(objects);
        let s3 = s3(page_size, &objects);
        let whole = run(&s3, &UsageOptions::default(), None);
        let (mut parts, mut scanned, mut bytes) = (0, 0, 0);
        let mut options = UsageOptions::default();
        loop {
            // The deadline is here: one page a call.
            let part = run(&s3, &options, Some(Instant::now()));
            prop_assert_eq!(part.scanned_pages, 1);
            parts += 1;
            scanned += part.objects;
            bytes += part.bytes;
            prop_assert_eq!(part.truncated, part.cursor.is_some());
            let Some(cursor) = part.cursor else { break };
            options = UsageOptions::default().starting_at(Some(&cursor)).unwrap();
        }
        prop_assert_eq!((parts, scanned, bytes), (whole.scanned_pages, whole.objects, whole.bytes));
    }
}

#[test]
fn there_is_time_enough() {
    let objects = ["a", "b", "c"].map(|key| ObjectSummary {
        key: key.to_owned(),
        size: 1,
        etag: key.to_owned(),
        storage_class: "STANDARD".into(),
        last_modified: Timestamp::now(),
    });
    let deadline = Instant::now() + Duration::from_secs(3600);
    let report = run(&s3(1, &objects), &UsageOptions::default(), Some(deadline));
    assert_eq!((report.scanned_pages, report.truncated), (3, false));
}

#[test]
fn options_are_checked_in_order() {
    let query = |pairs: &[(&str, &str)]| {
        Query::new(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
                .collect(),
        )
    };
    let cases: [(&[(&str, &str)], &str); 6] = [
        (
            &[("depth", "9"), ("top", "x")],
            "'depth' must be a whole number from 1 to 8",
        ),
        (
            &[("top", "101"), ("delimiter", "")],
            "'top' must be a whole number from 0 to 100",
        ),
        (
            &[("delimiter", ""), ("cursor", "x")],
            "'delimiter' must be 1 to 16 characters",
        ),
        (&[("cursor", "x")], "'cursor' is not valid"),
        (&[("cursor", "")], "'cursor' is not valid"),
        (
            &[("limit", "1"), ("depth", "9")],
            "unknown query parameter 'limit'",
        ),
    ];
    for (pairs, detail) in cases {
        assert_eq!(
            UsageOptions::from_query(&query(pairs)).unwrap_err().detail,
            detail
        );
    }
    assert_eq!(
        UsageOptions::from_query(&query(&[])),
        Ok(UsageOptions::default())
    );
}
