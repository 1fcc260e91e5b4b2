//! A connection's way that takes its time: bytes come out as they went in, so much later.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::threads::spawn;

const BURST: usize = 16 * 1024;
/// Bursts on their way at one time, so that a delay is no limit of throughput: 1 MB.
const MAX_ON_THE_WAY: usize = 64;

struct Burst {
    due: Instant,
    bytes: Vec<u8>,
}

/// Copies until one side ends, and passes the end on, everything `late` after it was read.
pub fn copy(from: TcpStream, to: TcpStream, late: Duration) {
    let (sender, receiver) = sync_channel(MAX_ON_THE_WAY);
    match spawn("forward-late", move || deliver(&receiver, to)) {
        Ok(()) => collect(from, &sender, late),
        // The other end sees the connection closed.
        Err(error) => tracing::warn!(%error, "a connection is refused"),
    }
}

fn collect(mut from: TcpStream, sender: &SyncSender<Burst>, late: Duration) {
    let mut buffer = [0; BURST];
    loop {
        // A reset is an end like any other.
        let length = from.read(&mut buffer).unwrap_or(0);
        let burst = Burst {
            due: Instant::now() + late,
            bytes: buffer[..length].to_vec(),
        };
        if sender.send(burst).is_err() || length == 0 {
            return;
        }
    }
}

fn deliver(receiver: &Receiver<Burst>, mut to: TcpStream) {
    for Burst { due, bytes } in receiver {
        sleep(due.saturating_duration_since(Instant::now()));
        if bytes.is_empty() || to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (near, listener.accept().unwrap().0)
    }

    #[test]
    fn bytes_and_the_end_come_late_whole_and_side_by_side() {
        let late = Duration::from_millis(50);
        let sent: Vec<u8> = (0..40 * BURST).map(|n| n as u8).collect();
        let ((mut near, from), (to, mut far)) = (pair(), pair());
        let began = Instant::now();
        thread::spawn(move || copy(from, to, late));
        let written = sent.clone();
        thread::spawn(move || near.write_all(&written).unwrap());
        let mut got = Vec::new();
        far.read_to_end(&mut got).unwrap();
        assert!(got == sent);
        assert!(began.elapsed() >= late);
        // Each burst waits for itself, not for the one before.
        assert!(began.elapsed() < late * 40);
    }
}
