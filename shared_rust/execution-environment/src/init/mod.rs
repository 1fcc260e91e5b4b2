//! Pid 1 of a sandbox and the supervisor's handle on it.
//!
//! Pid 1 builds the sandbox from inside, passes its sockets out, starts programs through the
//! [`launcher`], reaps, and kills on command. When the supervisor goes away, however it goes, pid 1
//! thaws and kills everything and removes the cgroups. It is in no cgroup itself, so that it is
//! neither throttled nor frozen.

mod channel;
mod exec;
mod launcher;
mod messages;
mod pid1;

use std::net::{TcpListener, UdpSocket};
use std::os::fd::OwnedFd;

use nix::fcntl::OFlag;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, pipe2};

use crate::cgroup::Cgroup;
use crate::error::{Context, Error, Result};
use crate::namespace::{self, Forked, Kind};
use crate::spec::Spec;

pub use channel::{Channel, Received};
pub use messages::{Command, Ending, Notice, Program, Role};

/// The supervisor's side of a sandbox.
pub struct Init {
    pub kind: Kind,
    /// Pid 1, as seen from outside.
    pub pid: Pid,
    pub channel: Channel,
}

/// The reading ends of the pipes that programs write their logs to.
pub struct LogPipes {
    pub function: OwnedFd,
    pub extension: OwnedFd,
}

/// Forks pid 1 with its namespaces. It parks a launcher at once and waits for [`Command::Setup`].
///
/// Does not return in the child. The caller must have one thread.
///
/// # Errors
/// No namespaces, or no descriptors, are to be had.
pub fn start(cgroup: Option<&Cgroup>) -> Result<(Init, LogPipes)> {
    let (ours, theirs) = Channel::pair()?;
    let pipe = || pipe2(OFlag::O_CLOEXEC).context(|| "make a log pipe");
    let (function_out, function_in) = pipe()?;
    let (extension_out, extension_in) = pipe()?;
    match namespace::fork_init()? {
        Forked::Child { kind } => {
            drop((ours, function_out, extension_out));
            pid1::run(pid1::Sandbox {
                kind,
                cgroup,
                channel: theirs,
                function_log: function_in,
                extension_log: extension_in,
            })
        }
        Forked::Parent { child, kind } => {
            let init = Init {
                kind,
                pid: child,
                channel: ours,
            };
            let logs = LogPipes {
                function: function_out,
                extension: extension_out,
            };
            Ok((init, logs))
        }
    }
}

/// The sandbox's sockets that the supervisor serves.
pub struct Sockets {
    pub api: TcpListener,
    pub forwards: Vec<TcpListener>,
    pub resolver: Option<UdpSocket>,
}

impl Sockets {
    /// From descriptors in the order of [`namespace::sockets`].
    fn new(descriptors: Vec<OwnedFd>, spec: &Spec) -> Result<Self> {
        let mut descriptors = descriptors.into_iter();
        let api = descriptors
            .next()
            .ok_or_else(|| Error::Sandbox("no sockets".into()))?;
        Ok(Self {
            api: api.into(),
            forwards: descriptors
                .by_ref()
                .take(spec.forward.len())
                .map(TcpListener::from)
                .collect(),
            resolver: descriptors.next().map(UdpSocket::from),
        })
    }
}

/// What pid 1 hands over when the sandbox stands.
pub struct Ready {
    pub sockets: Sockets,
    pub notes: Vec<String>,
}

impl Init {
    /// Has the sandbox built and waits for it and for a parked launcher.
    ///
    /// # Errors
    /// The sentence of what failed inside.
    pub fn set_up(&self, spec: &Spec) -> Result<Ready> {
        self.channel
            .send(&Command::Setup(Box::new(spec.clone())), &[])?;
        let mut ready = None;
        let mut parked = false;
        while ready.is_none() || !parked {
            let Received {
                message,
                descriptors,
            } = self
                .channel
                .receive::<Notice>()?
                .ok_or_else(|| Error::Sandbox("pid 1 ended without a word".into()))?;
            match message {
                Notice::Ready { notes } => {
                    let sockets = Sockets::new(descriptors, spec)?;
                    ready = Some(Ready { sockets, notes });
                }
                Notice::Parked => parked = true,
                Notice::Failed { message } => return Err(Error::Sandbox(message)),
                other => tracing::debug!(?other, "not expected during set-up"),
            }
        }
        ready.ok_or_else(|| Error::Sandbox("no sockets".into()))
    }

    /// Ends everything inside at once: the kernel kills a pid namespace with its pid 1.
    pub fn destroy(&self) {
        // Either fails only when pid 1 is gone already.
        let _ = kill(self.pid, Signal::SIGKILL);
        let _ = waitpid(self.pid, None);
    }
}
