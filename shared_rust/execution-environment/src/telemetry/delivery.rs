//! Posting batches to the subscribers, inside the sandbox's network.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

use nix::sys::socket::{SockaddrIn, connect};

use super::subscription::Batch;
use crate::clock::monotonic_us;
use crate::environment::Environment;
use crate::init::Command;

const TIMEOUT: Duration = Duration::from_millis(1_000);
const SOCKET_TIMEOUT_US: u64 = 1_000_000;

impl Environment {
    /// Delivers for as long as the process lives.
    pub fn deliver_telemetry(&self) {
        loop {
            let batch = self.telemetry.next_batch();
            if let Err(error) = self.deliver(&batch) {
                // As on AWS a subscriber that does not listen loses what it did not take.
                tracing::debug!(%error, port = batch.port, "telemetry could not be delivered");
            }
            self.telemetry.delivered();
        }
    }

    fn deliver(&self, batch: &Batch) -> io::Result<()> {
        let socket = self.sandbox_socket()?;
        let address = SockaddrIn::from(SocketAddrV4::new(Ipv4Addr::LOCALHOST, batch.port));
        let mut stream = TcpStream::from(socket);
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        connect(stream.as_raw_fd(), &address)?;
        let length: usize = batch
            .records
            .iter()
            .map(|record| record.len() + 1)
            .sum::<usize>()
            + 1;
        let mut request = Vec::with_capacity(length + 256);
        write!(
            request,
            "POST {} HTTP/1.1\r\nHost: sandbox.localdomain:{}\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {length}\r\n\r\n[",
            batch.path, batch.port
        )?;
        for (index, record) in batch.records.iter().enumerate() {
            if index > 0 {
                request.push(b',');
            }
            request.extend_from_slice(record.as_bytes());
        }
        request.push(b']');
        stream.write_all(&request)?;
        // The status does not matter, but the subscriber should have taken it before the next one.
        let mut answer = [0; 256];
        stream.read(&mut answer).map(drop)
    }

    /// A socket that pid 1 has made, so that it connects inside and not on this machine.
    fn sandbox_socket(&self) -> io::Result<OwnedFd> {
        self.init
            .channel
            .send(&Command::Socket, &[])
            .map_err(io::Error::other)?;
        self.state
            .wait_until(monotonic_us() + SOCKET_TIMEOUT_US, |state| {
                state.sockets.pop()
            })
            .ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}
