//! The Extensions and the Telemetry API.

use super::aws::Aws;
use super::{Client, eventually};
use analytics_extension::http::{Handler, Limits, Request, Response, serve};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// Both APIs and AWS at one address.
pub struct Platform {
    pub address: String,
    pub aws: Aws,
    events: Mutex<VecDeque<Value>>,
    pushed: Notify,
    /// How often the next event was asked for.
    asked: AtomicUsize,
    telemetry_status: AtomicU16,
    telemetry_port: AtomicU16,
}

impl Platform {
    pub async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let platform = Arc::new(Self {
            address: listener.local_addr().unwrap().to_string(),
            aws: Aws::default(),
            events: Mutex::default(),
            pushed: Notify::new(),
            asked: AtomicUsize::new(0),
            telemetry_status: AtomicU16::new(200),
            telemetry_port: AtomicU16::new(0),
        });
        let limits = Limits {
            connections: 100,
            body_bytes: 4 * 1024 * 1024,
        };
        tokio::spawn(serve(listener, limits, Arc::clone(&platform)));
        platform
    }

    /// As AWS's emulator does: 202.
    pub fn without_telemetry(&self) {
        self.telemetry_status.store(202, Ordering::SeqCst);
    }

    /// Begins an invocation.
    pub fn invoke(&self, request_id: &str) {
        self.push(json!({"eventType": "INVOKE", "deadlineMs": 0, "requestId": request_id}));
    }

    pub fn shut_down(&self, left: Duration) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let deadline_ms = u64::try_from((now + left).as_millis()).unwrap();
        self.push(json!({"eventType": "SHUTDOWN", "shutdownReason": "spindown", "deadlineMs": deadline_ms}));
    }

    fn push(&self, event: Value) {
        self.events.lock().unwrap().push_back(event);
        self.pushed.notify_one();
    }

    /// The extension has asked for its next event so many times: at 1 its INIT is over.
    pub async fn asked(&self, times: usize) {
        eventually("the extension asks for an event", || {
            self.asked.load(Ordering::SeqCst) >= times
        })
        .await;
    }

    /// Delivers records of the platform.
    pub async fn tell(&self, records: &Value) {
        let mut client = Client::connect(self.telemetry_port.load(Ordering::SeqCst)).await;
        let body = records.to_string();
        let (status, _) = client.call("POST", "/", "", body.as_bytes()).await;
        assert_eq!(status, 200);
    }

    async fn next(&self) -> Response {
        self.asked.fetch_add(1, Ordering::SeqCst);
        loop {
            let event = self.events.lock().unwrap().pop_front();
            match event {
                Some(event) => return Response::json(200, event.to_string().into_bytes()),
                None => self.pushed.notified().await,
            }
        }
    }

    fn subscribe(&self, body: &[u8]) -> Response {
        let body: Value = serde_json::from_slice(body).unwrap();
        let uri = body["destination"]["URI"].as_str().unwrap();
        let port = uri
            .strip_prefix("http://sandbox.localdomain:")
            .unwrap()
            .trim_end_matches('/');
        self.telemetry_port
            .store(port.parse().unwrap(), Ordering::SeqCst);
        Response::json(
            self.telemetry_status.load(Ordering::SeqCst),
            b"\"OK\"".to_vec(),
        )
    }
}

impl Handler for Platform {
    async fn answer(&self, request: Request) -> Response {
        let registered = request.header("lambda-extension-identifier") == Some("id-1");
        match request.path.as_str() {
            "/2020-01-01/extension/register" => {
                assert_eq!(request.header("lambda-extension-name"), Some("analytics"));
                Response::json(200, b"{}".to_vec())
                    .with_header("lambda-extension-identifier", "id-1")
            }
            "/2020-01-01/extension/event/next" if registered => self.next().await,
            "/2022-07-01/telemetry" if registered => self.subscribe(&request.body),
            "/" => self.aws.answer(&request).await,
            other => Response::problem(403, other),
        }
    }
}
