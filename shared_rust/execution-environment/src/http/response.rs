//! Writing answers.

use std::io::{self, Write};

pub struct Response {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Response {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// `202 {"status":"OK"}`, the Runtime API's "understood".
    pub fn accepted() -> Self {
        Self::new(202, "{\"status\":\"OK\"}\n")
    }

    /// An error in the shape of all three APIs.
    pub fn error(status: u16, error_type: &str, message: &str) -> Self {
        let body = serde_json::json!({"errorType": error_type, "errorMessage": message});
        Self::new(status, body.to_string())
    }

    /// Line breaks would end the header early: they become spaces.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value: String = value.into();
        self.headers.push((name, value.replace(['\r', '\n'], " ")));
        self
    }

    /// Writes all of it at once, so that it leaves in as few packets as possible.
    ///
    /// # Errors
    /// The peer is gone.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(512 + self.body.len());
        write!(
            bytes,
            "HTTP/1.1 {} {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            self.status,
            reason(self.status),
            self.body.len()
        )?;
        for (name, value) in &self.headers {
            write!(bytes, "{name}: {value}\r\n")?;
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        out.write_all(&bytes)
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        413 => "Payload Too Large",
        _ => "Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_cannot_smuggle_another() {
        let mut out = Vec::new();
        Response::new(200, "x")
            .header("A", "1\r\nB: 2")
            .write(&mut out)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("A: 1  B: 2\r\n"), "{text}");
        assert!(
            text.ends_with("Content-Length: 1\r\nA: 1  B: 2\r\n\r\nx"),
            "{text}"
        );
    }
}
