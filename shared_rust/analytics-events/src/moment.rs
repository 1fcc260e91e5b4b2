//! Points in time as events show them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::time::{Duration, SystemTime};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

/// A point in time in whole milliseconds, shown as RFC 3339 in UTC: `2026-01-31T12:00:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(OffsetDateTime);

impl Moment {
    pub fn now() -> Self {
        Self::in_utc(SystemTime::now().into()).unwrap_or(Self(OffsetDateTime::UNIX_EPOCH))
    }

    /// RFC 3339 with any offset. `None` when it is something else, or not within the years 0 to 9999 in UTC.
    pub fn parse(text: &str) -> Option<Self> {
        Self::in_utc(OffsetDateTime::parse(text, &Rfc3339).ok()?)
    }

    /// `2026-01-31`, in UTC.
    pub fn day(self) -> String {
        self.shown(format_description!("[year]-[month]-[day]"))
    }

    /// The time since `earlier`; none when that is later.
    pub fn since(self, earlier: Self) -> Duration {
        (self.0 - earlier.0).try_into().unwrap_or_default()
    }

    fn in_utc(moment: OffsetDateTime) -> Option<Self> {
        let utc = moment.checked_to_offset(UtcOffset::UTC)?;
        let whole = utc.replace_millisecond(utc.millisecond()).ok()?;
        (0..=9999).contains(&whole.year()).then_some(Self(whole))
    }

    fn shown(self, format: &[time::format_description::BorrowedFormatItem<'_>]) -> String {
        self.0.format(format).unwrap_or_default()
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown(format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
        )))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = crate::text::Text::<64>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a time in RFC 3339"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        serde_json::to_string(&Moment::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn any_offset_and_precision_is_shown_in_utc_with_milliseconds() {
        for text in [
            "2026-01-31T12:00:00.25Z",
            "2026-01-31T13:00:00.250999+01:00",
            "2026-01-31T12:00:00.250Z",
        ] {
            assert_eq!(shown(text), "\"2026-01-31T12:00:00.250Z\"", "{text}");
        }
    }

    #[test]
    fn the_day_is_that_of_utc() {
        let moment = Moment::parse("2026-02-01T00:30:00+01:00").unwrap();
        assert_eq!(moment.day(), "2026-01-31");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-01-31",
            "2026-02-30T00:00:00Z",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert!(Moment::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_clock_that_went_back_counts_as_no_time() {
        let early = Moment::parse("2026-01-31T12:00:00Z").unwrap();
        let late = Moment::parse("2026-01-31T12:00:01.5Z").unwrap();
        assert_eq!(late.since(early), Duration::from_millis(1_500));
        assert_eq!(early.since(late), Duration::ZERO);
    }
}
