//! Reading requests: keep-alive, `Content-Length` and chunked bodies with trailers, `Expect`.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use super::budget::{Budget, Charge};
use crate::clock::monotonic_us;

const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 64;
const READ_SIZE: usize = 16 * 1024;

pub struct Request {
    pub method: String,
    /// Without query.
    pub path: String,
    headers: Vec<(String, String)>,
    /// At most as many bytes as [`Connection::next_request`] was told to keep.
    pub body: Vec<u8>,
    /// Bytes of the body as sent.
    pub body_len: usize,
    /// When the first byte had arrived (monotonic).
    pub arrived_us: u64,
    /// For the bytes of `body`.
    charge: Charge,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The server's side of one connection.
pub struct Connection {
    stream: TcpStream,
    budget: Budget,
    /// Read but not yet used.
    buffer: Vec<u8>,
}

impl Connection {
    pub fn new(stream: TcpStream, budget: Budget) -> Self {
        // Answers are written whole; waiting for more to send would only add a delay.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            budget,
            buffer: Vec::new(),
        }
    }

    pub fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// The next request, keeping at most `keep` bytes of its body; `None` when the peer has closed.
    ///
    /// # Errors
    /// The connection breaks, or what arrives is not HTTP: close it.
    pub fn next_request(
        &mut self,
        keep: impl FnOnce(&Request) -> usize,
    ) -> io::Result<Option<Request>> {
        if self.buffer.is_empty() && self.fill()? == 0 {
            return Ok(None);
        }
        let arrived_us = monotonic_us();
        let mut request = self.read_head(arrived_us)?;
        if request
            .header("expect")
            .is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
        {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        let keep = keep(&request);
        let chunked = request
            .header("transfer-encoding")
            .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        if chunked {
            self.read_chunks(&mut request, keep)?;
        } else if let Some(length) = request.header("content-length") {
            let length = length
                .parse()
                .map_err(|_| bad("Content-Length is no number"))?;
            self.read_body(&mut request, length, keep)?;
        }
        Ok(Some(request))
    }

    fn read_head(&mut self, arrived_us: u64) -> io::Result<Request> {
        loop {
            let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
            let mut parsed = httparse::Request::new(&mut headers);
            let status = parsed.parse(&self.buffer).map_err(bad)?;
            if let httparse::Status::Complete(length) = status {
                let target = parsed.path.unwrap_or_default();
                let request = Request {
                    method: parsed.method.unwrap_or_default().to_owned(),
                    path: target.split('?').next().unwrap_or_default().to_owned(),
                    headers: owned(parsed.headers),
                    body: Vec::new(),
                    body_len: 0,
                    arrived_us,
                    charge: self.budget.charge(),
                };
                self.buffer.drain(..length);
                return Ok(request);
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(bad("the request's head is too long"));
            }
            self.fill_or_end()?;
        }
    }

    /// Takes `length` bytes, keeps what there is room for and lets the rest go.
    fn read_body(&mut self, request: &mut Request, length: usize, keep: usize) -> io::Result<()> {
        let mut left = length;
        request
            .body
            .reserve_exact(left.min(keep.saturating_sub(request.body.len())));
        while left > 0 {
            if self.buffer.is_empty() {
                self.fill_or_end()?;
            }
            let taken = left.min(self.buffer.len());
            let kept = taken.min(keep.saturating_sub(request.body.len()));
            if !request.charge.take(kept) {
                return Err(bad("other requests hold too many bytes: end them first"));
            }
            request.body.extend_from_slice(&self.buffer[..kept]);
            self.buffer.drain(..taken);
            left -= taken;
        }
        request.body_len = request.body_len.saturating_add(length);
        Ok(())
    }

    fn read_chunks(&mut self, request: &mut Request, keep: usize) -> io::Result<()> {
        loop {
            let size = loop {
                match httparse::parse_chunk_size(&self.buffer)
                    .map_err(|_| bad("a chunk's size is no number"))?
                {
                    httparse::Status::Complete((used, size)) => {
                        self.buffer.drain(..used);
                        break usize::try_from(size).map_err(bad)?;
                    }
                    httparse::Status::Partial if self.buffer.len() > MAX_HEAD => {
                        return Err(bad("a chunk's size is too long"));
                    }
                    httparse::Status::Partial => self.fill_or_end()?,
                }
            };
            if size == 0 {
                return self.read_trailers(request);
            }
            self.read_body(request, size, keep)?;
            while self.buffer.len() < 2 {
                self.fill_or_end()?;
            }
            self.buffer.drain(..2);
        }
    }

    /// A streaming function tells of an error in trailers: they join the headers.
    fn read_trailers(&mut self, request: &mut Request) -> io::Result<()> {
        loop {
            let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
            match httparse::parse_headers(&self.buffer, &mut headers).map_err(bad)? {
                httparse::Status::Complete((used, trailers)) => {
                    request.headers.extend(owned(trailers));
                    self.buffer.drain(..used);
                    return Ok(());
                }
                httparse::Status::Partial if self.buffer.len() > MAX_HEAD => {
                    return Err(bad("the trailers are too long"));
                }
                httparse::Status::Partial => self.fill_or_end()?,
            }
        }
    }

    fn fill_or_end(&mut self) -> io::Result<()> {
        match self.fill()? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    fn fill(&mut self) -> io::Result<usize> {
        let used = self.buffer.len();
        self.buffer.resize(used + READ_SIZE, 0);
        let read = loop {
            match self.stream.read(&mut self.buffer[used..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.buffer
            .truncate(used + read.as_ref().map_or(0, |read| *read));
        read
    }
}

fn owned(headers: &[httparse::Header<'_>]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|header| {
            (
                header.name.to_owned(),
                String::from_utf8_lossy(header.value).into_owned(),
            )
        })
        .collect()
}

fn bad(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// What the server side makes of these bytes, request by request.
    fn serve(bytes: &'static [u8], keep: usize) -> Vec<io::Result<Option<Request>>> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let mut server = Connection::new(listener.accept().unwrap().0, Budget::new(1_000));
        let writer = std::thread::spawn(move || {
            // In small pieces, so that every boundary falls somewhere.
            for piece in bytes.chunks(7) {
                if client.write_all(piece).is_err() {
                    return;
                }
            }
        });
        let mut all = Vec::new();
        loop {
            let request = server.next_request(|_| keep);
            let last = !matches!(request, Ok(Some(_)));
            all.push(request);
            if last {
                break;
            }
        }
        drop(server);
        writer.join().unwrap();
        all
    }

    #[test]
    fn requests_follow_each_other_on_one_connection() {
        let requests = serve(
            b"POST /a?x=1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: x\r\n\r\n",
            100,
        );
        let first = requests[0].as_ref().unwrap().as_ref().unwrap();
        assert_eq!(
            (first.path.as_str(), first.body.as_slice()),
            ("/a", &b"hello"[..])
        );
        let second = requests[1].as_ref().unwrap().as_ref().unwrap();
        assert_eq!(
            (second.method.as_str(), second.header("HOST")),
            ("GET", Some("x"))
        );
        assert!(matches!(requests[2], Ok(None)));
    }

    #[test]
    fn chunks_are_joined_and_trailers_read() {
        let requests = serve(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Late: 1\r\n\r\n",
            100,
        );
        let request = requests[0].as_ref().unwrap().as_ref().unwrap();
        assert_eq!(request.body, b"abcde");
        assert_eq!(request.header("x-late"), Some("1"));
    }

    #[test]
    fn what_exceeds_the_limit_is_counted_but_not_kept() {
        let requests = serve(
            b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789",
            4,
        );
        let request = requests[0].as_ref().unwrap().as_ref().unwrap();
        assert_eq!(
            (request.body.as_slice(), request.body_len),
            (&b"0123"[..], 10)
        );
    }

    #[test]
    fn garbage_is_an_error() {
        for bytes in [
            &b"\x00\x01\x02 nonsense\r\n\r\n"[..],
            b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab",
        ] {
            assert!(serve(bytes, 100)[0].is_err());
        }
    }
}
