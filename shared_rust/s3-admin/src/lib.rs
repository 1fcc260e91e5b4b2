//! The domain of the S3 admin system: what every lab serves, without HTTP and without AWS types.
//!
//! [`ports`] names what the domain needs from the outside; [`memory`] answers it for tests and, with the
//! feature `aws`, the module `aws` answers it for real. The rules that every lab shares (wording of errors,
//! order of lists, meaning of each figure) are in `labs/openapi.yaml` and `labs/README.md`.

pub mod audit;
pub mod authorization;
#[cfg(feature = "aws")]
pub mod aws;
pub mod body;
pub mod buckets;
pub mod credentials;
pub mod cursor;
pub mod lifecycle;
pub mod memory;
pub mod objects;
pub mod params;
pub mod password;
pub mod policy;
pub mod ports;
pub mod problem;
pub mod sessions;
pub mod timestamp;
pub mod token;
pub mod usage;

pub use problem::Problem;
