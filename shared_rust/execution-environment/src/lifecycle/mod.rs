//! INIT, INVOKE, INVOKE, … SHUTDOWN: the phases of one environment, in one thread.

mod events;
mod failure;
mod init_phase;
mod invoke_phase;
mod shutdown;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::protocol::Incoming;

use init_phase::InitFigures;

pub struct Lifecycle {
    environment: Arc<Environment>,
    /// INIT has succeeded and nothing has broken since.
    initialised: bool,
    /// The figures of INIT, until the first invocation has reported them.
    cold: Option<InitFigures>,
}

impl Lifecycle {
    pub fn new(environment: Arc<Environment>) -> Self {
        Self {
            environment,
            initialised: false,
            cold: None,
        }
    }

    /// Runs all phases; returns after SHUTDOWN, or when the parent's end of stdin is closed.
    ///
    /// # Errors
    /// What is inside cannot be controlled any more.
    pub fn run(mut self, requests: &Receiver<Incoming>) -> Result<()> {
        self.first_init()?;
        loop {
            match self.next_request(requests) {
                Some(Incoming::Invoke(invoke)) => self.invoke(invoke)?,
                Some(Incoming::Shutdown) => {
                    self.shut_down();
                    return Ok(());
                }
                Some(Incoming::Create(_)) => {
                    return Err(Error::Protocol(
                        "a second create: start another process for it".into(),
                    ));
                }
                None => return Ok(()),
            }
        }
    }

    /// Waits for a request, frozen unless there is one already.
    fn next_request(&mut self, requests: &Receiver<Incoming>) -> Option<Incoming> {
        match requests.try_recv() {
            Ok(request) => return Some(request),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        self.environment.freeze();
        let request = requests.recv().ok();
        self.environment.thaw();
        request
    }
}
