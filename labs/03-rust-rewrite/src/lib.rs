//! What the functions of this lab share: API Gateway's events in, its answers out. What they serve is in
//! `shared_rust/s3-admin`.

pub mod environment;
pub mod event;
#[cfg(feature = "events")]
mod events;
pub mod logging;
pub mod web;
