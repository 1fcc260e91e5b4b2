//! Sends what waits, in the background of whatever the function does.
//!
//! A function's answer is held until each extension asks for the next event, so nothing here is ever waited for
//! in an invocation. A batch is sent while later ones run, and the rest when the environment ends.

use crate::aws::{Answer, Error};
use crate::backoff::Backoff;
use crate::outbox::{Outbox, Which};
use crate::queue::{Message, Queue};
use crate::sqs::{Outcome, Sqs};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(4);
/// And at the end, so that there is time for another: the connection may have died in a freeze.
const LAST_PATIENCE: Duration = Duration::from_millis(600);
/// The longest pause between two tries at the end.
const LAST_PAUSE: Duration = Duration::from_millis(100);

/// Says when the environment ends, once it does.
pub type Deadline = watch::Receiver<Option<Instant>>;

/// What is on its way to the queue.
pub struct Sender {
    queue: Arc<Queue>,
    outbox: Outbox,
    sqs: Sqs,
    backoff: Backoff,
    not_before: Instant,
}

impl Sender {
    pub fn new(queue: Arc<Queue>, outbox: Outbox, sqs: Sqs) -> Self {
        Self {
            queue,
            outbox,
            sqs,
            backoff: Backoff::default(),
            not_before: Instant::now(),
        }
    }

    /// Sends until the environment ends, and then what is left. Answers the number of events that are lost.
    pub async fn run(mut self, mut deadline: Deadline) -> u64 {
        loop {
            let end = *deadline.borrow();
            if let Some(end) = end {
                return self.send_the_rest(end).await;
            }
            if Instant::now() < self.not_before {
                self.outbox.make_room();
                self.wait(Some(self.not_before), &mut deadline).await;
                continue;
            }
            let call = self.outbox.call(Which::Due);
            if call.is_empty() {
                self.wait(self.queue.due(), &mut deadline).await;
            } else {
                let answer = self.send(&call, &mut deadline).await;
                self.settle(Outcome::of(call, answer));
            }
        }
    }

    async fn wait(&self, until: Option<Instant>, deadline: &mut Deadline) {
        let time = async {
            match until {
                Some(until) => sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.queue.changed() => {}
            () = time => {}
            () = ended(deadline) => {}
        }
    }

    async fn send(&mut self, call: &[Message], deadline: &mut Deadline) -> Result<Answer, Error> {
        let sending = self.sqs.send(call, PATIENCE);
        tokio::pin!(sending);
        loop {
            tokio::select! {
                answer = &mut sending => return answer,
                // A call may hang for as long as it is allowed to.
                () = self.queue.changed() => self.outbox.make_room(),
                () = ended(deadline) => break,
            }
        }
        let late = Err(Error::TooLate(LAST_PATIENCE));
        timeout(LAST_PATIENCE, sending).await.unwrap_or(late)
    }

    fn settle(&mut self, outcome: Outcome) {
        let reason = outcome.reason.as_deref();
        for message in &outcome.sent {
            self.outbox.sent(message);
        }
        for message in &outcome.refused {
            let events = message.events;
            tracing::warn!(reason, events, "analytics: SQS refuses a message for good");
            self.outbox.refused(message);
        }
        let failed = !outcome.failed.is_empty();
        for message in outcome.failed.into_iter().rev() {
            self.outbox.keep(message);
        }
        // Said once, however often it fails in a row.
        let failures = self.backoff.failures();
        match (failed, failures) {
            (true, 0) => tracing::warn!(
                reason,
                "analytics: the queue takes no messages, they are kept for now"
            ),
            (false, 1..) => tracing::info!(failures, "analytics: the queue takes messages again"),
            _ => {}
        }
        if failed {
            self.not_before = Instant::now() + self.backoff.failed();
        } else {
            self.backoff.succeeded();
        }
    }

    /// Everything, as often as it takes and time allows.
    async fn send_the_rest(&mut self, end: Instant) -> u64 {
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return self.outbox.abandon();
            }
            let call = self.outbox.call(Which::All);
            if call.is_empty() {
                return 0;
            }
            let answer = self.sqs.send(&call, LAST_PATIENCE.min(left)).await;
            let outcome = Outcome::of(call, answer);
            let failed = !outcome.failed.is_empty();
            self.settle(outcome);
            if failed {
                let pause = LAST_PAUSE.mul_f64(fastrand::f64());
                sleep(pause.min(end.saturating_duration_since(Instant::now()))).await;
            }
        }
    }
}

/// The environment's end. Nobody who could tell it is gone before that.
async fn ended(deadline: &mut Deadline) {
    let _ = deadline.wait_for(Option::is_some).await;
}
