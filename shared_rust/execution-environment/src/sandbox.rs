//! Putting an environment together, and taking it apart.

use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Once};
use std::{fs, io};

use uuid::Uuid;

use crate::cgroup::{Cgroup, Share, Version};
use crate::clock::monotonic_us;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::init::{self, Init, LogPipes, Sockets};
use crate::logs::Logs;
use crate::monitor::Monitor;
use crate::protocol::{Isolation, Outgoing, Reporter};
use crate::spec::Spec;
use crate::state::State;
use crate::telemetry::Telemetry;

/// What can be had ready before the spec is known: cgroup, namespaces, pid 1 and its launcher.
pub struct Prepared {
    parent: Option<String>,
    cgroup: Option<Cgroup>,
    init: Init,
    logs: LogPipes,
    notes: Vec<String>,
}

impl Prepared {
    /// Must be called while the process has one thread.
    ///
    /// # Errors
    /// No namespaces can be had. A missing cgroup is only noted.
    pub fn new(cgroup_parent: Option<&str>) -> Result<Self> {
        let mut notes = Vec::new();
        let id = Uuid::new_v4().simple().to_string();
        let cgroup = match cgroup_parent.map(|parent| Cgroup::create(parent, &id)) {
            Some(Ok(mut cgroup)) => {
                notes.append(&mut cgroup.notes);
                Some(cgroup)
            }
            Some(Err(error)) => {
                notes.push(format!(
                    "no cgroup, so no CPU share, no CPU time and no memory limit ({error}): run as root with a \
                     writable /sys/fs/cgroup"
                ));
                None
            }
            None => {
                notes.push(
                    "no cgroup was asked for, so no CPU share, no CPU time and no memory limit"
                        .into(),
                );
                None
            }
        };
        match init::start(cgroup.as_ref()) {
            Ok((init, logs)) => Ok(Self {
                parent: cgroup_parent.map(str::to_owned),
                cgroup,
                init,
                logs,
                notes,
            }),
            Err(error) => {
                cgroup.inspect(Cgroup::remove);
                Err(error)
            }
        }
    }

    /// Takes it apart again.
    pub fn discard(self) {
        destroy(&self.init, self.cgroup.as_ref());
    }

    /// What has been had; the notes say what has not.
    pub fn isolation(&self, freeze: bool) -> Isolation {
        let cgroup = self.cgroup.as_ref();
        let mut notes = self.notes.clone();
        let freeze = match cgroup {
            _ if !freeze => "none",
            Some(cgroup) if cgroup.has_freezer() => "cgroup",
            _ => {
                notes.push(
                    "no freezer, so SIGSTOP between invocations, which a function can see".into(),
                );
                "SIGSTOP"
            }
        };
        Isolation {
            cpu: cgroup
                .and_then(Cgroup::controls_cpu)
                .map_or("none", Version::name),
            memory: cgroup
                .and_then(Cgroup::controls_memory)
                .map_or("none", Version::name),
            namespaces: self.init.kind.name(),
            freeze,
            notes,
        }
    }

    /// Builds the sandbox that the spec describes and tells the parent. `began_us`: when the
    /// `create` message had been read.
    ///
    /// # Errors
    /// The sandbox cannot be built as asked; nothing of it is left then.
    pub fn create(self, spec: Spec, began_us: u64) -> Result<(Arc<Environment>, Sockets)> {
        match self.set_up(&spec) {
            Ok(ready) => self.finish(spec, ready, began_us),
            Err(error) => {
                self.discard();
                Err(error)
            }
        }
    }

    fn set_up(&self, spec: &Spec) -> Result<init::Ready> {
        if spec.cgroup_parent.is_some() && spec.cgroup_parent != self.parent {
            return Err(Error::Spec(format!(
                "cgroup_parent is {:?}, but this process was started with --cgroup-parent {:?}",
                spec.cgroup_parent, self.parent
            )));
        }
        if let Some(cgroup) = &self.cgroup {
            cgroup.limit_memory(spec.memory_mb)?;
            cgroup.set_cpu_share(Share::Full)?;
        }
        self.init.set_up(spec)
    }

    fn finish(
        self,
        spec: Spec,
        ready: init::Ready,
        began_us: u64,
    ) -> Result<(Arc<Environment>, Sockets)> {
        let mut isolation = self.isolation(spec.freeze);
        isolation.notes.extend(ready.notes);
        let Self {
            cgroup, init, logs, ..
        } = self;
        let environment = Environment {
            extensions: extensions(&spec.layers),
            destroyed: Once::new(),
            reporter: Reporter::new(io::stdout().as_fd())?,
            state: Monitor::default(),
            logs: Logs::new(logs)?,
            telemetry: Telemetry::default(),
            spec,
            cgroup,
            init,
        };
        environment
            .state
            .update(|state: &mut State| state.parked = true);
        environment.reporter.send(&Outgoing::Created {
            create_us: monotonic_us() - began_us,
            isolation: &isolation,
        });
        Ok((Arc::new(environment), ready.sockets))
    }
}

/// Ends everything inside at once and removes the cgroups.
pub fn destroy(init: &Init, cgroup: Option<&Cgroup>) {
    if let Some(cgroup) = cgroup {
        // A frozen process does not die, and a throttled one dies slowly.
        cgroup.freeze(false);
        if let Err(error) = cgroup.set_cpu_share(Share::Full) {
            tracing::debug!(%error, "the CPU share stays");
        }
    }
    init.destroy();
    if let Some(cgroup) = cgroup {
        cgroup.remove();
    }
}

/// Executable files in the layers' `extensions` directories, each name once.
fn extensions(layers: &[PathBuf]) -> Vec<String> {
    let mut names: Vec<String> = layers
        .iter()
        .flat_map(|layer| {
            fs::read_dir(layer.join("extensions"))
                .into_iter()
                .flatten()
                .flatten()
        })
        .filter(|entry| {
            let metadata = fs::metadata(entry.path());
            metadata.is_ok_and(|metadata| {
                metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
            })
        })
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}
