//! The loopback server that functions and the platform post to: HTTP/1.1 with bounds on everything.
//!
//! hyper has a server too, but its feature would be on in every build of the workspace, and compile the AWS SDK
//! of the other labs once more.

mod connection;
mod request;
mod response;
mod server;

pub use request::Request;
pub use response::Response;
pub use server::{Handler, Limits, serve};
