//! The walk over all pages of a listing.

use super::{UsageOptions, UsageReport, UsageSummary};
use crate::cursor::KeyCursor;
use crate::ports::{ObjectLister, Page, PageRequest, ServiceError};
use crate::timestamp::Timestamp;
use futures_util::future::{OptionFuture, join};
use std::time::{Duration, Instant};

/// A walk stops this long before its deadline, so that its answer still gets out.
pub const STOP_BEFORE_DEADLINE: Duration = Duration::from_secs(3);

/// Walks the bucket until its end or [`STOP_BEFORE_DEADLINE`] before `deadline`, whichever comes first; at least
/// one page is scanned. A report that was cut short has a cursor to go on from.
pub async fn walk(
    s3: &impl ObjectLister,
    bucket: &str,
    options: &UsageOptions,
    deadline: Option<Instant>,
) -> Result<UsageReport, ServiceError> {
    let stop_at = deadline.map(|deadline| {
        deadline
            .checked_sub(STOP_BEFORE_DEADLINE)
            .unwrap_or(deadline)
    });
    let mut summary = UsageSummary::new(options, Timestamp::now());
    let mut scanned_pages = 0;
    let first = PageRequest {
        prefix: options.prefix.clone(),
        start_after: options.after.clone(),
        continuation: None,
    };
    let mut page = s3.page(bucket, first).await?;
    let mut last_key = None;
    loop {
        scanned_pages += 1;
        last_key = page
            .objects
            .last()
            .map(|object| object.key.clone())
            .or(last_key);
        if page.continuation.is_some() && stop_at.is_some_and(|stop_at| Instant::now() >= stop_at) {
            add(&mut summary, &page);
            let after = last_key
                .or_else(|| options.after.clone())
                .unwrap_or_default();
            let cursor = KeyCursor {
                after,
                prefix: options.prefix.clone(),
            };
            return Ok(summary.finish(scanned_pages, Some(cursor.encode())));
        }
        // The next page is under way while this one is summed up. `join` polls in order: the request first.
        let next = page.continuation.take().map(|continuation| {
            let prefix = options.prefix.clone();
            s3.page(
                bucket,
                PageRequest {
                    prefix,
                    start_after: None,
                    continuation: Some(continuation),
                },
            )
        });
        let (next, ()) = join(OptionFuture::from(next), async { add(&mut summary, &page) }).await;
        match next {
            Some(next) => page = next?,
            None => return Ok(summary.finish(scanned_pages, None)),
        }
    }
}

fn add(summary: &mut UsageSummary, page: &Page) {
    for object in &page.objects {
        summary.add(object);
    }
}
