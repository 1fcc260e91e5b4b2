//! `execution-environment check`: what this machine offers, found by doing it.

use crate::cgroup;
use crate::error::Result;
use crate::protocol::Isolation;
use crate::sandbox::Prepared;

/// The parent cgroup of a check that is not told which to use.
const OWN_PARENT: &str = "execution-environment-check";

/// Makes a cgroup and namespaces, looks at what came of it, and takes them apart.
///
/// # Errors
/// No namespaces can be made at all.
pub fn isolation(cgroup_parent: Option<&str>) -> Result<Isolation> {
    let prepared = Prepared::new(Some(cgroup_parent.unwrap_or(OWN_PARENT)))?;
    let isolation = prepared.isolation(true);
    prepared.discard();
    if cgroup_parent.is_none() {
        cgroup::sweep(OWN_PARENT)?;
    }
    Ok(isolation)
}
