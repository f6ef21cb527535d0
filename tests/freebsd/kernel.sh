#!/bin/sh
# On the builder: a FreeBSD under QEMU gets another kernel over SSH, starts with it, and goes back to the first.
#
#     sh tests/freebsd/kernel.sh FRUIX ROOT CONFIG OTHER IDENTITY PORT
#
# FRUIX is the builder's program and ROOT its root. CONFIG declares a machine as system-configs/minimal.scm does, with fruix
# as a service, and with authorized keys to which IDENTITY belongs; OTHER declares the same with another KERNCONF. PORT is
# a free one on 127.0.0.1. What is passed on in FRUIX_FLAGS goes to every build, such as --with-source. Everything is kept in
# the directory that is said first.
set -eu

usage="usage: kernel.sh FRUIX ROOT CONFIG OTHER IDENTITY PORT"
fruix=${1:?$usage}
root=${2:?$usage}
config=${3:?$usage}
other=${4:?$usage}
identity=${5:?$usage}
port=${6:?$usage}
scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/fruix-kernel-XXXXXX")
echo "everything is kept in $scratch"
. "$(dirname "$0")/checks.sh"
. "$(dirname "$0")/machine.sh"
trap power_off EXIT
trap 'exit 1' INT TERM

# shellcheck disable=SC2086  # flags are words
reconfigure() { # CONFIG: tells of it in `answer`.
    "$fruix" --root "$root" system reconfigure "$1" ${FRUIX_FLAGS:-} \
        --target "ssh://root@127.0.0.1:$port" --identity "$identity" >"$scratch/answer" 2>&1 ||
        { cat "$scratch/answer"; return 1; }
}

ident() { in_guest uname -i; }
is() { [ "$1" = "$2" ] || { echo "it is $1, not $2"; return 1; }; }
differs() { [ "$1" != "$2" ] || { echo "both are $1"; return 1; }; }
described() { in_guest fruix system describe --json; }

# shellcheck disable=SC2086
"$fruix" --root "$root" system image "$config" ${FRUIX_FLAGS:-} -o "$scratch/disk.img"
boot
check "it boots" says 'fruix: ready: '
first=$(ident)
before=$(described)

check "another kernel is sent" reconfigure "$other"
check "it waits for the next boot" grep 'from the next boot, for another base:' "$scratch/answer"
check "for its kernel alone" is "$(sed -n 's|^  \([a-z]*\): /frx/store/.* instead of .*|\1|p' "$scratch/answer")" kernel
check "until then the first one runs" is "$(ident)" "$first"
restart
check "it boots again" says 'fruix: ready: '
second=$(ident)
check "with another kernel" differs "$first" "$second"
# The loader puts /boot/ before the name, where /boot/frx leads to the store.
check "that of the declaration" is "$(in_guest 'realpath "$(sysctl -n kern.bootfile)"')" \
    "$(in_guest 'realpath /run/current-system/kernel/boot/kernel/kernel')"

check "it is rolled back" in_guest fruix system roll-back
check "which waits for the next boot, too" is "$(ident)" "$second"
restart
check "it boots a third time" says 'fruix: ready: '
check "with the first kernel" is "$(ident)" "$first"
check "and is what it was" is "$(described)" "$before"
check "the store is sound" in_guest fruix store verify --check-contents
power_off
conclude
