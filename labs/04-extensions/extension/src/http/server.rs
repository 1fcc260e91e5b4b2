//! Taking connections, so many and no more.

use super::connection::Connection;
use super::{Request, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What answers requests.
pub trait Handler: Send + Sync + 'static {
    fn answer(&self, request: Request) -> impl Future<Output = Response> + Send;
}

/// The bounds of a server's memory.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub connections: usize,
    pub body_bytes: usize,
}

/// Answers for as long as the process lives.
pub async fn serve(listener: TcpListener, limits: Limits, handler: Arc<impl Handler>) {
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, say: accepting again at once would keep a core busy.
                tracing::debug!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        if !is_from_here(&stream, peer) {
            continue;
        }
        match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => {
                let handler = Arc::clone(&handler);
                tokio::spawn(async move {
                    Connection::new(stream, limits.body_bytes)
                        .serve(&*handler)
                        .await;
                    drop(place);
                });
            }
            Err(_) => refuse(&stream),
        }
    }
}

/// The telemetry listener has to take connections by any name of this host, which must not open it to the network.
fn is_from_here(stream: &TcpStream, peer: SocketAddr) -> bool {
    let link_local = matches!(peer.ip(), IpAddr::V4(address) if address.is_link_local());
    let own = stream.local_addr().is_ok_and(|own| own.ip() == peer.ip());
    peer.ip().is_loopback() || link_local || own
}

/// Never waits: what does not fit the socket's buffer is left out.
fn refuse(stream: &TcpStream) {
    let answer = Response::problem(503, "too many connections").to_bytes(false);
    let _ = stream.try_write(&answer);
}
