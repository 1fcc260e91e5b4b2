//! A small external extension: it registers, optionally subscribes to telemetry, and tells on
//! stdout what it gets.
//!
//! `PROBE_EXTENSION` is a list of wishes: `telemetry`, `init-error`, `stay` (ignore SHUTDOWN),
//! `tail:MS` (work so long after each event), `flood:BYTES`, `misregister`, `crowd`, `account` (ask for it),
//! `tell` (what registration answers), and where it ends or hangs: `exit-at-start`, `hang-at-start`, `exit`, `hang` (registered), `exit-in-invoke`,
//! `hang-in-invoke`, `exit-in-shutdown`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{sleep, spawn};
use std::time::Duration;

use serde_json::{Value, json};

type Anything<T> = Result<T, Box<dyn std::error::Error>>;

const PORT: u16 = 4243;

fn main() -> Anything<()> {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API")?;
    let program = std::env::args().next().unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or_default().to_owned();
    let wishes = std::env::var("PROBE_EXTENSION").unwrap_or_default();
    let wants = |wish: &str| wishes.split(',').any(|word| word == wish);
    let tail = wishes
        .split(',')
        .find_map(|word| word.strip_prefix("tail:")?.parse().ok());
    let stop = |stage: &str| {
        if wants(&format!("exit{stage}")) {
            std::process::exit(3);
        }
        if wants(&format!("hang{stage}")) {
            sleep(Duration::from_secs(3600));
        }
    };
    let flood: Option<usize> = wishes
        .split(',')
        .find_map(|word| word.strip_prefix("flood:")?.parse().ok());
    stop("-at-start");
    let events = json!({"events": ["INVOKE", "SHUTDOWN"]}).to_string();
    if wants("misregister") {
        misregister(&api, "", &events)?;
        misregister(&api, &name, "{\"events\": [\"LUNCH\"]}")?;
        misregister(&api, &name, "nonsense")?;
        misregister(&api, "inner", &events)?;
    }
    if wants("crowd") {
        for n in 0..20 {
            let name = format!("inner-{n}");
            misregister(&api, &name, "{\"events\": []}")?;
        }
        sleep(Duration::from_secs(3600));
    }
    let mut named = vec![("Lambda-Extension-Name", name.as_str())];
    if wants("account") {
        named.push(("Lambda-Extension-Accept-Feature", "other, accountId"));
    }
    let (headers, registered) = request(
        &api,
        "POST",
        "/2020-01-01/extension/register",
        &named,
        &events,
    )?;
    if wants("tell") {
        println!("registered {registered}");
    }
    let identifier = headers
        .get("lambda-extension-identifier")
        .cloned()
        .unwrap_or_default();
    let me = [("Lambda-Extension-Identifier", identifier.as_str())];
    if wants("telemetry") {
        subscribe(&api, &me)?;
    }
    if wants("init-error") {
        request(
            &api,
            "POST",
            "/2020-01-01/extension/init/error",
            &me,
            "{\"errorMessage\":\"no\"}",
        )?;
    }
    if wants("misregister") {
        misregister(&api, &name, &events)?;
    }
    stop("");
    loop {
        let (_, event) = request(&api, "GET", "/2020-01-01/extension/event/next", &me, "")?;
        println!("event {event}");
        let event: Value = serde_json::from_str(&event)?;
        match event["eventType"].as_str() {
            Some("SHUTDOWN") if wants("stay") => sleep(Duration::from_secs(3600)),
            Some("SHUTDOWN") => {
                stop("-in-shutdown");
                return Ok(());
            }
            _ if flood.is_some() => {
                let mut out = std::io::stdout().lock();
                let line = [b'e'; 1_000];
                for _ in 0..flood.unwrap_or(0) / 1_000 {
                    out.write_all(&line)?;
                }
                out.flush()?;
            }
            _ => {
                stop("-in-invoke");
                sleep(Duration::from_millis(tail.unwrap_or(0)));
            }
        }
    }
}

/// A registration that should be refused; tells with what.
fn misregister(api: &str, name: &str, events: &str) -> Anything<()> {
    let named = [("Lambda-Extension-Name", name)];
    let (_, answer) = request(
        api,
        "POST",
        "/2020-01-01/extension/register",
        &named,
        events,
    )?;
    println!("refused {name} {answer}");
    Ok(())
}

/// Prints the type of each record that is delivered.
fn subscribe(api: &str, me: &[(&str, &str)]) -> Anything<()> {
    let listener = TcpListener::bind(("0.0.0.0", PORT))?;
    spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream);
            let Ok((_, body)) = read_message(&mut reader) else {
                continue;
            };
            let records: Vec<Value> = serde_json::from_str(&body).unwrap_or_default();
            for record in records {
                // A record of its own output would come back as another one.
                if record["type"] != "extension" {
                    println!(
                        "telemetry {} {}",
                        record["type"].as_str().unwrap_or("?"),
                        record["record"]
                    );
                }
            }
            let _ = reader
                .get_mut()
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let body = json!({
        "schemaVersion": "2022-12-13", "types": ["platform", "function"], "buffering": {"timeoutMs": 25},
        "destination": {"protocol": "HTTP", "URI": format!("http://sandbox.localdomain:{PORT}/")},
    });
    request(api, "PUT", "/2022-07-01/telemetry", me, &body.to_string()).map(drop)
}

fn request(
    api: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Anything<(BTreeMap<String, String>, String)> {
    let mut stream = TcpStream::connect(api)?;
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nHost: {api}\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{text}\r\n{body}").as_bytes())?;
    read_message(&mut BufReader::new(stream))
}

fn read_message(reader: &mut BufReader<TcpStream>) -> Anything<(BTreeMap<String, String>, String)> {
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
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((fields, String::from_utf8(body)?))
}
