//! Against an extension that behaves, one that does not, and none.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use analytics_client::Poster;
use analytics_events::Event;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Debug, PartialEq)]
enum Seen {
    Connection,
    Event(String),
}

/// Answers as many requests on each connection as told, then closes it.
fn extension(requests_per_connection: usize) -> (u16, Receiver<Seen>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            sender.send(Seen::Connection).unwrap();
            serve(stream, requests_per_connection, &sender);
        }
    });
    (port, receiver)
}

fn serve(mut stream: TcpStream, requests: usize, seen: &Sender<Seen>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for _ in 0..requests {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let event: Event = serde_json::from_slice(&body).unwrap();
        seen.send(Seen::Event(event.event_id.to_string())).unwrap();
        let answer = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer).unwrap();
    }
}

fn event(number: usize) -> Event {
    serde_json::from_value(json!({
        "event_id": number.to_string(), "request_id": "r", "time": "2026-01-31T12:00:00.000Z", "user": "ada",
        "role": "admin", "action": "audit", "bucket": null, "status": 200, "duration_ms": 1.0, "bytes": 2
    }))
    .unwrap()
}

fn post(poster: &Poster, numbers: std::ops::Range<usize>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        for number in numbers {
            poster.post(&event(number)).await;
        }
    });
}

fn seen_id(number: usize) -> Seen {
    Seen::Event(number.to_string())
}

#[test]
fn one_connection_is_kept() {
    let (port, seen) = extension(usize::MAX);
    post(&Poster::to(port), 0..3);
    let all: Vec<_> = seen.try_iter().collect();
    assert_eq!(all, [Seen::Connection, seen_id(0), seen_id(1), seen_id(2)]);
}

#[test]
fn a_connection_that_was_closed_loses_no_event() {
    let (port, seen) = extension(1);
    post(&Poster::to(port), 0..3);
    let events: Vec<_> = seen
        .try_iter()
        .filter(|it| *it != Seen::Connection)
        .collect();
    assert_eq!(events, [seen_id(0), seen_id(1), seen_id(2)]);
}

#[test]
fn without_an_extension_nothing_happens() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    post(&Poster::to(port), 0..3);
}

#[test]
fn an_extension_that_hangs_is_not_waited_for() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let started = Instant::now();
    post(&Poster::to(listener.local_addr().unwrap().port()), 0..1);
    let waited = started.elapsed();
    assert!(waited >= Duration::from_millis(200));
    assert!(waited < Duration::from_secs(20));
}
