//! For build scripts: links a package for an older glibc than its neighbours in the same build.
//!
//! Which glibc zig links for is part of the target's name that cargo-lambda is given
//! (`x86_64-unknown-linux-gnu.2.26`), and for each such name cargo compiles all dependencies anew. With this, the name
//! stays the same and only the link differs.

use std::path::Path;
use std::{env, fs, io};

/// Has the package of the calling build script linked for glibc `version` ("2.26"), if zig links it. Any other linker
/// takes the build machine's own.
///
/// # Errors
/// Called from elsewhere than a build script, or its folder cannot be written to.
pub fn link_for(version: &str) -> io::Result<()> {
    let variable = |name: &str| env::var(name).map_err(io::Error::other);
    let target = variable("TARGET")?;
    let linker = format!(
        "CARGO_TARGET_{}_LINKER",
        target.to_uppercase().replace('-', "_")
    );
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={linker}");
    // The name that cargo-zigbuild, which is in cargo-lambda, gives to its wrapper of zig.
    if env::var(linker).is_ok_and(|path| path.contains("zigcc")) {
        // In a file, because the wrapper takes a second -target away.
        let arguments = Path::new(&variable("OUT_DIR")?).join("glibc.args");
        fs::write(&arguments, format!("-target {}.{version}", of_zig(&target)))?;
        println!("cargo::rustc-link-arg=@{}", arguments.display());
    }
    Ok(())
}

/// The target in zig's words, which have no vendor.
fn of_zig(target: &str) -> String {
    target.replace("-unknown-", "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zig_knows_no_vendor() {
        assert_eq!(of_zig("x86_64-unknown-linux-gnu"), "x86_64-linux-gnu");
        assert_eq!(of_zig("aarch64-unknown-linux-gnu"), "aarch64-linux-gnu");
    }
}
