# Sourced by scripts at the top of the project: a cargo that can build fruix.

# Rust's language version that fruix is written in; see rust-version in Cargo.toml.
RUST_MINOR=88

# Debian 12 has a new Rust under these names.
RUST_PACKAGES="rustc-web cargo-web"

# Where rustup puts it, which a fresh shell may not know.
[ -z "${HOME:-}" ] || PATH="$PATH:$HOME/.cargo/bin"

# Whether there is a cargo that is new enough.
cargo_fits() {
    minor=$(cargo --version 2>/dev/null | sed -n 's/^cargo 1\.\([0-9]*\)\..*/\1/p')
    [ -n "$minor" ] && [ "$minor" -ge "$RUST_MINOR" ]
}

# Ends the script that asks, if there is none.
require_cargo() {
    cargo_fits && return
    {
        echo "$0: cargo 1.$RUST_MINOR or later is needed; \`cargo --version\` says: $(cargo --version 2>&1 || true)"
        echo "    rustup installs a newer one; an older one before it in PATH has to go"
    } >&2
    exit 1
}
