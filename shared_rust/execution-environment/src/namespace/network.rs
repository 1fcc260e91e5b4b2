//! The sandbox's own loopback.

use std::mem;
use std::net::{SocketAddrV4, TcpListener};
use std::os::fd::AsRawFd;

use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};

use crate::error::{Context, Error, Result};
use crate::spec::{API_ADDRESS, Spec};

/// Brings `lo` up and listens: first the API's address, then each forward's, in order.
///
/// The sockets are made inside and passed out, because a supervisor without root could not enter
/// the network namespace of a user namespace later.
///
/// # Errors
/// An address that is not on the loopback, or is listened on twice.
pub fn listeners(spec: &Spec) -> Result<Vec<TcpListener>> {
    bring_loopback_up()?;
    let api = API_ADDRESS
        .parse::<SocketAddrV4>()
        .map_err(|error| Error::Spec(error.to_string()))?;
    [api]
        .into_iter()
        .chain(spec.forward.iter().map(|forward| forward.listen))
        .map(|address| {
            TcpListener::bind(address).context(|| format!("listen on {address} in the sandbox"))
        })
        .collect()
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
