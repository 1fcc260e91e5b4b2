//! Carrying connections from the sandbox's loopback to an address outside.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use crate::delay;
use crate::spec::Forward;
use crate::threads::{Gate, spawn};

const MAX_CONNECTIONS: usize = 512;

/// Serves every connection until the listener breaks.
pub fn listen(listener: &TcpListener, forward: Forward) {
    let gate = Gate::new(MAX_CONNECTIONS);
    for inside in listener.incoming().flatten() {
        gate.spawn("forward", move || {
            if let Err(error) = carry(inside, forward) {
                tracing::debug!(%error, connect = %forward.connect, "a forwarded connection ends");
            }
        });
    }
}

fn carry(inside: TcpStream, forward: Forward) -> io::Result<()> {
    let outside = TcpStream::connect(forward.connect)?;
    // What one side writes in one go must not wait here for more.
    inside.set_nodelay(true)?;
    outside.set_nodelay(true)?;
    let (from_inside, to_outside) = (inside.try_clone()?, outside.try_clone()?);
    let round_trip = Duration::from_micros(forward.round_trip_us);
    let copy: fn(TcpStream, TcpStream, Duration) = if round_trip.is_zero() {
        |from, to, _| copy(from, to)
    } else {
        // The kernel inside has shaken hands at once; elsewhere that is a round trip.
        sleep(round_trip);
        delay::copy
    };
    let one_way = round_trip / 2;
    spawn("forward-out", move || {
        copy(from_inside, to_outside, one_way)
    })
    .map_err(io::Error::other)?;
    copy(outside, inside, one_way);
    Ok(())
}

/// Copies until one side ends, and passes the end on.
fn copy(mut from: TcpStream, mut to: TcpStream) {
    // A reset is an end like any other.
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    #[test]
    fn bytes_and_ends_pass_both_ways() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = server.local_addr().unwrap();
        let entry = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(entry.local_addr().unwrap()).unwrap();
        let forward = serde_json::from_value(serde_json::json!({
            "listen": "127.0.0.1:1", "connect": target.to_string(),
        }));
        let forward = forward.unwrap();
        std::thread::spawn(move || listen(&entry, forward));
        client.write_all(b"question").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let (mut other, _) = server.accept().unwrap();
        let mut got = String::new();
        other.read_to_string(&mut got).unwrap();
        assert_eq!(got, "question");
        other.write_all(b"answer").unwrap();
        drop(other);
        got.clear();
        client.read_to_string(&mut got).unwrap();
        assert_eq!(got, "answer");
    }
}
