//! Single mounts.

use std::ffi::CString;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};

use crate::error::{Context, Error, Result};

const NONE: Option<&str> = None;

pub fn make_private() -> Result<()> {
    mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE).context(|| "make / private")
}

pub fn tmpfs(target: &str, options: &str) -> Result<()> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), target, Some("tmpfs"), flags, Some(options))
        .context(|| format!("mount a tmpfs on {target}"))
}

pub fn proc(target: &str) -> Result<()> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("proc"), target, Some("proc"), flags, NONE).context(|| "mount /proc")
}

/// Binds a file or a directory, with what is mounted below it, onto a target that exists.
pub fn bind(source: &Path, target: &Path) -> Result<()> {
    mount(
        Some(source),
        target,
        NONE,
        MsFlags::MS_BIND | MsFlags::MS_REC,
        NONE,
    )
    .context(|| format!("bind {} to {}", source.display(), target.display()))
}

/// Merges directories; the later wins.
pub fn overlay(layers: &[PathBuf], target: &str) -> Result<()> {
    let lower: Vec<String> = layers.iter().rev().map(|layer| escaped(layer)).collect();
    let options = format!("lowerdir={}", lower.join(":"));
    mount(Some("overlay"), target, Some("overlay"), MsFlags::empty(), Some(options.as_str())).context(|| {
        format!("merge {} layers at {target} (where overlayfs is not to be had, give one merged directory)", layers.len())
    })
}

/// overlayfs splits its option at ':' and the kernel splits options at ','.
fn escaped(path: &Path) -> String {
    path.to_string_lossy()
        .replace('\\', "\\\\")
        .replace(':', "\\:")
        .replace(',', "\\,")
}

/// Makes a mount read-only, with those below it when `recursive`.
///
/// `mount_setattr` only adds the flag, so it also works on mounts whose other flags a user
/// namespace has locked, where a remount would be refused.
pub fn read_only(target: &Path, recursive: bool) -> Result<()> {
    let path = CString::new(target.as_os_str().as_bytes())
        .map_err(|error| Error::Spec(error.to_string()))?;
    let attributes = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    let flags = if recursive { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: `path` is a C string and `attributes` a mount_attr whose size is given; both outlive the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            path.as_ptr(),
            flags,
            &attributes,
            size_of::<libc::mount_attr>(),
        )
    };
    Errno::result(result)
        .map(drop)
        .context(|| format!("make {} read-only", target.display()))
}

/// Makes what a bind needs as its target: a directory, or an empty file for a file.
pub fn make_target(source: &Path, target: &Path) -> Result<()> {
    if target.exists() {
        return Ok(());
    }
    let made = if source.is_dir() {
        fs::create_dir_all(target)
    } else {
        target
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| File::create(target).map(drop))
    };
    made.context(|| {
        format!(
            "make the mount target {} (inside an earlier, read-only mount it must exist already)",
            target.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_splits_overlay_options_is_escaped() {
        assert_eq!(escaped(Path::new("/a:b,c\\d")), "/a\\:b\\,c\\\\d");
    }
}
