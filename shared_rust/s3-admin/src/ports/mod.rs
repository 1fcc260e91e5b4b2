//! What the domain needs from the outside, as small traits. Adapters are in [`crate::memory`] and `crate::aws`.
//!
//! Their futures are boxed (`async_trait`): the code of an `async fn` is compiled where it is polled, so without a box
//! each function would compile the SDK's calls once more.

mod buckets;
mod errors;
mod lifecycle;
mod objects;
mod users;

pub use buckets::{
    BucketChanges, BucketEntry, Buckets, Encryption, ObjectLock, PolicyStatus, PublicAccessBlock,
};
pub use errors::{ErrorKind, Service, ServiceError};
pub use lifecycle::{Lifecycles, StoredRules, TagChanges};
pub use objects::{
    FoldedPage, FoldedRequest, ObjectHead, ObjectLister, ObjectSummary, Objects, Page, PageRequest,
    UrlMethod,
};
pub use users::{Keys, Role, User, Users};
