//! What the functions of this lab share: API Gateway's events in, its answers out. What they serve is in
//! `shared_rust/s3-admin`.

pub mod environment;
pub mod event;
pub mod logging;
pub mod web;
