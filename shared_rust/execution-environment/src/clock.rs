//! The two clocks: monotonic microseconds for measuring, wall time for deadlines and log records.

use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Microseconds of `CLOCK_MONOTONIC`, the same clock in every process of this machine.
///
/// Pid 1 stamps the moment of `exec` with it and the supervisor compares, so `std::time::Instant`,
/// which cannot be sent, would not do.
pub fn monotonic_us() -> u64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `now` is a valid timespec that outlives the call; CLOCK_MONOTONIC always exists on Linux.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000
        + u64::try_from(now.tv_nsec).unwrap_or(0) / 1_000
}

/// Milliseconds since 1970.
pub fn unix_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Now as telemetry records write it: `2026-01-31T12:00:00.123Z`.
pub fn rfc3339_ms() -> String {
    let now = OffsetDateTime::now_utc();
    let to_the_millisecond = now.replace_millisecond(now.millisecond()).unwrap_or(now);
    to_the_millisecond.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monotonic_time_does_not_go_back() {
        let first = monotonic_us();
        assert!(monotonic_us() >= first);
    }

    #[test]
    fn timestamps_are_utc_and_carry_no_microseconds() {
        let stamp = rfc3339_ms();
        assert!(stamp.ends_with('Z'), "{stamp}");
        assert!(stamp.len() <= "2026-01-31T12:00:00.123Z".len(), "{stamp}");
    }
}
