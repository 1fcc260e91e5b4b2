//! What the supervisor and pid 1 say to each other, one message a packet.

use serde::{Deserialize, Serialize};

use crate::spec::Spec;

#[derive(Debug, Serialize, Deserialize)]
pub enum Command {
    /// Build the sandbox; answered by [`Notice::Ready`] or [`Notice::Failed`].
    Setup(Box<Spec>),
    /// Have a launcher ready; answered by [`Notice::Parked`].
    Park,
    /// Start a program.
    Launch(Program),
    /// SIGSTOP (or SIGCONT) to everything: where there is no freezer. Answered by [`Notice::Stopped`].
    Stop(bool),
    /// SIGTERM to one process.
    Terminate(i32),
    /// SIGKILL to everything but pid 1; answered by [`Notice::Killed`] when all are reaped.
    KillAll,
    /// A TCP socket of the sandbox's network, not connected; answered by [`Notice::Socket`].
    Socket,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Program {
    pub role: Role,
    pub argv: Vec<String>,
    /// `NAME=value`.
    pub env: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    Runtime,
    /// By its file name in `/opt/extensions`.
    Extension(String),
}

#[derive(Debug, Serialize, Deserialize)]
pub enum Notice {
    /// With the listening sockets.
    Ready {
        notes: Vec<String>,
    },
    Failed {
        message: String,
    },
    Parked,
    /// Sent by the new process itself, right before `exec`.
    Executing {
        pid: i32,
        role: Role,
        at_us: u64,
    },
    ExecFailed {
        role: Role,
        program: String,
        error: String,
    },
    Exited {
        pid: i32,
        ending: Ending,
    },
    Stopped,
    Killed,
    /// With the socket.
    Socket,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    Code(i32),
    Signal(i32),
}
