//! What functions post.

use crate::Invalid;
use crate::event::{Event, What};
use crate::text::EventId;
use serde::Deserialize;

/// The longest body that the extension takes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// An event that may lack its id.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Posted {
    #[serde(default)]
    pub event_id: Option<EventId>,
    #[serde(flatten)]
    pub what: What,
}

impl Posted {
    /// With its own id, or the one that `make` gives.
    ///
    /// # Errors
    /// What `make` answers.
    pub fn with_id<E>(self, make: impl FnOnce(&What) -> Result<EventId, E>) -> Result<Event, E> {
        let event_id = match self.event_id {
            Some(id) => id,
            None => make(&self.what)?,
        };
        Ok(Event {
            event_id,
            what: self.what,
        })
    }
}

/// One event or an array of events; all of them or none.
///
/// # Errors
/// It is too long, no JSON, or one of the events is not as it should be.
pub fn parse(body: &[u8]) -> Result<Vec<Posted>, Invalid> {
    if body.len() > MAX_BODY_BYTES {
        return Err(Invalid::TooLong);
    }
    // An untagged enum would say of each bad event only that "no variant matched".
    if body.trim_ascii_start().starts_with(b"[") {
        Ok(serde_json::from_slice(body)?)
    } else {
        Ok(vec![serde_json::from_slice(body)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn event() -> Value {
        json!({
            "request_id": "6b9e", "time": "2026-01-31T12:00:00.000Z", "user": "ada", "role": "admin",
            "action": "listObjects", "bucket": "b-1", "status": 200, "duration_ms": 1.5, "bytes": 42
        })
    }

    fn with(name: &str, value: Value) -> Vec<u8> {
        let mut event = event();
        event[name] = value;
        event.to_string().into_bytes()
    }

    #[test]
    fn one_event_or_an_array() {
        assert_eq!(parse(&with("bytes", json!(1))).unwrap().len(), 1);
        let two = json!([event(), event()]).to_string();
        assert_eq!(parse(format!("  {two}").as_bytes()).unwrap().len(), 2);
        assert_eq!(parse(b"[]").unwrap(), []);
    }

    #[test]
    fn an_id_is_made_only_where_there_is_none() {
        let made = |body: &[u8]| {
            let posted = parse(body).unwrap().remove(0);
            let event = posted.with_id(|what| EventId::new(&format!("{}/0", what.request_id)));
            event.unwrap().event_id.to_string()
        };
        assert_eq!(made(&with("event_id", json!("mine"))), "mine");
        assert_eq!(made(&with("event_id", Value::Null)), "6b9e/0");
        assert_eq!(made(&with("bytes", json!(1))), "6b9e/0");
    }

    #[test]
    fn user_role_and_bucket_may_be_missing() {
        let mut event = event();
        for name in ["user", "role", "bucket"] {
            event[name] = Value::Null;
        }
        assert!(parse(event.to_string().as_bytes()).is_ok());
        event.as_object_mut().unwrap().remove("user");
        assert_eq!(
            parse(event.to_string().as_bytes()).unwrap()[0].what.user,
            None
        );
    }

    #[test]
    fn unknown_fields_are_not_kept() {
        let posted = parse(&with("password", json!("secret"))).unwrap().remove(0);
        let event = posted.with_id(|_| EventId::new("x")).unwrap();
        assert!(!serde_json::to_string(&event).unwrap().contains("secret"));
    }

    #[test]
    fn every_field_has_its_bounds() {
        for (name, value) in [
            ("event_id", json!("x".repeat(129))),
            ("request_id", json!("")),
            ("request_id", Value::Null),
            ("time", json!("now")),
            ("user", json!("x".repeat(257))),
            ("role", json!(7)),
            ("action", json!("a\nb")),
            ("bucket", json!("x".repeat(256))),
            ("status", json!(99)),
            ("status", json!(600)),
            ("status", json!(-1)),
            ("duration_ms", json!(-0.1)),
            ("duration_ms", json!(86_400_001)),
            ("bytes", json!(-1)),
            ("bytes", json!(1.5)),
        ] {
            assert!(
                parse(&with(name, value.clone())).is_err(),
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn one_bad_event_refuses_all() {
        let body = json!([event(), {"action": "x"}]).to_string();
        assert!(matches!(parse(body.as_bytes()), Err(Invalid::Json(_))));
    }

    #[test]
    fn a_long_body_is_refused_before_it_is_read() {
        let body = vec![b'['; MAX_BODY_BYTES + 1];
        assert!(matches!(parse(&body), Err(Invalid::TooLong)));
        assert!(matches!(parse(&body[1..]), Err(Invalid::Json(_))));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(body in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = parse(&body);
        }

        #[test]
        fn a_changed_byte_never_panics(at in 0_usize..150, byte in any::<u8>()) {
            let mut body = event().to_string().into_bytes();
            body[at] = byte;
            let _ = parse(&body);
        }
    }
}
