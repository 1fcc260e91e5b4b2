//! What is counted, and under which name.

use analytics_events::What;
use std::ops::AddAssign;

/// The name of a counter: a day, and who did what to which bucket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counter {
    /// `2026-01-31`, in UTC, of the event and not of its arrival.
    pub day: String,
    pub user: Option<String>,
    pub bucket: Option<String>,
    pub action: String,
}

impl Counter {
    pub fn of(event: &What) -> Self {
        Self {
            day: event.time.day(),
            user: event.user.as_ref().map(ToString::to_string),
            bucket: event.bucket.as_ref().map(ToString::to_string),
            action: event.action.to_string(),
        }
    }

    /// `user#bucket#action`, different for different counters of a day. What is missing is empty, which no name is.
    pub fn sort_key(&self) -> String {
        let part = |text: &Option<String>| text.as_deref().map(escaped).unwrap_or_default();
        format!(
            "{}#{}#{}",
            part(&self.user),
            part(&self.bucket),
            escaped(&self.action)
        )
    }
}

/// Usernames may hold the separator.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('#', "%23")
}

/// What a counter holds. Whole numbers only, so that the order of adding does not matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub count: u64,
    /// Answers with a status of 400 or more.
    pub errors: u64,
    pub bytes: u64,
    pub duration_us: u64,
}

impl Sums {
    pub fn of(event: &What) -> Self {
        Self {
            count: 1,
            errors: u64::from(event.failed()),
            bytes: event.bytes,
            // Events are refused with a duration that is negative, or longer than a day.
            duration_us: (event.duration_ms * 1e3).round() as u64,
        }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.errors += other.errors;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.duration_us += other.duration_us;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn counter(user: Option<&str>, bucket: Option<&str>) -> Counter {
        Counter {
            day: "2026-01-31".to_owned(),
            user: user.map(str::to_owned),
            bucket: bucket.map(str::to_owned),
            action: "getBucket".to_owned(),
        }
    }

    #[test]
    fn sort_keys_tell_counters_apart() {
        assert_eq!(
            counter(Some("ada"), Some("b")).sort_key(),
            "ada#b#getBucket"
        );
        assert_eq!(counter(None, None).sort_key(), "##getBucket");
        let odd = counter(Some("a#b"), None).sort_key();
        assert_eq!(odd, "a%23b##getBucket");
        assert_ne!(odd, counter(Some("a%23b"), None).sort_key());
        assert_ne!(odd, counter(Some("a"), Some("b")).sort_key());
    }

    #[test]
    fn an_event_is_summed_in_whole_numbers() {
        let event: What = serde_json::from_value(json!({
            "request_id": "r", "time": "2026-01-31T23:59:59.999Z", "user": "ada", "role": "admin", "action": "a",
            "bucket": null, "status": 404, "duration_ms": 1.2345, "bytes": 7
        }))
        .unwrap();
        let expected = Sums {
            count: 1,
            errors: 1,
            bytes: 7,
            duration_us: 1_235,
        };
        assert_eq!(Sums::of(&event), expected);
        assert_eq!(Counter::of(&event).day, "2026-01-31");
    }
}
