//! One request, as it was read.

/// The longest request line and headers together.
pub const MAX_HEAD_BYTES: usize = 8 * 1024;
const MAX_HEADERS: usize = 48;

/// A request with its whole body.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// What follows the question mark, as it was sent.
    pub query: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What the request line and headers say of the rest.
#[derive(Debug)]
pub struct Head {
    pub request: Request,
    pub bytes: usize,
    pub body_bytes: usize,
    pub keep_alive: bool,
    pub expects_continue: bool,
}

/// Why a head is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Malformed,
    NoLength,
    HeadTooLong,
}

impl Request {
    /// A header's value, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    fn says(&self, header: &str, word: &str) -> bool {
        self.header(header)
            .is_some_and(|value| value.trim().eq_ignore_ascii_case(word))
    }
}

impl Head {
    /// The head at the start of `buffer`, or `None` while it is not all there.
    pub fn parse(buffer: &[u8]) -> Result<Option<Self>, Refused> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let bytes = match parsed.parse(buffer) {
            Ok(httparse::Status::Complete(bytes)) if bytes <= MAX_HEAD_BYTES => bytes,
            Ok(httparse::Status::Partial) if buffer.len() < MAX_HEAD_BYTES => return Ok(None),
            Ok(_) | Err(httparse::Error::TooManyHeaders) => return Err(Refused::HeadTooLong),
            Err(_) => return Err(Refused::Malformed),
        };
        let target = parsed.path.unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let request = Request {
            method: parsed.method.unwrap_or_default().to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: parsed
                .headers
                .iter()
                .map(|header| (header.name.to_owned(), text(header.value)))
                .collect(),
            body: Vec::new(),
        };
        let keep_alive = if parsed.version == Some(1) {
            !request.says("connection", "close")
        } else {
            request.says("connection", "keep-alive")
        };
        Ok(Some(Self {
            bytes,
            body_bytes: body_bytes(&request)?,
            keep_alive,
            expects_continue: request.says("expect", "100-continue"),
            request,
        }))
    }
}

fn body_bytes(request: &Request) -> Result<usize, Refused> {
    if request.header("transfer-encoding").is_some() {
        return Err(Refused::NoLength);
    }
    let mut lengths = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map(|(_, value)| value.trim());
    match (lengths.next(), lengths.next()) {
        (None, _) => Ok(0),
        // A sign, which Rust would take, is no digit.
        (Some(text), None) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map_err(|_| Refused::Malformed)
        }
        _ => Err(Refused::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_head_says_how_much_follows() {
        let text = b"POST /events?a=b HTTP/1.1\r\nContent-Length: 12\r\nX-Id: 7\r\n\r\n{\"a\"";
        let head = Head::parse(text).unwrap().unwrap();
        assert_eq!((head.bytes, head.body_bytes), (text.len() - 4, 12));
        assert_eq!(head.request.path, "/events");
        assert_eq!(head.request.query, "a=b");
        assert_eq!(head.request.header("x-id"), Some("7"));
        assert!(head.keep_alive);
    }

    #[test]
    fn half_a_head_is_waited_for() {
        assert!(
            Head::parse(b"POST /events HTTP/1.1\r\nContent-")
                .unwrap()
                .is_none()
        );
        assert!(Head::parse(b"").unwrap().is_none());
    }

    #[test]
    fn a_head_without_end_is_refused() {
        let long = format!("GET /{} HTTP/1.1\r\n", "x".repeat(MAX_HEAD_BYTES));
        assert_eq!(
            Head::parse(long.as_bytes()).unwrap_err(),
            Refused::HeadTooLong
        );
    }

    #[test]
    fn lengths_that_can_be_read_in_two_ways_are_refused() {
        for (header, refused) in [
            ("Content-Length: +5", Refused::Malformed),
            (
                "Content-Length: 99999999999999999999999",
                Refused::Malformed,
            ),
            ("Content-Length: 5\r\nContent-Length: 6", Refused::Malformed),
            ("Transfer-Encoding: chunked", Refused::NoLength),
        ] {
            let text = format!("POST / HTTP/1.1\r\n{header}\r\n\r\n");
            assert_eq!(
                Head::parse(text.as_bytes()).unwrap_err(),
                refused,
                "{header}"
            );
        }
    }

    #[test]
    fn a_connection_is_kept_as_http_says() {
        for (text, kept) in [
            ("GET / HTTP/1.1\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", false),
            ("GET / HTTP/1.0\r\n\r\n", false),
            ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
        ] {
            assert_eq!(
                Head::parse(text.as_bytes()).unwrap().unwrap().keep_alive,
                kept,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Head::parse(&bytes);
        }
    }
}
