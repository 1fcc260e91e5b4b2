//! INIT, INVOKE, INVOKE, … SHUTDOWN: the phases of one environment, in one thread.

mod events;
mod failure;
mod init_phase;
mod invoke_phase;
mod shutdown;

use std::sync::Arc;

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::protocol::{Incoming, Requests};

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
    pub fn run(mut self, mut requests: Requests) -> Result<()> {
        self.first_init()?;
        loop {
            match self.next_request(&mut requests)? {
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
    fn next_request(&mut self, requests: &mut Requests) -> Result<Option<Incoming>> {
        if !requests.is_waiting() {
            self.environment.freeze();
        }
        let request = requests.next();
        self.environment.thaw();
        request
    }
}
