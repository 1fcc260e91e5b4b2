//! The user namespace's map: one uid and one gid.

use std::fs;

use crate::error::{Context, Result};

/// Shows the caller's own `outside` (uid, gid) as `inside`; written by the process itself, which the
/// kernel allows for a single id once `setgroups` is given up.
///
/// # Errors
/// The kernel refuses the map.
pub fn map(inside: (u32, u32), outside: (u32, u32)) -> Result<()> {
    write("/proc/self/setgroups", "deny")?;
    write(
        "/proc/self/uid_map",
        &format!("{} {} 1", inside.0, outside.0),
    )?;
    write(
        "/proc/self/gid_map",
        &format!("{} {} 1", inside.1, outside.1),
    )
}

fn write(file: &str, text: &str) -> Result<()> {
    fs::write(file, text).context(|| format!("write {file}"))
}
