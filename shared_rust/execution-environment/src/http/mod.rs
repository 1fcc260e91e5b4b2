//! HTTP/1.1 over blocking sockets: what runtimes, extensions and telemetry need, no more.

mod budget;
mod request;
mod response;

pub use budget::Budget;
pub use request::{Connection, Request};
pub use response::Response;
