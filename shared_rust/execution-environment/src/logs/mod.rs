//! What the function and its extensions print, line by line.

mod lines;

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Mutex, PoisonError};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde_json::Value;

use crate::clock::{rfc3339_ms, unix_ms};
use crate::environment::Environment;
use crate::error::{Context, Result};
use crate::init::LogPipes;
use crate::protocol::{Outgoing, Source};
use crate::spec::LogFormat;
use lines::Lines;

const READ_SIZE: usize = 16 * 1024;
/// A function that prints without end must not keep its own response back: what a pipe can hold,
/// several times over.
const MAX_DRAIN: usize = 1024 * 1024;

pub struct Logs {
    function: Mutex<Pipe>,
    extension: Mutex<Pipe>,
}

struct Pipe {
    file: File,
    lines: Lines,
}

impl Logs {
    /// # Errors
    /// The pipes cannot be made non-blocking.
    pub fn new(pipes: LogPipes) -> Result<Self> {
        Ok(Self {
            function: Mutex::new(Pipe::new(pipes.function)?),
            extension: Mutex::new(Pipe::new(pipes.extension)?),
        })
    }
}

impl Pipe {
    fn new(pipe: OwnedFd) -> Result<Self> {
        fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))
            .context(|| "make a log pipe non-blocking")?;
        Ok(Self {
            file: File::from(pipe),
            lines: Lines::default(),
        })
    }
}

impl Environment {
    /// Reports every line that has been printed so far.
    ///
    /// Reporting blocks when the parent does not read, so a flood waits in the function's own pipe
    /// and not in this process's memory.
    pub fn drain_logs(&self) {
        self.drain(Source::Function, false);
        self.drain(Source::Extension, false);
    }

    /// The same, and the last line even though its end is missing.
    pub fn flush_logs(&self) {
        self.drain(Source::Function, true);
        self.drain(Source::Extension, true);
    }

    /// Reports a line of the platform's own.
    pub fn log_platform(&self, line: &str) {
        self.report_line(Source::Platform, line);
    }

    fn drain(&self, source: Source, flush: bool) {
        let pipe = match source {
            Source::Function => &self.logs.function,
            Source::Extension | Source::Platform => &self.logs.extension,
        };
        let mut pipe = pipe.lock().unwrap_or_else(PoisonError::into_inner);
        let Pipe { file, lines } = &mut *pipe;
        let mut report = |line: &str| self.log(source, line);
        let mut buffer = [0; READ_SIZE];
        let mut drained = 0;
        while drained < MAX_DRAIN {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    lines.push(&buffer[..read], &mut report);
                    drained += read;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        if flush {
            lines.flush(&mut report);
        }
    }

    fn log(&self, source: Source, line: &str) {
        let kind = if source == Source::Function {
            "function"
        } else {
            "extension"
        };
        self.telemetry
            .record_with(kind, || (rfc3339_ms(), self.log_record(line)));
        self.report_line(source, line);
    }

    /// With JSON logs a line that is an object is passed on as one.
    fn log_record(&self, line: &str) -> Value {
        match (self.spec.log_format, serde_json::from_str::<Value>(line)) {
            (LogFormat::Json, Ok(object @ Value::Object(_))) => object,
            _ => Value::String(line.to_owned()),
        }
    }

    fn report_line(&self, source: Source, line: &str) {
        self.reporter.send(&Outgoing::Log {
            source,
            time_ms: unix_ms(),
            line,
        });
    }

    /// Reads both pipes until pid 1, which holds them open, is gone.
    pub fn watch_logs(&self) {
        let clone = |pipe: &Mutex<Pipe>| {
            let pipe = pipe.lock().unwrap_or_else(PoisonError::into_inner);
            pipe.file.try_clone()
        };
        let (Ok(function), Ok(extension)) =
            (clone(&self.logs.function), clone(&self.logs.extension))
        else {
            tracing::error!("no descriptors left to watch the logs");
            return;
        };
        loop {
            let watch = |file| PollFd::new(file, PollFlags::POLLIN);
            let mut watched = [watch(function.as_fd()), watch(extension.as_fd())];
            if poll(&mut watched, PollTimeout::NONE).is_err() {
                continue;
            }
            let events = watched.map(|fd| fd.revents().unwrap_or(PollFlags::empty()));
            for (events, source) in events
                .into_iter()
                .zip([Source::Function, Source::Extension])
            {
                if events.contains(PollFlags::POLLIN) {
                    self.drain(source, false);
                }
            }
            let gone =
                |events: &PollFlags| !events.contains(PollFlags::POLLIN) && !events.is_empty();
            if events.iter().all(gone) {
                return;
            }
        }
    }
}
