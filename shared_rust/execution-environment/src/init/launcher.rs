//! A process that has joined the cgroups ahead of need and starts the programs.
//!
//! On cgroup v1 the move into a cgroup waits 5 to 18 ms for an RCU grace period, but a child is born
//! into its parent's cgroup at no cost. So the launcher moves while the mounts are made (or long
//! before, when the supervisor is started ahead), starts the extensions as children, whose parent is
//! pid 1, and in the end becomes the runtime itself.

use std::os::fd::{AsRawFd, BorrowedFd};

use nix::errno::Errno;
use nix::unistd::{ForkResult, fork};
use serde::{Deserialize, Serialize};

use super::channel::{Channel, Received};
use super::exec::{Identity, execute};
use super::messages::{Notice, Program, Role};
use super::pid1::Sandbox;
use crate::cgroup::Cgroup;
use crate::error::{Context, Result};

use crate::spec::Spec;

/// `libc` has it in a type that is too narrow.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

pub struct Launcher {
    orders: Channel,
}

#[derive(Serialize, Deserialize)]
enum Order {
    /// Whom the programs run as; known once the spec is.
    Introduce(Identity),
    Launch(Program),
}

impl Launcher {
    /// Forks the launcher, which tells the supervisor when it has joined.
    pub fn park(sandbox: &Sandbox<'_>) -> Result<Self> {
        let (ours, theirs) = Channel::pair()?;
        let inside = match birth(sandbox.cgroup)? {
            Birth::Parent => return Ok(Self { orders: ours }),
            Birth::ChildInside => true,
            Birth::ChildOutside => false,
        };
        drop(ours);
        wait_for_orders(sandbox, &theirs, inside)
    }

    pub fn introduce(&self, spec: &Spec) -> Result<()> {
        let identity = Identity {
            uid: spec.uid,
            gid: spec.gid,
        };
        self.orders.send(&Order::Introduce(identity), &[])
    }

    pub fn launch(&self, program: &Program) -> Result<()> {
        self.orders.send(&Order::Launch(program.clone()), &[])
    }
}

enum Birth {
    Parent,
    /// In the cgroup already.
    ChildInside,
    ChildOutside,
}

fn birth(cgroup: Option<&Cgroup>) -> Result<Birth> {
    if let Some(birthplace) = cgroup.and_then(Cgroup::birthplace)
        && let Ok(pid) = clone3(0, Some(birthplace))
    {
        return Ok(if pid == 0 {
            Birth::ChildInside
        } else {
            Birth::Parent
        });
    }
    // SAFETY: pid 1 has one thread, so the child may go on as usual.
    match unsafe { fork() }.context(|| "fork the launcher")? {
        ForkResult::Parent { .. } => Ok(Birth::Parent),
        ForkResult::Child => Ok(Birth::ChildOutside),
    }
}

/// The launcher's whole life; it must not return into the code of pid 1.
fn wait_for_orders(sandbox: &Sandbox<'_>, orders: &Channel, inside: bool) -> ! {
    let joined = match sandbox.cgroup {
        Some(cgroup) if !inside => cgroup.join(),
        _ => Ok(()),
    };
    let outcome = joined
        .and_then(|()| sandbox.channel.send(&Notice::Parked, &[]))
        .and_then(|()| follow(sandbox, orders));
    if let Err(error) = outcome {
        let message = error.to_string();
        let _ = sandbox.channel.send(&Notice::Failed { message }, &[]);
    }
    // SAFETY: _exit has no preconditions; destructors of the copied parent must not run.
    unsafe { libc::_exit(1) }
}

fn follow(sandbox: &Sandbox<'_>, orders: &Channel) -> Result<()> {
    let mut identity = Identity::default();
    while let Some(Received { message, .. }) = orders.receive::<Order>()? {
        match message {
            Order::Introduce(whom) => identity = whom,
            Order::Launch(program) => {
                let sibling = matches!(program.role, Role::Extension(_));
                if sibling
                    && clone3(libc::CLONE_PARENT as u64, None).context(|| "fork an extension")? != 0
                {
                    continue;
                }
                execute(sandbox, &program, identity)
            }
        }
    }
    Ok(())
}

/// fork(2) with flags: the child's parent may be ours, and its cgroup may be another.
fn clone3(flags: u64, cgroup: Option<BorrowedFd<'_>>) -> std::result::Result<libc::c_long, Errno> {
    // SAFETY: zeroes are a valid clone_args: no stack, no tid pointers.
    let mut arguments: libc::clone_args = unsafe { std::mem::zeroed() };
    arguments.flags = flags;
    if flags & libc::CLONE_PARENT as u64 == 0 {
        // With CLONE_PARENT the signal is the caller's own, and the field must be zero.
        arguments.exit_signal = libc::SIGCHLD as u64;
    }
    if let Some(cgroup) = cgroup {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = u64::try_from(cgroup.as_raw_fd()).unwrap_or_default();
    }
    // SAFETY: without CLONE_VM the child gets a copy of this single-threaded process, as with fork.
    let pid = unsafe { libc::syscall(libc::SYS_clone3, &arguments, size_of::<libc::clone_args>()) };
    Errno::result(pid)
}
