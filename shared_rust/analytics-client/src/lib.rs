//! Posts usage events to the analytics extension, from within a function.
//!
//! The extension listens on the loopback of the function's own environment. Posting is over in well under a
//! millisecond, and whatever happens to an event, the function is neither broken nor delayed for long.

use analytics_events::Event;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper_util::rt::TokioIo;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

const DEFAULT_PORT: u16 = 2779;
/// The most that an extension in trouble may cost.
const LONGEST: Duration = Duration::from_millis(200);

type Connection = SendRequest<Full<Bytes>>;

#[derive(Debug, thiserror::Error)]
enum PostError {
    #[error(transparent)]
    Connect(#[from] std::io::Error),
    #[error(transparent)]
    Http(#[from] hyper::Error),
    #[error(transparent)]
    Request(#[from] hyper::http::Error),
    #[error("it answered {0}")]
    Refused(hyper::StatusCode),
}

/// Posts over one connection, which is kept.
pub struct Poster {
    address: SocketAddr,
    kept: Mutex<Option<Connection>>,
}

impl Poster {
    /// To the port that `ANALYTICS_PORT` names.
    pub fn from_environment() -> Self {
        let port = std::env::var("ANALYTICS_PORT").ok();
        Self::to(
            port.and_then(|port| port.parse().ok())
                .unwrap_or(DEFAULT_PORT),
        )
    }

    pub fn to(port: u16) -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, port).into(),
            kept: Mutex::new(None),
        }
    }

    /// Posts an event; a failure is only logged, at `DEBUG`.
    pub async fn post(&self, event: &Event) {
        let Ok(body) = serde_json::to_vec(event) else {
            return;
        };
        match timeout(LONGEST, self.send(body.into())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "an event was lost"),
            Err(_) => tracing::debug!("an event was lost: the extension takes too long"),
        }
    }

    async fn send(&self, body: Bytes) -> Result<(), PostError> {
        // Taken out, so that a connection is not used again after a time-out.
        let mut kept = self.kept.lock().await;
        if let Some(mut connection) = kept.take()
            && self.ask(&mut connection, body.clone()).await.is_ok()
        {
            *kept = Some(connection);
            return Ok(());
        }
        // The kept one may have been closed while the environment was frozen. The event has an id, so twice is once.
        let mut connection = self.connect().await?;
        self.ask(&mut connection, body).await?;
        *kept = Some(connection);
        Ok(())
    }

    async fn connect(&self) -> Result<Connection, PostError> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let (connection, driver) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        Ok(connection)
    }

    async fn ask(&self, connection: &mut Connection, body: Bytes) -> Result<(), PostError> {
        connection.ready().await?;
        let request = Request::post("/events")
            .header(HOST, "localhost")
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        let answer = connection.send_request(request).await?;
        let status = answer.status();
        // To its end, or the connection could not be used again.
        answer.into_body().collect().await?;
        if status.is_success() {
            Ok(())
        } else {
            Err(PostError::Refused(status))
        }
    }
}
