//! For manylinux2014, which is older than Amazon Linux 2 of the `python3.11` runtime.

fn main() -> std::io::Result<()> {
    old_glibc::link_for("2.17")
}
