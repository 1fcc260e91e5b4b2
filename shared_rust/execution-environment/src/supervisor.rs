//! The process as a whole: one environment, from the first frame on stdin to the last on stdout.

use std::io;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::sync::Arc;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::getppid;

use crate::clock::monotonic_us;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::init::Sockets;
use crate::lifecycle::Lifecycle;
use crate::protocol::{Incoming, Requests};
use crate::sandbox::Prepared;
use crate::spec::Spec;
use crate::threads::spawn;
use crate::{api, forward, resolver};

/// Runs one environment. With `cgroup_parent` everything that does not depend on the spec is made
/// before the `create` message is read.
///
/// # Errors
/// The environment cannot be made, or is no longer under control; nothing of it is left.
pub fn run(cgroup_parent: Option<&str>) -> Result<()> {
    tune_allocator();
    let prepared = cgroup_parent
        .map(|parent| Prepared::new(Some(parent)))
        .transpose()?;
    let mut requests = Requests::new()?;
    let (spec, began_us) = match first_frame(&mut requests) {
        Ok(Some(first)) => first,
        other => {
            if let Some(prepared) = prepared {
                prepared.discard();
            }
            return other.map(drop);
        }
    };
    let prepared = match prepared {
        Some(prepared) => prepared,
        None => Prepared::new(spec.cgroup_parent.as_deref())?,
    };
    let (environment, sockets) = prepared.create(spec, began_us)?;
    let outcome = serve(&environment, sockets, requests);
    environment.destroy();
    outcome
}

fn first_frame(requests: &mut Requests) -> Result<Option<(Spec, u64)>> {
    match requests.next()? {
        None => Ok(None),
        Some(Incoming::Create(spec)) => {
            let began_us = monotonic_us();
            Ok(Some((spec.validated()?, began_us)))
        }
        Some(_) => Err(Error::Protocol("the first message must be create".into())),
    }
}

fn serve(environment: &Arc<Environment>, sockets: Sockets, requests: Requests) -> Result<()> {
    let start = |name: &str, work: fn(&Environment)| {
        let environment = Arc::clone(environment);
        spawn(name, move || work(&environment))
    };
    start("control", Environment::follow_init)?;
    start("logs", Environment::watch_logs)?;
    start("telemetry", Environment::deliver_telemetry)?;
    start("parent", watch_parent)?;
    serve_sockets(environment, sockets)?;
    Lifecycle::new(Arc::clone(environment)).run(requests)
}

fn serve_sockets(environment: &Arc<Environment>, sockets: Sockets) -> Result<()> {
    let Sockets {
        api,
        forwards,
        resolver,
    } = sockets;
    let served = Arc::clone(environment);
    spawn("api", move || api::listen(&served, &api))?;
    for (listener, forward) in forwards.into_iter().zip(&environment.spec.forward) {
        let forward = *forward;
        spawn("forward", move || forward::listen(&listener, forward))?;
    }
    if let Some(socket) = resolver {
        let names = environment.spec.dns.clone();
        spawn("resolver", move || resolver::listen(&socket, &names))?;
    }
    Ok(())
}

/// Ends everything, whatever is under way, when the parent closes its end of stdin; and when it dies, even if
/// someone else holds that end open.
///
/// `PR_SET_PDEATHSIG` would not do: it fires when the *thread* that started this process ends.
fn watch_parent(environment: &Environment) {
    let parent = pidfd_of_parent();
    if parent.is_none() {
        tracing::debug!("the parent cannot be watched: only the end of stdin tells of its death");
    }
    let stdin = io::stdin();
    loop {
        // A hang-up is told without being asked for; what arrives is the lifecycle's to read.
        let mut watched = vec![PollFd::new(stdin.as_fd(), PollFlags::empty())];
        let parent = parent.as_ref();
        watched.extend(parent.map(|parent| PollFd::new(parent.as_fd(), PollFlags::POLLIN)));
        match poll(&mut watched, PollTimeout::NONE) {
            Ok(_) => break,
            Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
    environment.destroy();
    std::process::exit(0);
}

fn pidfd_of_parent() -> Option<OwnedFd> {
    // SAFETY: pidfd_open takes two integers and gives a new descriptor or an error.
    let result = unsafe { libc::syscall(libc::SYS_pidfd_open, getppid().as_raw(), 0) };
    let descriptor = i32::try_from(Errno::result(result).ok()?).ok()?;
    // SAFETY: the kernel has just made this descriptor for us; nobody else owns it.
    Some(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// One heap for all threads, and large payloads given back to the system.
fn tune_allocator() {
    // SAFETY: mallopt takes two integers, and no other thread allocates yet.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 128 * 1024);
    }
}
