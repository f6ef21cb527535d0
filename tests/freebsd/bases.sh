#!/bin/sh
# On the builder, as root: a FreeBSD on each kind of base boots under QEMU until it is ready: on release sets that a MANIFEST
# pins, on a directory that holds an installed FreeBSD, and on a mix of the three origin classes.
#
#     sh tests/freebsd/bases.sh FRUIX ROOT CONFIG IDENTITY
#
# FRUIX is the builder's program and ROOT its root, in which the base of CONFIG is built already. CONFIG declares a machine
# as system-configs/minimal.scm does, with authorized keys to which IDENTITY belongs; its last expression begins a line with
# `(operating-system`, and its source is where it says. Everything is kept in the directory that is said first.
set -eu

usage="usage: bases.sh FRUIX ROOT CONFIG IDENTITY"
fruix=${1:?$usage}
export FRUIX_ROOT="${2:?$usage}"
config=$(realpath "${3:?$usage}")
identity=${4:?$usage}
[ "$(id -u)" = 0 ] || { echo "bases.sh: only root can unpack a FreeBSD with its owners" >&2; exit 2; }
scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/fruix-bases-XXXXXX")
echo "everything is kept in $scratch"
. "$(dirname "$0")/checks.sh"
# What CONFIG names stands beside it.
declarations=$(dirname "$config")/bases-test-$$
trap 'rm -f "$declarations"-*.scm' EXIT

# declare_system NAME FIELD…: the system of CONFIG on its base with these fields.
declare_system() {
    name=$1
    shift
    {
        sed 's/^(operating-system/(define declared (operating-system/' "$config"
        cat <<END
)
(use-modules (fruix freebsd base) (fruix freebsd release))
(define release
  (release-manifest (url "file://$scratch/sets/MANIFEST")
                    (sha256 "$(sha256sum <"$scratch/sets/MANIFEST" | cut -d' ' -f1)")))
(define (set name) (release-set (manifest release) (name name)))
(define host (installed-freebsd (path "$scratch/host")))
(operating-system
 (inherit declared)
 (host-name "$name")
 (base (freebsd-base (inherit (operating-system-base declared)) $*)))
END
    } >"$declarations-$name.scm"
}

boots() { # NAME: prints what the guest says of its parts.
    "$fruix" system vm "$declarations-$1.scm" --identity "$identity" --run-dir "$scratch/run-$1" \
        --run 'freebsd-version -ku; hostname; cat /run/current-system/metadata/provenance.json'
}
has_parts() { # CLASS-OF-WORLD CLASS-OF-KERNEL CLASS-OF-USERLAND CLASS-OF-LIBRARIES, as `boots` has printed them
    python3 - "$scratch/guest" "$@" <<'END'
import json, sys
said = open(sys.argv[1]).read()
base = json.JSONDecoder().raw_decode(said[said.index("{"):])[0]["base"]
found = [base.get(part, {"class": "-"})["class"] for part in ("world", "kernel", "userland", "libraries")]
sys.exit(found != sys.argv[2:] and f"{found}, and not {sys.argv[2:]}")
END
}
refused() { # NAME TEXT
    ! "$fruix" system build "$declarations-$1.scm" >"$scratch/answer" 2>&1 && grep -F -e "$2" "$scratch/answer"
}
try() { # NAME WHAT CLASS…
    name=$1 what=$2
    shift 2
    check "a system $what boots until it is ready" boots "$name"
    cp "$scratch/said" "$scratch/guest"
    check "and says so of its parts" has_parts "$@"
}

check "the base is packed" "$fruix" system release-sets "$config" -o "$scratch/sets"
mkdir "$scratch/host"
for set in base kernel; do
    check "$set.txz is installed" tar -C "$scratch/host" -xpJf "$scratch/sets/$set.txz"
done
mkdir -p "$scratch/host/usr/include"

declare_system sets '(world (set "base.txz")) (kernel (set "kernel.txz"))'
declare_system host '(world host) (kernel host)'
declare_system mix '(userland host) (headers host) (libraries (set "base.txz"))'
declare_system native '(userland host) (policy (quote native-only))'

check "what is to be native is refused where it is not" refused native 'the part `userland` of this `native-only` base'
try sets "on release sets" fetched fetched - -
try host "copied from an installation" host host - -
try mix "with a native kernel, sets' libraries and the host's userland" native native host fetched
conclude
