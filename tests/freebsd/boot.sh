#!/bin/sh
# On the builder: a FreeBSD under QEMU shows its generations in the loader's menu, tries some that cannot work, and loses
# its power while it switches. It comes back by itself each time.
#
#     sh tests/freebsd/boot.sh FRUIX ROOT CONFIG IDENTITY PORT [CUTS]
#
# FRUIX is the builder's program and ROOT its root, in which the base of CONFIG is built already. CONFIG declares a machine
# as system-configs/minimal.scm does, with fruix as a service, and with authorized keys to which IDENTITY belongs. PORT is
# a free one on 127.0.0.1. CUTS is how often the power fails (20). What is passed on in FRUIX_FLAGS goes to every build, such
# as --with-source. Everything is kept in the directory that is said first.
set -eu

usage="usage: boot.sh FRUIX ROOT CONFIG IDENTITY PORT [CUTS]"
fruix=${1:?$usage}
root=${2:?$usage}
config=$(realpath "${3:?$usage}")
identity=${4:?$usage}
port=${5:?$usage}
cuts=${6:-20}
scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/fruix-boot-XXXXXX")
echo "everything is kept in $scratch"
. "$(dirname "$0")/checks.sh"
. "$(dirname "$0")/declarations.sh"
. "$(dirname "$0")/machine.sh"

# shellcheck disable=SC2086  # names without blanks
finish() {
    power_off
    rm -f $made
}
trap finish EXIT
trap 'exit 1' INT TERM

# shellcheck disable=SC2086  # flags are words
try() { # NAME: has the next boot be that of the system, once.
    "$fruix" --root "$root" system reconfigure "$(declaration "$1")" ${FRUIX_FLAGS:-} \
        --target "ssh://root@127.0.0.1:$port" --identity "$identity" --try
}

declare_system one
declare_system good
declare_system failing -e "$failing_step"
declare_system panicking -e "$panicking_step"
declare_system rootless -e 's/(label "[^"]*")/(label "no-such-root")/'
ready_timeout=10
declare_system unready -e "$(service "(simple-service 'odd ready-service-type (list (ready-check (name \"odd\") (command \"false\"))))")"
ready_timeout=600
declare_system hanging -e "$(service "(simple-service 'odd etc-service-type (list (etc-file (path \"rc.d/odd\") (executable? #t) (content \"#!/bin/sh\\\\n# PROVIDE: odd\\\\n# BEFORE: LOGIN\\\\nsleep 100000\\\\n\"))))")" \
    -e "s/(loader '(/(loader '((\"fruix.try_timeout\" . \"150\") /"

# shellcheck disable=SC2086
"$fruix" --root "$root" system image "$(declaration one)" ${FRUIX_FLAGS:-} -o "$scratch/disk.img"
boot
check "generation 1 boots" says 'fruix: ready: one '
check "and was in the menu" says '1\. Generation 1 .*\(current\) \[Enter\]'

check "another one is to be tried" try good
restart
check "the menu says so" says 'Generation 2 .*\(to be tried\) \[Enter\]'
check "it gets ready" says 'fruix: ready: good '
check "and is the current one then" says 'fruix: generation 2 is the current one now'
restart
check "also of the next boot" says 'fruix: ready: good '
check "which is none to be tried" silent 'fruix: trying'

number=2
fails() { # NAME WHAT-THE-CONSOLE-SAYS
    number=$((number + 1))
    check "$1: it is to be tried" try "$1"
    restart
    check "$1: the loader tries it" says "fruix: trying generation $number once"
    check "$1: $2" says "$2"
    check "$1: generation 2 comes back" says 'fruix: ready: good '
    check "$1: the list tells of it" sh -c "$(command -v ssh) -i '$identity' -p $port root@127.0.0.1 fruix system list-generations |
        grep -E '^$number .*tried, not ready'"
}
fails failing 'fruix: activate: odd: FAILED it does not work'
fails panicking 'panic: kdb_sysctl_panic'
fails rootless 'Mounting from ufs:/dev/gpt/no-such-root failed'
fails unready 'fruix: not ready: unready: not up:.* odd'
fails hanging 'generation 7 was tried, and is not ready after 150 seconds'

restart
check "the menu lists seven generations" says 'Autoboot in'
press g
check "the older ones on a page of their own" says 'Back \[Backspace\]'
press 2
check "one of them boots" says 'fruix: ready: one '
check "with its own fstab" in_guest '[ "$(realpath /etc/fstab)" = "$(realpath /run/current-system)/etc/fstab" ]'
restart
check "and the default is what it was" says 'fruix: ready: good '

cut=0
while [ "$cut" -lt "$cuts" ]; do
    cut=$((cut + 1))
    # Only which one the next boot takes: what changes on a machine that is up is no concern of the loader's.
    in_guest 'switch="fruix system switch-generation --no-activate"
        while :; do $switch 1; fruix system switch-generation 2 --try; $switch 2; done' \
        >>"$scratch/switches.log" 2>&1 &
    switches=$!
    after=$(awk -v seed="$cut$$" 'BEGIN { srand(seed); print 2 + rand() * 6 }')
    sleep "$after"
    forget
    power_off
    wait "$switches" 2>/dev/null || true
    power_on
    check "power cut $cut, after $after s: a whole generation boots" says 'fruix: ready: (one|good) '
    heard | grep -aoE 'fruix: (ready|trying|generation|the current).*' | sed 's/^/    /'
    check "power cut $cut: its state is whole" in_guest 'fruix system list-generations && fruix system describe'
done
check "the store is sound after all" in_guest 'fruix store verify --check-contents'
power_off
conclude
