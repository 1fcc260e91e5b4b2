//! A small function with a runtime of its own: it does what its event says.
//!
//! The integration tests run it inside the sandbox; it is also the shortest complete client of the
//! Runtime API here. Events: `{"do": "echo"}` and the other words of [`handle`], with the hostile ones
//! of [`tricks`]. The environment variable `PROBE_INIT` makes INIT fail in the ways of [`initialise`].

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::process::{Command, exit};
use std::thread::sleep;
use std::time::Duration;

use client::request;
use serde_json::{Value, json};

mod client;
mod tricks;

type Anything<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Anything<()> {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API")?;
    initialise(&api)?;
    let mut kept = Vec::new();
    loop {
        let (headers, body) =
            request(&api, "GET", "/2018-06-01/runtime/invocation/next", &[], b"")?;
        let id = headers
            .get("lambda-runtime-aws-request-id")
            .cloned()
            .unwrap_or_default();
        let event: Value = serde_json::from_slice(&body).unwrap_or_default();
        let path = format!("/2018-06-01/runtime/invocation/{id}");
        match handle(&event, &body, &headers, &api, &mut kept) {
            Ok(answer) => request(&api, "POST", &format!("{path}/response"), &[], &answer)?,
            Err(error) => {
                let payload =
                    json!({"errorType": "Probe", "errorMessage": error.to_string()}).to_string();
                let kind = [("Lambda-Runtime-Function-Error-Type", "Probe.Failed")];
                request(
                    &api,
                    "POST",
                    &format!("{path}/error"),
                    &kind,
                    payload.as_bytes(),
                )?
            }
        };
        if event["do"] == "linger" {
            sleep(Duration::from_millis(event["ms"].as_u64().unwrap_or(0)));
        }
    }
}

/// `PROBE_INIT`: `exit:N`, `error`, `error-once`, `hang`, `spin:MS`, `allocate:MB`.
fn initialise(api: &str) -> Anything<()> {
    println!("probe starts");
    let wish = std::env::var("PROBE_INIT").unwrap_or_default();
    let (word, number) = wish.split_once(':').unwrap_or((&wish, "0"));
    let number: u64 = number.parse()?;
    let again = fs::exists("/tmp/initialised")?;
    fs::write("/tmp/initialised", "")?;
    match word {
        "exit" => exit(number as i32),
        "hang" => sleep(Duration::from_secs(3600)),
        "spin" => spin(number),
        "allocate" => drop(std::hint::black_box(vec![
            1u8;
            number as usize * 1024 * 1024
        ])),
        "error" | "error-once" if word == "error" || !again => {
            let kind = [("Lambda-Runtime-Function-Error-Type", "Runtime.ProbeInit")];
            let body = b"{\"errorMessage\": \"not today\",  \"errorType\": \"ProbeInit\"}";
            request(api, "POST", "/2018-06-01/runtime/init/error", &kind, body)?;
            exit(1)
        }
        _ => {}
    }
    Ok(())
}

fn handle(
    event: &Value,
    body: &[u8],
    headers: &BTreeMap<String, String>,
    api: &str,
    kept: &mut Vec<TcpListener>,
) -> Anything<Vec<u8>> {
    let number = |name: &str| event[name].as_u64().unwrap_or(0);
    match event["do"].as_str().unwrap_or("echo") {
        "echo" => return Ok(body.to_vec()),
        "linger" => {}
        "spin" => spin(number("ms")),
        "sleep" => sleep(Duration::from_millis(number("ms"))),
        "fail" => return Err("the probe was told to fail".into()),
        "exit" => exit(number("code") as i32),
        "signal" => {
            Command::new("/bin/sh")
                .args(["-c", &format!("kill -{} $PPID", number("number"))])
                .status()?;
            sleep(Duration::from_secs(5));
        }
        "allocate" => {
            let block = vec![1u8; number("mb") as usize * 1024 * 1024];
            return Ok(block.len().to_string().into_bytes());
        }
        "answer" => return Ok(vec![b'x'; number("bytes") as usize]),
        "print" => print_bytes(number("bytes") as usize, number("line") as usize)?,
        "headers" => return Ok(serde_json::to_vec(headers)?),
        "look" => return Ok(look()?.to_string().into_bytes()),
        "fetch" => {
            let mut stream = TcpStream::connect(event["address"].as_str().unwrap_or_default())?;
            stream.write_all(b"hello")?;
            stream.shutdown(std::net::Shutdown::Write)?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer)?;
            return Ok(answer);
        }
        "resolve" => return resolve(event["name"].as_str().unwrap_or_default()),
        "listen" => kept.push(TcpListener::bind(("127.0.0.1", number("port") as u16))?),
        "daemon" => drop(Command::new("/bin/sleep").arg("3600").spawn()?),
        _ => return tricks::play(event, headers, api),
    }
    Ok(b"\"done\"".to_vec())
}

/// A name's addresses, as a JSON list.
fn resolve(name: &str) -> Anything<Vec<u8>> {
    let found = (name, 0).to_socket_addrs()?;
    let mut addresses: Vec<String> = found.map(|address| address.ip().to_string()).collect();
    addresses.dedup();
    Ok(serde_json::to_vec(&addresses)?)
}

/// Uses so much CPU time, however long that takes.
fn spin(ms: u64) {
    let used = || {
        let stat = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
        let ns: u64 = stat
            .split(' ')
            .next()
            .and_then(|ns| ns.parse().ok())
            .unwrap_or(u64::MAX);
        ns / 1_000_000
    };
    let end = used() + ms;
    while used() < end {
        std::hint::black_box((0..20_000u64).fold(0, |sum, n| sum ^ n.wrapping_mul(sum | 1)));
    }
}

fn print_bytes(bytes: usize, line: usize) -> io::Result<()> {
    let mut text = vec![b'p'; line.max(1)];
    text.push(b'\n');
    let mut out = io::stdout().lock();
    for _ in 0..bytes / text.len() {
        out.write_all(&text)?;
    }
    out.flush()
}

fn look() -> Anything<Value> {
    let names = |path: &str| -> Vec<String> {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    let processes: Vec<String> = names("/proc")
        .into_iter()
        .filter(|name| name.parse::<u32>().is_ok())
        .collect();
    let places = ["/", "/var", "/var/task", "/opt", "/usr", "/etc", "/tmp"];
    let writable = places.map(|path| fs::write(format!("{path}/probe"), "x").is_ok());
    Ok(json!({
        "status": fs::read_to_string("/proc/self/status")?,
        "root": names("/"), "processes": processes, "opt": names("/opt"),
        "descriptors": names("/proc/self/fd").len(),
        "writable": writable,
        "hostname": fs::read_to_string("/proc/sys/kernel/hostname")?.trim(),
        "environment": std::env::vars().collect::<BTreeMap<_, _>>(),
    }))
}
