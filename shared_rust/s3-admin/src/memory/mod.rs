//! The ports answered from memory, for tests.

mod lifecycle;
mod s3;
mod users;

pub use s3::{MemoryBucket, MemoryS3};
pub use users::{MemoryKeys, MemoryUsers};
