//! `POST /events`: takes what functions say, in memory, and answers at once.

use crate::http::{Handler, Request, Response};
use crate::locked::locked;
use crate::queue::Queue;
use analytics_events::{EventId, Invalid, RequestId, What, parse};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Requests whose events are numbered. An environment works on one at a time; some events may come late.
const NUMBERED_REQUESTS: usize = 32;

/// The handler of the events' port.
pub struct Events {
    queue: Arc<Queue>,
    numbers: Mutex<Numbers>,
}

impl Events {
    pub fn new(queue: Arc<Queue>) -> Self {
        Self {
            queue,
            numbers: Mutex::default(),
        }
    }

    fn take(&self, body: &[u8]) -> Response {
        let posted = match parse(body) {
            Ok(posted) => posted,
            Err(Invalid::TooLong) => return Response::problem(413, &Invalid::TooLong.to_string()),
            Err(error) => return Response::problem(400, &error.to_string()),
        };
        let mut numbers = locked(&self.numbers);
        let mut events = Vec::with_capacity(posted.len());
        for posted in posted {
            match posted.with_id(|what| numbers.id(what)) {
                Ok(event) => events.push(event),
                Err(error) => return Response::problem(400, &error.to_string()),
            }
        }
        // Taken or counted as dropped: the function can do nothing about it either way.
        self.queue.offer_events(&events);
        Response::empty(202)
    }
}

impl Handler for Events {
    async fn answer(&self, request: Request) -> Response {
        match (request.path.as_str(), request.method.as_str()) {
            ("/events", "POST") => self.take(&request.body),
            ("/events", _) => Response::only("POST"),
            _ => Response::problem(404, "no such route"),
        }
    }
}

/// Counts the events of each request that came without an id.
#[derive(Default)]
struct Numbers(VecDeque<(RequestId, u32)>);

impl Numbers {
    fn id(&mut self, what: &What) -> Result<EventId, analytics_events::OutOfBounds> {
        let request = &what.request_id;
        let number = match self.0.iter_mut().rev().find(|(known, _)| known == request) {
            Some((_, number)) => {
                *number += 1;
                *number
            }
            None => {
                if self.0.len() == NUMBERED_REQUESTS {
                    self.0.pop_front();
                }
                self.0.push_back((request.clone(), 0));
                0
            }
        };
        EventId::new(&format!("{request}/{number}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::tests::{queue, sealed};

    fn event(request: &str) -> String {
        format!(
            r#"{{"request_id":"{request}","time":"2026-01-31T12:00:00Z","action":"listBuckets","status":200,
                "duration_ms":1,"bytes":2}}"#
        )
    }

    fn post(events: &Events, body: &str) -> u16 {
        events.take(body.as_bytes()).status
    }

    #[test]
    fn events_without_an_id_are_numbered_within_their_request() {
        let events = Events::new(queue(10_000));
        assert_eq!(post(&events, &event("a")), 202);
        assert_eq!(
            post(&events, &format!("[{},{}]", event("b"), event("a"))),
            202
        );
        let ids: Vec<_> = sealed(&events.queue)
            .events
            .iter()
            .map(|event| event.event_id.to_string())
            .collect();
        assert_eq!(ids, ["a/0", "b/0", "a/1"]);
    }

    #[test]
    fn numbers_have_a_bound() {
        let mut numbers = Numbers::default();
        for request in 0..1_000 {
            let posted = parse(event(&request.to_string()).as_bytes()).unwrap();
            numbers.id(&posted[0].what).unwrap();
        }
        assert_eq!(numbers.0.len(), NUMBERED_REQUESTS);
    }

    #[test]
    fn nothing_is_taken_of_an_array_with_a_bad_event() {
        let events = Events::new(queue(10_000));
        assert_eq!(post(&events, &format!("[{},{{}}]", event("a"))), 400);
        assert_eq!(events.queue.seal(), None);
    }

    #[test]
    fn a_full_queue_is_no_concern_of_the_functions() {
        let events = Events::new(queue(300));
        for _ in 0..10 {
            assert_eq!(post(&events, &event("a")), 202);
        }
        let batch = sealed(&events.queue);
        assert_eq!(batch.events.len() as u64 + batch.dropped, 10);
        assert!(batch.dropped > 0);
    }
}
