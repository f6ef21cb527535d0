#!/bin/sh
# From nothing to a booted system: installs what is missing (as root; an ordinary user is told the command), builds
# fruix, and boots the miniature system under QEMU to its ready line. For Debian 12.
#
#   sh examples/demo.sh
#   FREEBSD_SRC=/usr/src sh examples/demo.sh     # the same with FreeBSD, built from its source tree
#
# Arguments are passed on to `fruix system vm`.
set -eu
# Relative to where the user is, before this script goes elsewhere.
[ -z "${FREEBSD_SRC:-}" ] || FREEBSD_SRC=$(realpath "$FREEBSD_SRC")
cd "$(dirname "$0")/.."

. tests/support/rust.sh

say() {
    echo "demo: $*" >&2
}

# Installs packages, or says how.
install() {
    if [ "$(id -u)" -ne 0 ]; then
        say "these packages are missing; install them, then start again:"
        echo "    sudo apt-get install --no-install-recommends $*" >&2
        exit 1
    fi
    say "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

is_installed() {
    dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    say "this script is for Debian; elsewhere build with cargo and ask \`fruix doctor\` what is missing"
    exit 1
fi
if [ -n "${FREEBSD_SRC:-}" ] && [ ! -f "$FREEBSD_SRC/sys/conf/newvers.sh" ]; then
    say "FREEBSD_SRC=$FREEBSD_SRC is no FreeBSD source tree: it has no sys/conf/newvers.sh"
    exit 1
fi

# What compiling fruix needs.
needed=""
for package in ca-certificates gcc libc6-dev; do
    is_installed "$package" || needed="$needed $package"
done
cargo_fits || needed="$needed $RUST_PACKAGES"
# shellcheck disable=SC2086  # a list of words
[ -z "$needed" ] || install $needed
require_cargo

say "building fruix"
cargo build --release --locked --quiet
fruix=${CARGO_TARGET_DIR:-target}/release/fruix

# What building and booting systems needs, fruix knows itself.
missing=$("$fruix" doctor --packages || true)
# shellcheck disable=SC2086  # a list of words
[ -z "$missing" ] || install $missing
"$fruix" doctor >&2 || exit 1

[ -n "${FREEBSD_SRC:-}" ] || exec "$fruix" system vm system-configs/tiny.scm "$@"

# FreeBSD, with a key of this demonstration's own to log in by. It is kept, for another key would be another system.
directory=${XDG_DATA_HOME:-$HOME/.local/share}/fruix-demo
mkdir -p "$directory"
[ -f "$directory/key" ] || ssh-keygen -q -t ed25519 -N '' -C fruix-demo -f "$directory/key"
cp "$directory/key.pub" "$directory/authorized_keys"
cp system-configs/minimal.scm "$directory/minimal.scm"
say "building FreeBSD from $FREEBSD_SRC: this takes the better part of an hour on two processors"
exec "$fruix" system vm "$directory/minimal.scm" --with-source "/usr/src=$FREEBSD_SRC" \
    --identity "$directory/key" --run 'uname -a' --run 'ifconfig' "$@"
