//! Several attempts at a secret, as the SDKs' standard mode makes them: who asks this extension instead of an SDK must
//! not fail more often.

use super::Source;
use crate::aws::{Answer, Error};
use crate::backoff::Backoff;
use serde::Deserialize;

const MOST: u32 = 3;

const THROTTLING: [&str; 6] = [
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(rename = "__type", default)]
    code: String,
}

/// The first answer that trying again would not change, or the last.
pub async fn fetch(source: &impl Source, body: &str) -> Result<Answer, Error> {
    let mut backoff = Backoff::default();
    loop {
        let answer = source.fetch(body.to_owned()).await;
        if !passes(&answer) || backoff.failures() + 1 >= MOST {
            return answer;
        }
        tokio::time::sleep(backoff.failed()).await;
    }
}

/// Whether this may be another answer in a moment.
fn passes(answer: &Result<Answer, Error>) -> bool {
    match answer {
        Ok(answer) => answer.status >= 500 || is_throttled(answer),
        Err(error) => matches!(error, Error::Transport(_) | Error::TooLate(_)),
    }
}

fn is_throttled(answer: &Answer) -> bool {
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = refusal.code.rsplit('#').next().unwrap_or_default();
    answer.status >= 400 && THROTTLING.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::body::Bytes;
    use std::sync::Mutex;
    use std::time::Duration;

    /// Gives these answers, the last one first, and then good ones.
    struct Answers(Mutex<Vec<Result<Answer, Error>>>);

    impl Source for Answers {
        async fn fetch(&self, _body: String) -> Result<Answer, Error> {
            let next = self.0.lock().unwrap().pop();
            next.unwrap_or_else(|| told(200, "good"))
        }
    }

    fn told(status: u16, body: &'static str) -> Result<Answer, Error> {
        let body = Bytes::from_static(body.as_bytes());
        Ok(Answer { status, body })
    }

    async fn after(answers: Vec<Result<Answer, Error>>) -> Result<u16, Error> {
        let source = Answers(Mutex::new(answers));
        fetch(&source, "{}").await.map(|answer| answer.status)
    }

    fn throttled() -> Result<Answer, Error> {
        told(400, r#"{"__type": "com.amazonaws#ThrottlingException"}"#)
    }

    fn silence() -> Result<Answer, Error> {
        Err(Error::Transport("reset".to_owned()))
    }

    #[tokio::test]
    async fn what_passes_is_not_seen() {
        assert_eq!(after(vec![throttled(), silence()]).await.unwrap(), 200);
        let late = Err(Error::TooLate(Duration::ZERO));
        assert_eq!(after(vec![late, told(503, "")]).await.unwrap(), 200);
    }

    #[tokio::test]
    async fn the_third_answer_is_the_last() {
        let three = || vec![throttled(), throttled(), throttled()];
        assert_eq!(after(three()).await.unwrap(), 400);
        assert!(after(vec![silence(), silence(), silence()]).await.is_err());
    }

    #[tokio::test]
    async fn what_stays_is_told_at_once() {
        let denied = r#"{"__type": "AccessDeniedException"}"#;
        assert_eq!(after(vec![told(400, denied)]).await.unwrap(), 400);
        assert!(after(vec![Err(Error::NoCredentials)]).await.is_err());
    }
}
