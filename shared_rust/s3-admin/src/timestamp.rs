//! Points in time as the API shows them.

use serde::{Serialize, Serializer};
use std::time::{SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;
use time::macros::format_description;

/// A point in time in whole seconds since 1970, shown as RFC 3339 in UTC (`2026-01-31T12:00:00Z`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The clock of this machine.
    pub fn now() -> Self {
        let elapsed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self(i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX))
    }

    pub const fn unix(self) -> i64 {
        self.0
    }

    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Whole days from `earlier` to `self`; negative when `earlier` is later.
    pub const fn days_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(86_400)
    }

    /// `2026-01-31T12:00:00Z`. A second outside of the years 0 to 9999 is shown as the nearest end.
    pub fn rfc3339(self) -> String {
        const FORMAT: &[time::format_description::BorrowedFormatItem<'static>] =
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        let clamped = self.0.clamp(-62_167_219_200, 253_402_300_799);
        OffsetDateTime::from_unix_timestamp(clamped)
            .ok()
            .and_then(|moment| moment.format(FORMAT).ok())
            .unwrap_or_default()
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_utc_with_second_precision() {
        assert_eq!(
            Timestamp::from_unix(1_769_860_800).rfc3339(),
            "2026-01-31T12:00:00Z"
        );
        assert_eq!(Timestamp::from_unix(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(
            Timestamp::from_unix(i64::MAX).rfc3339(),
            "9999-12-31T23:59:59Z"
        );
    }

    #[test]
    fn counts_whole_days() {
        let noon = Timestamp::from_unix(1_769_860_800);
        assert_eq!(noon.days_since(noon.plus_seconds(-86_399)), 0);
        assert_eq!(noon.days_since(noon.plus_seconds(-86_400)), 1);
        assert_eq!(noon.days_since(noon.plus_seconds(1)), -1);
    }
}
