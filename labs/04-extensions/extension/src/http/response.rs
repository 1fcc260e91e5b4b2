//! One response.

use serde_json::json;

/// A status and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub const fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn json(status: u16, body: Vec<u8>) -> Self {
        Self {
            body,
            ..Self::empty(status)
        }
        .with_header("content-type", "application/json")
    }

    /// An error, as RFC 9457 has it.
    pub fn problem(status: u16, detail: &str) -> Self {
        let body = json!({"type": "about:blank", "title": reason(status), "status": status, "detail": detail});
        Self {
            body: body.to_string().into_bytes(),
            ..Self::empty(status)
        }
        .with_header("content-type", "application/problem+json")
    }

    /// 405, with the one method that is allowed.
    pub fn only(method: &str) -> Self {
        Self::problem(405, &format!("only {method} is answered here")).with_header("allow", method)
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// What goes over the wire.
    pub fn to_bytes(&self, keep_alive: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        if !keep_alive {
            head.push_str("connection: close\r\n");
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_answer_has_a_length_all_the_same() {
        assert_eq!(
            Response::empty(202).to_bytes(true),
            b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"
        );
    }

    #[test]
    fn a_problem_says_its_status_twice() {
        let bytes = Response::problem(404, "no such \"route\"").to_bytes(false);
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 404 Not Found\r\n"));
        assert!(head.contains("connection: close"));
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["status"], 404);
        assert_eq!(body["detail"], "no such \"route\"");
    }
}
