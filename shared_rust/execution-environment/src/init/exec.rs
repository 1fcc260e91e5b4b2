//! The last steps of a process before it becomes a runtime or an extension.

use std::convert::Infallible;
use std::ffi::CString;
use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::sys::prctl::set_no_new_privs;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{SigHandler, SigSet, SigmaskHow, Signal, signal, sigprocmask};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{
    Gid, Uid, chdir, dup2_stderr, dup2_stdout, execve, getpid, setgroups, setresgid, setresuid,
    setsid,
};
use serde::{Deserialize, Serialize};

use super::messages::{Notice, Program, Role};
use super::pid1::Sandbox;
use crate::cgroup::Cgroup;
use crate::clock::monotonic_us;
use crate::namespace::Kind;

/// As on AWS.
const MAX_OPEN_FILES: u64 = 1024;
const MAX_PROCESSES: u64 = 1024;

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub struct Identity {
    pub uid: u32,
    pub gid: u32,
}

/// Becomes the program, or says why it could not and ends.
pub fn execute(sandbox: &Sandbox<'_>, program: &Program, identity: Identity) -> ! {
    let failure = match try_execute(sandbox, program, identity) {
        Ok(never) => match never {},
        Err(errno) => errno,
    };
    let notice = Notice::ExecFailed {
        role: program.role.clone(),
        program: program.argv.first().cloned().unwrap_or_default(),
        error: failure.desc().to_lowercase(),
    };
    let _ = sandbox.channel.send(&notice, &[]);
    // SAFETY: _exit has no preconditions; destructors of the copied parent must not run.
    unsafe { libc::_exit(127) }
}

fn try_execute(
    sandbox: &Sandbox<'_>,
    program: &Program,
    identity: Identity,
) -> nix::Result<Infallible> {
    let argv = c_strings(&program.argv)?;
    let env = c_strings(&program.env)?;
    let log = match program.role {
        Role::Runtime => sandbox.function_log.as_fd(),
        Role::Extension(_) => sandbox.extension_log.as_fd(),
    };
    dup2_stdout(log)?;
    dup2_stderr(log)?;
    reset_signals()?;
    setsid()?;
    umask(Mode::from_bits_truncate(0o022));
    chdir("/var/task")?;
    set_limits(sandbox.cgroup)?;
    drop_privileges(sandbox.kind, identity)?;
    close_on_exec()?;
    let notice = Notice::Executing {
        pid: getpid().as_raw(),
        role: program.role.clone(),
        at_us: monotonic_us(),
    };
    sandbox
        .channel
        .send(&notice, &[])
        .map_err(|_| Errno::EPIPE)?;
    let path = argv.first().ok_or(Errno::ENOENT)?;
    execve(path, &argv, &env)
}

fn c_strings(words: &[String]) -> nix::Result<Vec<CString>> {
    words
        .iter()
        .map(|word| CString::new(word.as_str()).map_err(|_| Errno::EINVAL))
        .collect()
}

/// Rust programs ignore SIGPIPE, pid 1 blocks SIGCHLD, and `exec` keeps both.
fn reset_signals() -> nix::Result<()> {
    // SAFETY: the default action is no handler function, so nothing can run at a bad time.
    unsafe { signal(Signal::SIGPIPE, SigHandler::SigDfl) }?;
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None)
}

fn set_limits(cgroup: Option<&Cgroup>) -> nix::Result<()> {
    setrlimit(Resource::RLIMIT_NOFILE, MAX_OPEN_FILES, MAX_OPEN_FILES)?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    if !cgroup.is_some_and(Cgroup::limits_processes) {
        // Counts all processes of the uid, other sandboxes' too: only where there is nothing better.
        setrlimit(Resource::RLIMIT_NPROC, MAX_PROCESSES, MAX_PROCESSES)?;
    }
    Ok(())
}

fn drop_privileges(kind: Kind, identity: Identity) -> nix::Result<()> {
    if kind == Kind::Root {
        let (uid, gid) = (Uid::from_raw(identity.uid), Gid::from_raw(identity.gid));
        setgroups(&[])?;
        setresgid(gid, gid, gid)?;
        setresuid(uid, uid, uid)?;
    }
    set_no_new_privs()
}

/// Descriptors that the supervisor itself inherited must not reach the function.
fn close_on_exec() -> nix::Result<()> {
    let (first, last) = (3 as libc::c_uint, libc::c_uint::MAX);
    // SAFETY: close_range with CLOSE_RANGE_CLOEXEC only sets a flag on descriptors.
    let result = unsafe {
        libc::syscall(
            libc::SYS_close_range,
            first,
            last,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    };
    Errno::result(result).map(drop)
}
