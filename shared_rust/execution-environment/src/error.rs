//! Every way this process can fail, worded for the person who has to mend it.

use std::io;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The `create` message asks for something that cannot be.
    #[error("the create message is not usable: {0}")]
    Spec(String),

    /// What came over stdin is not the protocol of README.md.
    #[error("protocol error on stdin: {0}")]
    Protocol(String),

    /// A system call failed.
    #[error("{what}: {source}")]
    System { what: String, source: io::Error },

    /// Neither root's namespaces nor a user namespace could be had.
    #[error(
        "no namespaces can be made here ({0}): run as root with CAP_SYS_ADMIN (docker run --privileged, or \
         --cap-add SYS_ADMIN --security-opt seccomp=unconfined), or allow user namespaces \
         (sysctl user.max_user_namespaces=15000)"
    )]
    NoNamespaces(io::Error),

    /// Pid 1 of the sandbox reported a failure of its own.
    #[error("the sandbox could not be set up: {0}")]
    Sandbox(String),

    /// A cgroup could not be made or used.
    #[error("cgroup: {0}")]
    Cgroup(String),

    /// The command line is not one of the forms of `--help`.
    #[error("{0}; see execution-environment --help")]
    Usage(String),
}

/// Says what was tried when a system call fails.
pub trait Context<T> {
    fn context<S: Into<String>>(self, what: impl FnOnce() -> S) -> Result<T>;
}

impl<T, E: Into<io::Error>> Context<T> for std::result::Result<T, E> {
    fn context<S: Into<String>>(self, what: impl FnOnce() -> S) -> Result<T> {
        self.map_err(|error| Error::System {
            what: what().into(),
            source: error.into(),
        })
    }
}
