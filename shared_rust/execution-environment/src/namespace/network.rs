//! The sandbox's own loopback.

use std::mem;
use std::net::{SocketAddrV4, TcpListener, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};

use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};

use crate::error::{Context, Error, Result};
use crate::spec::{API_ADDRESS, Spec};

/// Where libraries look for a name server when nothing else is said.
const NAME_SERVER: &str = "127.0.0.1:53";

/// Brings `lo` up and listens: first the API's address, then each forward's, in order, and last the
/// name server's if there is to be one.
///
/// The sockets are made inside and passed out, because a supervisor without root could not enter
/// the network namespace of a user namespace later. Low ports are free for pid 1, which has all
/// capabilities over its own network, also in a user namespace.
///
/// # Errors
/// An address that is not on the loopback, or is listened on twice.
pub fn sockets(spec: &Spec) -> Result<Vec<OwnedFd>> {
    bring_loopback_up()?;
    let api = API_ADDRESS
        .parse::<SocketAddrV4>()
        .map_err(|error| Error::Spec(error.to_string()))?;
    let forwards = spec.forward.iter().map(|forward| forward.listen);
    let mut sockets = [api]
        .into_iter()
        .chain(forwards)
        .map(|address| {
            TcpListener::bind(address)
                .map(OwnedFd::from)
                .context(|| listen_on(address))
        })
        .collect::<Result<Vec<_>>>()?;
    if !spec.dns.is_empty() {
        let resolver = UdpSocket::bind(NAME_SERVER).context(|| listen_on(NAME_SERVER))?;
        sockets.push(resolver.into());
    }
    Ok(sockets)
}

fn listen_on(address: impl std::fmt::Display) -> String {
    format!("listen on {address} in the sandbox")
}

fn bring_loopback_up() -> Result<()> {
    let socket = socket(
        AddressFamily::Inet,
        SockType::Datagram,
        SockFlag::SOCK_CLOEXEC,
        None,
    )
    .context(|| "make a socket")?;
    // SAFETY: an ifreq of zeroes is a valid value of this plain C struct.
    let mut request: libc::ifreq = unsafe { mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo\0") {
        *to = *from as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = libc::IFF_UP as libc::c_short;
    // SAFETY: SIOCSIFFLAGS reads one ifreq, which `request` is, with a name that ends in NUL.
    let result = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &request) };
    nix::errno::Errno::result(result)
        .map(drop)
        .context(|| "bring the loopback up")
}
