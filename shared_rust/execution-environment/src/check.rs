//! `execution-environment check`: what this machine offers, found by doing it.

use crate::error::Result;
use crate::protocol::Isolation;
use crate::sandbox::Prepared;

/// Makes a cgroup and namespaces, looks at what came of it, and takes them apart.
///
/// # Errors
/// No namespaces can be made at all.
pub fn isolation(cgroup_parent: &str) -> Result<Isolation> {
    let prepared = Prepared::new(Some(cgroup_parent))?;
    let isolation = prepared.isolation(true);
    prepared.discard();
    Ok(isolation)
}
