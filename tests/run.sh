#!/bin/sh
# The test command of the README: installs what the tests need on Debian (as root), then runs them all.
# Without root nothing is installed; what is missing is named, with the command that installs it.
set -eu
cd "$(dirname "$0")/.."
. tests/support/rust.sh

# What the tests drive: the C tool chain of the miniature tree, the store's peer, foreign readers of the image,
# QEMU with its firmware, strace, which makes system calls fail, Lua, which the loader's scripts are written in, and pip,
# which fetches a client of XenAPI.
PACKAGES="ca-certificates gcc libc6-dev make bmake clang-14 lld-14 llvm-14 libarchive-dev libbz2-dev zlib1g-dev
libssl-dev flex bison bc m4 python3 python3-pip patch file xz-utils nix-bin gdisk dosfstools mtools grub-common sleuthkit
makefs qemu-system-x86 qemu-utils ovmf openssh-client tmux sqlite3 strace lua5.4"

missing=""
for package in $PACKAGES; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
cargo_fits || missing="$missing $RUST_PACKAGES"
if [ -n "$missing" ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "tests/run.sh: these packages are missing; install them with" >&2
        echo "    sudo apt-get install$missing" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

require_cargo

cargo test --locked --no-fail-fast "$@"

if [ -z "${FRUIX_FREEBSD_SRC:-}" ]; then
    echo "tests/freebsd: skipped, FRUIX_FREEBSD_SRC names no FreeBSD source tree"
fi
