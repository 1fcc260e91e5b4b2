//! A function's side of the loopback: one kept connection.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub async fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    pub async fn post(&mut self, body: &str) -> u16 {
        self.call("POST", "/events", "", body.as_bytes()).await.0
    }

    /// `headers` are whole lines.
    pub async fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> (u16, String) {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\n{headers}content-length: {length}\r\n\r\n"
        );
        self.send(head.as_bytes()).await;
        self.send(body).await;
        self.answer().await
    }

    /// Whatever it is; the other side may have had enough.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    pub async fn answer(&mut self) -> (u16, String) {
        loop {
            let mut headers = [httparse::EMPTY_HEADER; 16];
            let mut response = httparse::Response::new(&mut headers);
            if let httparse::Status::Complete(start) = response.parse(&self.buffer).unwrap() {
                let length = response
                    .headers
                    .iter()
                    .find(|header| header.name == "content-length");
                let length: usize = String::from_utf8_lossy(length.unwrap().value)
                    .parse()
                    .unwrap();
                let status = response.code.unwrap();
                if self.buffer.len() >= start + length {
                    let rest = self.buffer.split_off(start + length);
                    let message = std::mem::replace(&mut self.buffer, rest);
                    return (
                        status,
                        String::from_utf8_lossy(&message[start..]).into_owned(),
                    );
                }
            }
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(read > 0, "closed without an answer");
        }
    }
}
