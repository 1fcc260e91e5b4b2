//! Frames from the parent.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Context, Error, Result};
use crate::spec::Spec;

/// A `create` message with the largest environment is far smaller.
const MAX_LINE: u64 = 1024 * 1024;
/// AWS takes 6 MB (1 MB asynchronously); beyond this the length itself is garbage.
const MAX_PAYLOAD: usize = 64 * 1024 * 1024;

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Incoming {
    Create(Box<Spec>),
    Invoke(Invoke),
    Shutdown,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invoke {
    pub request_id: String,
    #[serde(default)]
    pub payload_len: usize,
    /// The bytes behind the line.
    #[serde(skip)]
    pub payload: Vec<u8>,
    #[serde(default)]
    pub trace_id: Option<String>,
    /// A JSON document, or the string that holds one.
    #[serde(default)]
    pub client_context: Option<Value>,
    #[serde(default)]
    pub cognito_identity: Option<Value>,
    /// The ARN as invoked (with its alias or version); the function's own otherwise.
    #[serde(default)]
    pub function_arn: Option<String>,
}

/// What the parent asks for, on stdin.
pub struct Requests {
    frames: Frames<BufReader<File>>,
}

impl Requests {
    /// # Errors
    /// The descriptor cannot be duplicated.
    pub fn new() -> Result<Self> {
        let own = io::stdin().as_fd().try_clone_to_owned();
        let stdin = File::from(own.context(|| "duplicate stdin")?);
        Ok(Self {
            frames: Frames::new(BufReader::new(stdin)),
        })
    }

    /// Whether there is one already, or the end of the stream.
    pub fn is_waiting(&self) -> bool {
        let reader = &self.frames.reader;
        let mut watched = [PollFd::new(reader.get_ref().as_fd(), PollFlags::POLLIN)];
        !reader.buffer().is_empty() || poll(&mut watched, PollTimeout::ZERO).is_ok_and(|n| n > 0)
    }

    /// Waits for the next one; `None` at the end of the stream.
    ///
    /// # Errors
    /// The stream breaks inside a frame, or what it says is not the protocol.
    pub fn next(&mut self) -> Result<Option<Incoming>> {
        self.frames.next_frame()
    }
}

/// The frames of one reader.
struct Frames<R> {
    reader: R,
}

impl<R: BufRead> Frames<R> {
    fn new(reader: R) -> Self {
        Self { reader }
    }

    fn next_frame(&mut self) -> Result<Option<Incoming>> {
        let mut line = Vec::new();
        let mut limited = Read::take(&mut self.reader, MAX_LINE);
        let read = limited
            .read_until(b'\n', &mut line)
            .context(|| "read stdin")?;
        if read == 0 {
            return Ok(None);
        }
        if line.pop() != Some(b'\n') {
            return Err(Error::Protocol(format!(
                "a line ends without newline after {read} bytes (at most {MAX_LINE} are taken)"
            )));
        }
        let mut frame: Incoming =
            serde_json::from_slice(&line).map_err(|error| Error::Protocol(error.to_string()))?;
        if let Incoming::Invoke(invoke) = &mut frame {
            self.read_payload(invoke)?;
        }
        Ok(Some(frame))
    }

    fn read_payload(&mut self, invoke: &mut Invoke) -> Result<()> {
        if invoke.payload_len > MAX_PAYLOAD {
            return Err(Error::Protocol(format!(
                "payload_len is {}: at most {MAX_PAYLOAD} bytes are taken",
                invoke.payload_len
            )));
        }
        invoke.payload = vec![0; invoke.payload_len];
        self.reader
            .read_exact(&mut invoke.payload)
            .context(|| "read the payload")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(bytes: &[u8]) -> Frames<&[u8]> {
        Frames::new(bytes)
    }

    #[test]
    fn payload_bytes_follow_the_line_and_are_kept_exactly() {
        let mut input = frames(
            b"{\"type\":\"invoke\",\"request_id\":\"a\",\"payload_len\":5}\n\x00\n{}\xff{\"type\":\"shutdown\"}\n",
        );
        let Some(Incoming::Invoke(invoke)) = input.next_frame().unwrap() else {
            panic!("no invoke")
        };
        assert_eq!(invoke.payload, b"\x00\n{}\xff");
        assert!(matches!(
            input.next_frame().unwrap(),
            Some(Incoming::Shutdown)
        ));
        assert!(input.next_frame().unwrap().is_none());
    }

    #[test]
    fn a_payload_cut_short_is_an_error() {
        assert!(
            frames(b"{\"type\":\"invoke\",\"request_id\":\"a\",\"payload_len\":5}\nab")
                .next_frame()
                .is_err()
        );
    }

    #[test]
    fn nonsense_is_an_error_and_not_a_crash() {
        for input in [
            &b"nonsense\n"[..],
            b"{}\n",
            b"{\"type\":\"fly\"}\n",
            b"{\"type\"",
            b"\xff\n",
        ] {
            assert!(frames(input).next_frame().is_err(), "{input:?}");
        }
    }

    #[test]
    fn an_absurd_length_is_refused_before_memory_is_taken() {
        let line = b"{\"type\":\"invoke\",\"request_id\":\"a\",\"payload_len\":99999999999}\n";
        assert!(frames(line).next_frame().is_err());
    }
}
