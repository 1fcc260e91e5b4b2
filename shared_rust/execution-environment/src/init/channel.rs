//! A socket pair that keeps message boundaries and carries descriptors.

use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, ControlMessage, ControlMessageOwned, MsgFlags, SockFlag, SockType, recvmsg,
    sendmsg, socketpair,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Context, Error, Result};

/// Above the largest `create` that `Spec::validated` lets through.
const MAX_MESSAGE: usize = 200 * 1024;
const MAX_DESCRIPTORS: usize = 64;

pub struct Channel {
    socket: OwnedFd,
}

pub struct Received<T> {
    pub message: T,
    pub descriptors: Vec<OwnedFd>,
}

impl Channel {
    pub fn pair() -> Result<(Self, Self)> {
        let (a, b) = socketpair(
            AddressFamily::Unix,
            SockType::SeqPacket,
            None,
            SockFlag::SOCK_CLOEXEC,
        )
        .context(|| "make a socket pair")?;
        Ok((Self { socket: a }, Self { socket: b }))
    }

    /// # Errors
    /// The other end is gone, or the message is too long for one packet.
    pub fn send<T: Serialize>(&self, message: &T, descriptors: &[BorrowedFd<'_>]) -> Result<()> {
        let bytes =
            serde_json::to_vec(message).map_err(|error| Error::Sandbox(error.to_string()))?;
        let raw: Vec<RawFd> = descriptors.iter().map(AsRawFd::as_raw_fd).collect();
        let rights = [ControlMessage::ScmRights(&raw)];
        let control = if raw.is_empty() { &[][..] } else { &rights[..] };
        let data = [IoSlice::new(&bytes)];
        let send = || {
            sendmsg::<()>(
                self.socket.as_raw_fd(),
                &data,
                control,
                MsgFlags::MSG_NOSIGNAL,
                None,
            )
        };
        retried(send).context(|| "send to the sandbox").map(drop)
    }

    /// The next message; `None` when the other end is closed, whether or not it has read what it was sent.
    ///
    /// # Errors
    /// The socket fails or the message is not one of ours.
    pub fn receive<T: DeserializeOwned>(&self) -> Result<Option<Received<T>>> {
        let mut buffer = vec![0; MAX_MESSAGE];
        let mut space = cmsg_space!([RawFd; MAX_DESCRIPTORS]);
        let mut descriptors = Vec::new();
        let length = {
            let mut data = [IoSliceMut::new(&mut buffer)];
            let packet = loop {
                let flags = MsgFlags::MSG_CMSG_CLOEXEC;
                match recvmsg::<()>(self.socket.as_raw_fd(), &mut data, Some(&mut space), flags) {
                    // A reset says, once, that the other end died with a message unread, as pid 1 may when it is
                    // killed. What it sent before that is still to come, and then the end.
                    Err(Errno::EINTR | Errno::ECONNRESET) => {}
                    other => break other.context(|| "receive from the sandbox")?,
                }
            };
            for control in packet.cmsgs().context(|| "receive descriptors")? {
                if let ControlMessageOwned::ScmRights(raw) = control {
                    // SAFETY: the kernel has just installed these descriptors for us; nobody else owns them.
                    descriptors.extend(
                        raw.into_iter()
                            .map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }),
                    );
                }
            }
            packet.bytes
        };
        if length == 0 {
            return Ok(None);
        }
        let message = serde_json::from_slice(&buffer[..length])
            .map_err(|error| Error::Sandbox(error.to_string()))?;
        Ok(Some(Received {
            message,
            descriptors,
        }))
    }
}

fn retried<T>(mut call: impl FnMut() -> nix::Result<T>) -> nix::Result<T> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            other => return other,
        }
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Read;

    #[test]
    fn messages_keep_their_boundaries_and_descriptors_work_on_the_other_side() {
        let (a, b) = Channel::pair().unwrap();
        let file = File::open("/proc/self/comm").unwrap();
        a.send(&"first", &[]).unwrap();
        a.send(&"second", &[file.as_fd()]).unwrap();
        assert_eq!(b.receive::<String>().unwrap().unwrap().message, "first");
        let second = b.receive::<String>().unwrap().unwrap();
        assert_eq!(second.message, "second");
        let mut text = String::new();
        File::from(second.descriptors.into_iter().next().unwrap())
            .read_to_string(&mut text)
            .unwrap();
        assert!(!text.is_empty());
    }

    #[test]
    fn a_closed_end_is_the_end() {
        let (a, b) = Channel::pair().unwrap();
        drop(a);
        assert!(b.receive::<String>().unwrap().is_none());
        assert!(b.send(&"anyone?", &[]).is_err());
    }

    #[test]
    fn an_end_that_dies_with_a_message_unread_is_still_heard_out() {
        let (a, b) = Channel::pair().unwrap();
        b.send(&"last words", &[]).unwrap();
        a.send(&"never read", &[]).unwrap();
        drop(b);
        assert_eq!(
            a.receive::<String>().unwrap().unwrap().message,
            "last words"
        );
        assert!(a.receive::<String>().unwrap().is_none());
    }
}
