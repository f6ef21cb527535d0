#!/bin/sh
# On FreeBSD itself, as root: builds in jails, what they may not do, and what is left of them.
#
#     sh tests/freebsd/sandbox.sh FRUIX
#
# FRUIX is a fruix built for FreeBSD. The kernel needs nullfs: `kldload nullfs`, or a kernel configuration with `options
# NULLFS`. Everything is made below a temporary directory. To run it in a guest made by Fruix, copy FRUIX and
# this directory there over SSH.
set -eu

fruix=${1:?usage: sandbox.sh FRUIX}
[ "$(uname -s)" = FreeBSD ] || { echo "skipped: this is $(uname -s)"; exit 0; }
scratch=$(mktemp -d)
. "$(dirname "$0")/checks.sh"
trap 'chflags -R noschg "$scratch"; chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
root=$scratch/root

# Copied, since the store must not name a path of the machine's.
mkdir "$scratch/tools"
cp /rescue/sh "$scratch/tools/sh"
for tool in id ls umount ping kldload chown mknod kill sleep cp dd; do
    ln -s sh "$scratch/tools/$tool"
done

# NAME SCRIPT: a build whose builder is the shell.
build() {
    name=$1
    script=$2
    shift 2
    cat >"$scratch/$name.scm" <<END
(use-modules (fruix derivations) (fruix store))
(define tools (local-file "tools" #:recursive? #t))
(derivation "$name"
  #:system "x86_64-freebsd"
  #:builder (file-append tools "/sh")
  #:env (list (cons 'PATH tools))
  #:args (list "-c" "$script"))
END
    "$fruix" --root "$root" build -f "$scratch/$name.scm" "$@"
}

refused() { # WHAT COMMAND: the build succeeds only if the command is there, and fails.
    check "$1 is refused" build "no-$(echo "$1" | tr ' /' '--')" \
        "command -v ${2%% *} && ! $2 && echo > \$out"
}

none_left() {
    [ -z "$(jls path)" ] && ! mount | grep -F "$scratch" && ! pgrep -U 1910000000-1910000063
}

check "a build succeeds" build plain "id; echo hello > \$out"
refused "a network" "ping -c1 127.0.0.1"
refused "a file of the machine" "ls /root/.profile"
refused "memory of the machine" "dd if=/dev/mem count=1"
refused "writing outside of the outputs" "cp /etc/group /etc/x"
refused "writing to an input" "cp /etc/group \$PATH/x"
refused "a device" "mknod /tmp/x c 1 3"
refused "a file of root" "chown 0 /build"
refused "changing the mounts" "umount -f /dev"
refused "a kernel module" "kldload nullfs"
refused "a signal to init" "kill -0 1"
check "a stray file in the store directory is refused" refuses build stray "echo > \$out; echo > /frx/store/z"
check "what a build leaves running ends with it" build background "sleep 1000 & echo > \$out"
check "nothing is left" none_left

build killed "sleep 1000" >/dev/null 2>&1 &
builder=$!
while ! pgrep -f 'sleep 1000' >/dev/null; do sleep 1; done
pkill -9 -f "$root build" || kill -9 "$builder"
wait "$builder" 2>/dev/null || true
check "the next run goes on after one that was killed" build after "echo > \$out"
check "and takes away what that left" none_left
check "the store is sound" "$fruix" --root "$root" store verify --check-contents

conclude
