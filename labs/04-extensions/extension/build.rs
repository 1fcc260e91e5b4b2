//! For Amazon Linux 2, of all runtimes that the layer serves the oldest.

fn main() -> std::io::Result<()> {
    old_glibc::link_for("2.26")
}
