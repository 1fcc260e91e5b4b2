//! Frames to the parent.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::error::{Context, Result};

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Outgoing<'a> {
    Created {
        create_us: u64,
        isolation: &'a Isolation,
    },
    Init {
        status: InitStatus,
        init_us: u64,
        cpu_us: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error_type: Option<&'a str>,
        suppressed: bool,
    },
    Log {
        source: Source,
        time_ms: u64,
        line: &'a str,
    },
    Response {
        request_id: &'a str,
        error_type: Option<&'a str>,
        payload_len: usize,
    },
    Report {
        request_id: &'a str,
        status: ReportStatus,
        #[serde(skip_serializing_if = "Option::is_none")]
        error_type: Option<&'a str>,
        duration_us: u64,
        cpu_us: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        init_us: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        init_cpu_us: Option<u64>,
        peak_kb: Option<u64>,
        wall_us: u64,
    },
    Fatal {
        message: &'a str,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InitStatus {
    Success,
    Error,
    Timeout,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    Success,
    Error,
    Timeout,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Function,
    Extension,
    Platform,
}

/// What separates and limits this environment, and what it has to do without.
#[derive(Debug, Clone, Serialize)]
pub struct Isolation {
    pub cpu: &'static str,
    pub memory: &'static str,
    pub namespaces: &'static str,
    pub freeze: &'static str,
    /// One sentence a thing.
    pub notes: Vec<String>,
}

/// Writes frames to the parent, one at a time, whichever thread they come from.
pub struct Reporter {
    out: Mutex<BufWriter<File>>,
}

impl Reporter {
    /// # Errors
    /// The descriptor cannot be duplicated.
    pub fn new(out: BorrowedFd<'_>) -> Result<Self> {
        let own = out
            .as_fd()
            .try_clone_to_owned()
            .context(|| "duplicate stdout")?;
        Ok(Self {
            out: Mutex::new(BufWriter::new(File::from(own))),
        })
    }

    pub fn send(&self, message: &Outgoing<'_>) {
        self.hold(message, &[]);
        self.flush();
    }

    /// A frame whose `payload_len` is the length of `payload`. It goes out with the next that is sent, so that
    /// the parent wakes once for both; or with `flush`.
    pub fn hold(&self, message: &Outgoing<'_>, payload: &[u8]) {
        let mut frame = match serde_json::to_vec(message) {
            Ok(line) => line,
            Err(error) => {
                tracing::error!(%error, "a message could not be written as JSON");
                return;
            }
        };
        frame.push(b'\n');
        self.with_out(|out| out.write_all(&frame).and_then(|()| out.write_all(payload)));
    }

    pub fn flush(&self) {
        self.with_out(Write::flush);
    }

    fn with_out(&self, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // A parent that no longer reads is seen as end of stdin; there is no one to tell here.
        if let Err(error) = write(&mut out) {
            tracing::debug!(%error, "the parent does not read");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_carries_its_error_type_even_when_there_is_none() {
        let message = Outgoing::Response {
            request_id: "a",
            error_type: None,
            payload_len: 2,
        };
        let line = serde_json::to_string(&message).unwrap();
        assert_eq!(
            line,
            r#"{"type":"response","request_id":"a","error_type":null,"payload_len":2}"#
        );
    }
}
