//! What a hostile function does.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::Anything;
use crate::client::request;

/// Connections and files that are kept open to the end.
static HELD: Mutex<(Vec<TcpStream>, Vec<fs::File>)> = Mutex::new((Vec::new(), Vec::new()));

pub fn play(event: &Value, headers: &BTreeMap<String, String>, api: &str) -> Anything<Vec<u8>> {
    let answer = match event["do"].as_str().unwrap_or_default() {
        "fill-tmp" => fill_tmp().into(),
        "fork-bomb" => fork_bomb().into(),
        "garbage" => garbage(api)?.into(),
        "sh" => shell(event["script"].as_str().unwrap_or_default())?,
        "raw" => raw(event, headers, api)?.into(),
        "hold-bodies" => hold_bodies(event, api).into(),
        "open-files" => open_files().into(),
        "print-binary" => print_binary(event["bytes"].as_u64().unwrap_or(0))?.into(),
        other => return Err(format!("the probe does not know {other:?}").into()),
    };
    Ok(answer.to_string().into_bytes())
}

/// Runs a script; what it printed is the answer, not the log.
fn shell(script: &str) -> Anything<Value> {
    let done = Command::new("/bin/sh").args(["-c", script]).output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(json!({"code": done.status.code(), "out": text(&done.stdout), "err": text(&done.stderr)}))
}

/// Sends bytes to the API as they are, with `{id}` for the request's own, then `pad` more, and gives
/// what came back within `wait_ms` or until the end.
fn raw(event: &Value, headers: &BTreeMap<String, String>, api: &str) -> Anything<String> {
    let id = headers
        .get("lambda-runtime-aws-request-id")
        .map_or("none", String::as_str);
    let text = event["send"]
        .as_str()
        .unwrap_or_default()
        .replace("{id}", id);
    let mut stream = TcpStream::connect(api)?;
    let wait = Duration::from_millis(event["wait_ms"].as_u64().unwrap_or(2_000));
    stream.set_read_timeout(Some(wait))?;
    // A server that has refused does not read on.
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.write_all(&vec![b'x'; event["pad"].as_u64().unwrap_or(0) as usize]);
    if event["close"] == true {
        stream.shutdown(Shutdown::Both)?;
        return Ok(String::new());
    }
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..read]);
        if answer.windows(4).any(|window| window == b"\r\n\r\n") {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Half-sent requests of many megabytes, all kept open.
fn hold_bodies(event: &Value, api: &str) -> usize {
    let bytes = event["bytes"].as_u64().unwrap_or(0) as usize;
    let count = event["count"].as_u64().unwrap_or(0);
    let body = vec![b'x'; bytes];
    let head = format!(
        "POST /2018-06-01/runtime/invocation/other/response HTTP/1.1\r\nContent-Length: {}\r\n\r\n",
        bytes + 1
    );
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..count {
        let Ok(mut stream) = TcpStream::connect(api) else {
            continue;
        };
        let sent = stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(&body));
        if sent.is_ok() {
            held.0.push(stream);
        }
    }
    held.0.len()
}

/// How many files could be opened before it was refused; they are closed again.
fn open_files() -> usize {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    while let Ok(file) = fs::File::open("/dev/null") {
        held.1.push(file);
    }
    let count = held.1.len();
    held.1.clear();
    count
}

/// Every byte there is but the newline.
fn print_binary(bytes: u64) -> io::Result<u64> {
    let block: Vec<u8> = (0..=255u8)
        .filter(|byte| *byte != b'\n')
        .cycle()
        .take(255 * 256)
        .collect();
    let mut out = io::stdout().lock();
    let mut printed = 0;
    while printed < bytes {
        out.write_all(&block)?;
        printed += block.len() as u64;
    }
    out.flush()?;
    Ok(printed)
}

/// How many MB fit into /tmp.
fn fill_tmp() -> usize {
    let block = vec![7u8; 1024 * 1024];
    let Ok(mut file) = fs::File::create("/tmp/large") else {
        return 0;
    };
    let written = (0..10_000)
        .take_while(|_| file.write_all(&block).is_ok())
        .count();
    let _ = fs::remove_file("/tmp/large");
    written
}

/// How many processes could be started before it was refused.
fn fork_bomb() -> usize {
    let start = || Command::new("/bin/sleep").arg("3600").spawn();
    (0..20_000).take_while(|_| start().is_ok()).count()
}

/// Everything that a broken runtime might send.
fn garbage(api: &str) -> Anything<&'static str> {
    let noise: Vec<u8> = (0..5_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for bytes in [
        &noise[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /2018-06-01/runtime/invocation/none/response HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
        b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n",
        b"PUT /2022-07-01/telemetry HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
    ] {
        let mut stream = TcpStream::connect(api)?;
        stream.set_read_timeout(Some(Duration::from_millis(200)))?;
        let _ = stream.write_all(bytes);
        let _ = stream.read(&mut [0; 1024]);
    }
    let wrong = request(
        api,
        "POST",
        "/2018-06-01/runtime/invocation/other/response",
        &[],
        b"x",
    );
    wrong.map(|_| "done")
}
