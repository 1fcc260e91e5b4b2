//! A client of the Runtime API, one connection for each request.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::Anything;

pub fn request(
    api: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Anything<(BTreeMap<String, String>, Vec<u8>)> {
    let mut stream = TcpStream::connect(api)?;
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nHost: {api}\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{text}\r\n").as_bytes())?;
    stream.write_all(body)?;
    let mut reader = BufReader::new(stream);
    let mut fields = BTreeMap::new();
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 && !line.trim().is_empty() {
        if let Some((name, value)) = line.trim().split_once(": ") {
            fields.insert(name.to_lowercase(), value.to_owned());
        }
        line.clear();
    }
    let length = fields
        .get("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer)?;
    Ok((fields, answer))
}
