//! One kept connection: requests in, responses out.

use super::request::{Head, Refused};
use super::{Handler, Request, Response};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a request may take to arrive, once it has begun. Before that there is no limit: an environment may be
/// frozen for long, and a connection that is closed at its thaw would cost the function its next event.
const PATIENCE: Duration = Duration::from_secs(2);
/// How much of a refused body is read, so that the client gets to see the answer.
const DISCARDED_BYTES: usize = 16 * 1024 * 1024;

pub struct Connection {
    stream: TcpStream,
    max_body_bytes: usize,
    /// What was read and is not part of a request yet.
    buffer: Vec<u8>,
}

/// How reading a request ended.
enum Read {
    Request { request: Request, keep_alive: bool },
    Refused(Response),
    Closed,
}

impl Connection {
    pub fn new(stream: TcpStream, max_body_bytes: usize) -> Self {
        // An answer is one small segment: it must not wait for another.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            max_body_bytes,
            buffer: Vec::new(),
        }
    }

    /// Until either side closes it.
    pub async fn serve(mut self, handler: &impl Handler) {
        // The client has gone: nobody is left to tell.
        let _ = self.answer_all(handler).await;
    }

    async fn answer_all(&mut self, handler: &impl Handler) -> io::Result<()> {
        loop {
            if self.buffer.is_empty() && self.fill().await? == 0 {
                return Ok(());
            }
            let read = timeout(PATIENCE, self.read()).await;
            match read.unwrap_or_else(|_| Ok(refused(408, "the request took too long")))? {
                Read::Request {
                    request,
                    keep_alive,
                } => {
                    let response = handler.answer(request).await;
                    self.stream
                        .write_all(&response.to_bytes(keep_alive))
                        .await?;
                    if !keep_alive {
                        return Ok(());
                    }
                }
                Read::Refused(response) => return self.refuse(&response).await,
                Read::Closed => return Ok(()),
            }
        }
    }

    async fn read(&mut self) -> io::Result<Read> {
        let head = loop {
            match Head::parse(&self.buffer) {
                Ok(Some(head)) => break head,
                Ok(None) if self.fill().await? == 0 => return Ok(Read::Closed),
                Ok(None) => {}
                Err(Refused::Malformed) => return Ok(refused(400, "this is not HTTP/1.1")),
                Err(Refused::NoLength) => return Ok(refused(411, "a Content-Length is required")),
                Err(Refused::HeadTooLong) => return Ok(refused(431, "the headers are too long")),
            }
        };
        if head.body_bytes > self.max_body_bytes {
            let detail = format!("body must be at most {} bytes", self.max_body_bytes);
            return Ok(refused(413, &detail));
        }
        if head.expects_continue && self.buffer.len() == head.bytes {
            self.stream
                .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
                .await?;
        }
        let end = head.bytes + head.body_bytes;
        while self.buffer.len() < end {
            if self.fill().await? == 0 {
                return Ok(Read::Closed);
            }
        }
        let mut request = head.request;
        request.body = self.buffer[head.bytes..end].to_vec();
        // What a large body took is given back.
        self.buffer = self.buffer[end..].to_vec();
        Ok(Read::Request {
            request,
            keep_alive: head.keep_alive,
        })
    }

    /// A little more, so that the buffer stays near the size of one request.
    async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.reserve(4 * 1024);
        let mut limited = (&mut self.stream).take(16 * 1024);
        limited.read_buf(&mut self.buffer).await
    }

    /// Answers and closes. Closing with bytes unread resets the connection, and the client would not see why.
    async fn refuse(&mut self, response: &Response) -> io::Result<()> {
        self.stream.write_all(&response.to_bytes(false)).await?;
        self.stream.shutdown().await?;
        self.buffer = Vec::new();
        let discard = async {
            let mut scratch = vec![0; 8 * 1024];
            let mut discarded = 0;
            while discarded < DISCARDED_BYTES {
                match self.stream.read(&mut scratch).await? {
                    0 => break,
                    bytes => discarded += bytes,
                }
            }
            Ok(())
        };
        timeout(PATIENCE, discard).await.unwrap_or(Ok(()))
    }
}

fn refused(status: u16, detail: &str) -> Read {
    Read::Refused(Response::problem(status, detail))
}
