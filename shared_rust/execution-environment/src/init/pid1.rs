//! The main loop of pid 1.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Gid, Pid, Uid, dup2_stdin, dup2_stdout, fchown, getegid, geteuid};

use super::channel::{Channel, Received};
use super::launcher::Launcher;
use super::messages::{Command, Ending, Notice};
use crate::cgroup::Cgroup;
use crate::error::{Context, Result};
use crate::namespace::{self, Kind};
use crate::spec::Spec;

const EVERYTHING: Pid = Pid::from_raw(-1);

/// What pid 1 has from birth.
pub struct Sandbox<'a> {
    pub kind: Kind,
    pub cgroup: Option<&'a Cgroup>,
    pub channel: Channel,
    pub function_log: OwnedFd,
    pub extension_log: OwnedFd,
}

/// Runs until the supervisor is gone; never returns to the caller's code.
pub fn run(sandbox: Sandbox<'_>) -> ! {
    let code = match Pid1::new(&sandbox).and_then(|mut pid1| pid1.serve()) {
        Ok(()) => 0,
        Err(error) => {
            let message = error.to_string();
            // If the supervisor does not hear this either, end of the channel tells it.
            let _ = sandbox.channel.send(&Notice::Failed { message }, &[]);
            1
        }
    };
    clean_up(sandbox.cgroup);
    // SAFETY: _exit has no preconditions; destructors of the copied parent must not run.
    unsafe { libc::_exit(code) }
}

/// Whatever is still inside dies, frozen or not, and the cgroups go.
fn clean_up(cgroup: Option<&Cgroup>) {
    if let Some(cgroup) = cgroup {
        cgroup.freeze(false);
    }
    kill_all(|_, _| {});
    if let Some(cgroup) = cgroup {
        cgroup.remove();
    }
}

struct Pid1<'a> {
    sandbox: &'a Sandbox<'a>,
    signals: SignalFd,
    launcher: Option<Launcher>,
    spec: Option<Spec>,
}

impl<'a> Pid1<'a> {
    fn new(sandbox: &'a Sandbox<'a>) -> Result<Self> {
        let mut mask = SigSet::empty();
        mask.add(Signal::SIGCHLD);
        sigprocmask(SigmaskHow::SIG_BLOCK, Some(&mask), None).context(|| "block SIGCHLD")?;
        let signals = SignalFd::with_flags(&mask, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
            .context(|| "make a signalfd")?;
        // The parent's pipes must not be held open from in here.
        let null = File::options().read(true).write(true).open("/dev/null");
        let null = null.context(|| "open /dev/null")?;
        dup2_stdin(&null).context(|| "close stdin")?;
        dup2_stdout(&null).context(|| "close stdout")?;
        let mut pid1 = Self {
            sandbox,
            signals,
            launcher: None,
            spec: None,
        };
        pid1.park()?;
        Ok(pid1)
    }

    fn serve(&mut self) -> Result<()> {
        loop {
            let (command, child) = self.wait()?;
            if child {
                self.reap();
            }
            if command {
                match self.sandbox.channel.receive::<Command>()? {
                    Some(Received { message, .. }) => self.obey(message)?,
                    None => return Ok(()),
                }
            }
        }
    }

    /// Waits for a command, a dead child or both.
    fn wait(&self) -> Result<(bool, bool)> {
        let mut watched = [
            PollFd::new(self.sandbox.channel.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.signals.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut watched, PollTimeout::NONE) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error).context(|| "poll"),
        }
        let ready = |fd: &PollFd<'_>| fd.revents().is_some_and(|events| !events.is_empty());
        Ok((ready(&watched[0]), ready(&watched[1])))
    }

    fn obey(&mut self, command: Command) -> Result<()> {
        match command {
            Command::Setup(spec) => self.set_up(*spec),
            Command::Park => self.park(),
            Command::Launch(program) => match &self.launcher {
                Some(launcher) => launcher.launch(&program),
                None => Ok(()),
            },
            Command::Stop(stop) => {
                let signal = if stop {
                    Signal::SIGSTOP
                } else {
                    Signal::SIGCONT
                };
                // ESRCH: nobody is there to be stopped.
                let _ = kill(EVERYTHING, signal);
                self.tell(&Notice::Stopped)
            }
            Command::Terminate(pid) => {
                // ESRCH: it has gone by itself.
                let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
                Ok(())
            }
            Command::KillAll => {
                self.launcher = None;
                kill_all(|pid, ending| self.tell_exit(pid, ending));
                self.tell(&Notice::Killed)
            }
            Command::Socket => {
                let socket = socket(
                    AddressFamily::Inet,
                    SockType::Stream,
                    SockFlag::SOCK_CLOEXEC,
                    None,
                )
                .context(|| "make a socket")?;
                self.sandbox
                    .channel
                    .send(&Notice::Socket, &[socket.as_fd()])
            }
        }
    }

    fn set_up(&mut self, spec: Spec) -> Result<()> {
        if self.sandbox.kind == Kind::User {
            let outside = (geteuid().as_raw(), getegid().as_raw());
            namespace::map_user((spec.uid, spec.gid), outside)?;
        }
        let notes = namespace::build_root(&spec)?;
        nix::unistd::sethostname("sandbox").context(|| "name the sandbox")?;
        let sockets = namespace::sockets(&spec)?;
        for log in [&self.sandbox.function_log, &self.sandbox.extension_log] {
            // So that a function may open /dev/stdout by name.
            let (uid, gid) = (Uid::from_raw(spec.uid), Gid::from_raw(spec.gid));
            fchown(log, Some(uid), Some(gid)).context(|| "hand over a log pipe")?;
        }
        let descriptors: Vec<BorrowedFd<'_>> = sockets.iter().map(AsFd::as_fd).collect();
        self.sandbox
            .channel
            .send(&Notice::Ready { notes }, &descriptors)?;
        if let Some(launcher) = &self.launcher {
            launcher.introduce(&spec)?;
        }
        self.spec = Some(spec);
        Ok(())
    }

    fn park(&mut self) -> Result<()> {
        let launcher = Launcher::park(self.sandbox)?;
        if let Some(spec) = &self.spec {
            launcher.introduce(spec)?;
        }
        self.launcher = Some(launcher);
        Ok(())
    }

    fn reap(&self) {
        // Drained before the children are asked for, so that no death falls in between.
        while matches!(self.signals.read_signal(), Ok(Some(_))) {}
        while let Ok(status) = waitpid(EVERYTHING, Some(WaitPidFlag::WNOHANG | WaitPidFlag::__WALL))
        {
            match ending_of(status) {
                Some((pid, ending)) => self.tell_exit(pid, ending),
                None => return,
            }
        }
    }

    fn tell(&self, notice: &Notice) -> Result<()> {
        self.sandbox.channel.send(notice, &[])
    }

    fn tell_exit(&self, pid: i32, ending: Ending) {
        // When the supervisor is gone, the next look at the channel says so.
        let _ = self.tell(&Notice::Exited { pid, ending });
    }
}

/// Kills until nobody is left: a process may have been forking at the first try.
fn kill_all(mut reaped: impl FnMut(i32, Ending)) {
    loop {
        let _ = kill(EVERYTHING, Signal::SIGKILL);
        match waitpid(EVERYTHING, Some(WaitPidFlag::__WALL)) {
            Ok(status) => {
                if let Some((pid, ending)) = ending_of(status) {
                    reaped(pid, ending);
                }
            }
            Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
}

fn ending_of(status: WaitStatus) -> Option<(i32, Ending)> {
    match status {
        WaitStatus::Exited(pid, code) => Some((pid.as_raw(), Ending::Code(code))),
        WaitStatus::Signaled(pid, signal, _) => Some((pid.as_raw(), Ending::Signal(signal as i32))),
        _ => None,
    }
}
