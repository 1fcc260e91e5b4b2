//! Carrying connections from the sandbox's loopback to an address outside.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

use crate::threads::{Gate, spawn};

const MAX_CONNECTIONS: usize = 512;

/// Serves every connection until the listener breaks.
pub fn listen(listener: &TcpListener, connect: SocketAddr) {
    let gate = Gate::new(MAX_CONNECTIONS);
    for inside in listener.incoming().flatten() {
        gate.spawn("forward", move || {
            if let Err(error) = carry(inside, connect) {
                tracing::debug!(%error, %connect, "a forwarded connection ends");
            }
        });
    }
}

fn carry(inside: TcpStream, connect: SocketAddr) -> io::Result<()> {
    let outside = TcpStream::connect(connect)?;
    // What one side writes in one go must not wait here for more.
    inside.set_nodelay(true)?;
    outside.set_nodelay(true)?;
    let (from_inside, to_outside) = (inside.try_clone()?, outside.try_clone()?);
    spawn("forward-out", move || copy(from_inside, to_outside)).map_err(io::Error::other)?;
    copy(outside, inside);
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
        std::thread::spawn(move || listen(&entry, target));
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
