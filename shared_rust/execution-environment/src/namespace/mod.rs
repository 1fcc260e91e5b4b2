//! The sandbox's namespaces: who makes them, what is mounted and what is listened on in them.

mod mounts;
mod network;
mod rootfs;
mod user;

use std::io;

use nix::errno::Errno;
use nix::unistd::{Pid, geteuid};

pub use network::sockets;
pub use rootfs::build as build_root;
pub use user::map as map_user;

use crate::error::{Error, Result};

/// Whose namespaces they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Made by root: the function runs under the uid that the spec asks for.
    Root,
    /// Made by a user namespace: that uid is mapped to the caller's own.
    User,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::User => "user namespace",
        }
    }
}

/// Which side of the fork this is.
pub enum Forked {
    Parent { child: Pid, kind: Kind },
    Child { kind: Kind },
}

const NAMESPACES: libc::c_int = libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS;

/// Forks pid 1 of a new sandbox.
///
/// Must be called while this process has one thread: the child goes on in a copy of it and
/// allocates.
///
/// # Errors
/// [`Error::NoNamespaces`] when neither root nor a user namespace can make them.
pub fn fork_init() -> Result<Forked> {
    let mut refusal = Errno::EPERM;
    if geteuid().is_root() {
        match fork_with(NAMESPACES) {
            Ok(pid) => return Ok(forked(pid, Kind::Root)),
            Err(error) => refusal = error,
        }
    }
    match fork_with(NAMESPACES | libc::CLONE_NEWUSER) {
        Ok(pid) => Ok(forked(pid, Kind::User)),
        Err(error) => {
            tracing::debug!(as_root = %refusal, as_user = %error, "no namespaces");
            Err(Error::NoNamespaces(io::Error::from(error)))
        }
    }
}

fn forked(pid: libc::c_long, kind: Kind) -> Forked {
    match i32::try_from(pid) {
        Ok(child) if child > 0 => Forked::Parent {
            child: Pid::from_raw(child),
            kind,
        },
        _ => Forked::Child { kind },
    }
}

fn fork_with(flags: libc::c_int) -> std::result::Result<libc::c_long, Errno> {
    let flags = libc::c_long::from(flags | libc::SIGCHLD);
    // SAFETY: without CLONE_VM and without a stack this is fork(2) with namespaces: the child gets
    // a copy of everything. The caller is single-threaded, so no lock can be held by a lost thread.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    Errno::result(pid)
}
