//! The root directory of a sandbox: a small tmpfs with the machine's programs and libraries bound
//! into it read-only, and the function's own directories.
//!
//! Order matters. The new root is entered first and the machine's root stays reachable at `/.host`
//! until everything is bound. So sources may lie anywhere, under `/tmp` and `/var` too, and a
//! symbolic link in a target means what it means inside.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, umount2};
use nix::unistd::{chdir, pivot_root};

use super::mounts;
use crate::error::{Context, Result};
use crate::spec::Spec;

/// Where the new root is mounted before it is entered: a directory that every Linux has and no
/// source lies in.
const STAGE: &str = "/sys";
const HOST: &str = "/.host";
/// Directories, or on a merged-/usr system links, that programs and libraries come from.
const PROGRAMS: [&str; 8] = [
    "usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc",
];
const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];
const DIRECTORIES: [&str; 9] = [
    "dev",
    "proc",
    "tmp",
    "var",
    "var/task",
    "var/runtime",
    "opt",
    "run",
    "root",
];

/// Builds the root and enters it. Gives a sentence for each thing it had to do without.
///
/// # Errors
/// A mount that cannot be done without fails.
pub fn build(spec: &Spec) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    enter()?;
    mount_programs()?;
    mount_devices()?;
    mount_proc(&mut notes)?;
    mounts::tmpfs("/tmp", &format!("size={}m,mode=1777", spec.tmp_mb))?;
    mount_function(spec)?;
    name_things(spec)?;
    umount2(HOST, MntFlags::MNT_DETACH).context(|| "let go of the machine's root")?;
    fs::remove_dir(HOST).context(|| "remove the old root's mount point")?;
    mounts::read_only(Path::new("/"), false)?;
    Ok(notes)
}

fn enter() -> Result<()> {
    mounts::make_private()?;
    mounts::tmpfs(STAGE, "size=4m,nr_inodes=1024,mode=755")?;
    chdir(STAGE).context(|| "enter the new root")?;
    let old = HOST.trim_start_matches('/');
    fs::create_dir(old).context(|| "make the old root's mount point")?;
    pivot_root(".", old).context(|| "pivot_root")?;
    chdir("/").context(|| "enter /")?;
    for directory in DIRECTORIES {
        fs::create_dir(Path::new("/").join(directory)).context(|| format!("make /{directory}"))?;
    }
    Ok(())
}

fn host(path: &Path) -> PathBuf {
    Path::new(HOST).join(path.strip_prefix("/").unwrap_or(path))
}

fn mount_programs() -> Result<()> {
    for name in PROGRAMS {
        let source = host(Path::new(name));
        let target = Path::new("/").join(name);
        let Ok(kind) = fs::symlink_metadata(&source) else {
            continue;
        };
        if kind.is_symlink() {
            let to = fs::read_link(&source).context(|| format!("read the link /{name}"))?;
            symlink(to, &target).context(|| format!("link /{name}"))?;
        } else {
            bind_read_only(&source, &target)?;
        }
    }
    Ok(())
}

fn mount_devices() -> Result<()> {
    for name in DEVICES {
        let source = host(&Path::new("dev").join(name));
        let target = Path::new("/dev").join(name);
        mounts::make_target(&source, &target)?;
        mounts::bind(&source, &target)?;
    }
    let links = [
        ("fd", ""),
        ("stdin", "/0"),
        ("stdout", "/1"),
        ("stderr", "/2"),
    ];
    for (name, descriptor) in links {
        symlink(
            format!("/proc/self/fd{descriptor}"),
            Path::new("/dev").join(name),
        )
        .context(|| format!("link /dev/{name}"))?;
    }
    Ok(())
}

/// A container that hides parts of its /proc lets no user namespace mount a new one.
fn mount_proc(notes: &mut Vec<String>) -> Result<()> {
    let Err(refusal) = mounts::proc("/proc") else {
        return Ok(());
    };
    tracing::debug!(%refusal, "no /proc of its own");
    bind_read_only(&host(Path::new("proc")), Path::new("/proc"))?;
    notes.push(
        "the function sees the machine's /proc, since a new one may not be mounted here".into(),
    );
    Ok(())
}

fn mount_function(spec: &Spec) -> Result<()> {
    bind_read_only(&host(&spec.code), Path::new("/var/task"))?;
    let layers: Vec<PathBuf> = spec.layers.iter().map(|layer| host(layer)).collect();
    match layers.as_slice() {
        [] => {}
        [only] => bind_read_only(only, Path::new("/opt"))?,
        several => {
            mounts::overlay(several, "/opt")?;
            mounts::read_only(Path::new("/opt"), false)?;
        }
    }
    for mount in &spec.mounts {
        let source = host(&mount.source);
        mounts::make_target(&source, &mount.target)?;
        mounts::bind(&source, &mount.target)?;
        if mount.read_only {
            mounts::read_only(&mount.target, true)?;
        }
    }
    Ok(())
}

/// The names that a Lambda sandbox has for its host and its user.
fn name_things(spec: &Spec) -> Result<()> {
    let (uid, gid) = (spec.uid, spec.gid);
    let user = format!(
        "root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:{uid}:{gid}::/home/sbx_user1051:/sbin/nologin\n"
    );
    replace("hosts", "127.0.0.1 localhost sandbox sandbox.localdomain\n")?;
    if !spec.dns.is_empty() {
        // Where the machine has no such file, libraries take this address by themselves.
        replace("resolv.conf", "nameserver 127.0.0.1\n")?;
        replace(
            "nsswitch.conf",
            "passwd: files\ngroup: files\nhosts: files dns\n",
        )?;
    }
    replace("passwd", &user)?;
    replace("group", &format!("root:x:0:\nsbx_user1051:x:{gid}:\n"))
}

/// Covers a file of the machine's /etc.
fn replace(name: &str, text: &str) -> Result<()> {
    let target = Path::new("/etc").join(name);
    if !target.exists() {
        return Ok(());
    }
    let source = Path::new("/run").join(name);
    fs::write(&source, text).context(|| format!("write {}", source.display()))?;
    fs::set_permissions(&source, fs::Permissions::from_mode(0o644))
        .context(|| format!("open {name} to all"))?;
    mounts::bind(&source, &target)?;
    mounts::read_only(&target, false)
}

fn bind_read_only(source: &Path, target: &Path) -> Result<()> {
    mounts::make_target(source, target)?;
    mounts::bind(source, target)?;
    mounts::read_only(target, true)
}
