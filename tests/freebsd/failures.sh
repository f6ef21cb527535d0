#!/bin/sh
# On the builder: a FreeBSD under QEMU cannot start, for a reason each time that is known. Each run ends with the verdict that
# names stage, part, last words and what to try, on the screen and in `result.json`; and where the guest can be logged in to,
# its own `fruix system status` names what failed.
#
#     sh tests/freebsd/failures.sh FRUIX ROOT CONFIG IDENTITY
#
# FRUIX is the builder's program and ROOT its root, in which the base of CONFIG is built already. CONFIG declares a machine
# as system-configs/minimal.scm does, with fruix as a service, and with authorized keys to which IDENTITY belongs. What is
# passed on in FRUIX_FLAGS goes to every run, such as --with-source. Everything is kept in the directory that is said first.
set -eu

usage="usage: failures.sh FRUIX ROOT CONFIG IDENTITY"
fruix=${1:?$usage}
export FRUIX_ROOT="${2:?$usage}"
config=$(realpath "${3:?$usage}")
identity=${4:?$usage}
scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/fruix-failures-XXXXXX")
echo "everything is kept in $scratch"
. "$(dirname "$0")/checks.sh"
. "$(dirname "$0")/declarations.sh"
# shellcheck disable=SC2086  # names without blanks
trap 'rm -f $made' EXIT

# shellcheck disable=SC2086  # flags are words
boots() { # NAME [FLAG...]
    name=$1
    shift
    "$fruix" system vm "$(declaration "$name")" ${FRUIX_FLAGS:-} --identity "$identity" --run-dir "$scratch/$name" \
        --timeout 900 "$@" >"$scratch/$name.out" 2>"$scratch/$name.err" || { cat "$scratch/$name.err"; return 1; }
}

has_verdict() { # NAME OUTCOME STAGE PART LINE ADVICE
    python3 - "$scratch/$1/result.json" "$2" "$3" "$4" "$5" "$6" <<'END'
import json, sys
result = json.load(open(sys.argv[1]))
outcome, stage, part, line, advice = sys.argv[2:]
verdict = result["verdict"]
print(json.dumps(verdict, indent=1))
assert result["outcome"] == outcome, result["outcome"]
assert (verdict["stage"], verdict.get("part", "")) == (stage, part)
assert any(line in it for it in verdict["lines"]), "no such line"
assert any(advice in it for it in verdict["advice"]), "no such advice"
END
}

shown() { # NAME TEXT: on the screen.
    tr -s ' \n' ' ' <"$scratch/$1.err" | grep -F -e "$2"
}

has() { # FILE TEXT
    grep -aF -e "$2" "$scratch/$1" || { tail -40 "$scratch/$1"; return 1; }
}

lacks() { refuses grep -aF -e "$2" "$scratch/$1"; }

fails() { # NAME OUTCOME STAGE PART LINE ADVICE
    check "$1: it does not get ready" refuses boots "$1"
    check "$1: the verdict is: $3${4:+, $4}" has_verdict "$@"
    sed 's/^/    /' "$scratch/said"
    check "$1: the screen says so" shown "$1" "it stopped at: $3${4:+, $4}"
    check "$1: and what to try" shown "$1" "$6"
    check "$1: the ready line stays away" lacks "$1/serial.log" 'fruix: ready: '
}

# The lines of a script of rc.d, as they stand in a string of a declaration, in a command of sed.
lines() { printf '%s\\\\n' "$@"; }

# shellcheck disable=SC2016  # for the guest's shell
script=$(lines '#!/bin/sh' '# PROVIDE: odd' '# REQUIRE: NETWORKING syslogd' '# BEFORE: LOGIN' '. /etc/rc.subr' \
    'name=odd' 'rcvar=odd_enable' 'start_cmd=odd_start' \
    'odd_start() { logger -t odd gives up; echo odd: no such port; return 3; }' \
    'load_rc_config odd' ': ${odd_enable:=YES}' 'run_rc_command $1')
odd_files="(list (etc-file (path \"rc.d/odd\") (executable? #t) (content \"$script\")))"

declare_system sound
declare_system odd -e "$(service "(simple-service 'odd etc-service-type $odd_files)")"
declare_system failing -e "$failing_step"
declare_system rootless -e "s/(loader '(/(loader '((\"vfs.root.mountfrom.options\" . \"nonsense\") /"
declare_system panicking -e "$panicking_step"

check "a sound system gets ready, and says that all is well" boots sound --run 'time fruix system status'
sed 's/^/    /' "$scratch/sound.out"
check "its logs are fetched" has sound/messages.log 'syslogd'
check "with its own status" has sound/status.log 'sound: all is well'

fails odd not-ready services odd 'odd: no such port' 'service odd status'
check "odd: the console says so" has odd/serial.log 'fruix: service odd: FAILED'
check "odd: it has a status to tell of" has odd/status.log 'odd: not all is well'
sed 's/^/    /' "$scratch/odd/status.log"
check "odd: which names the service" has odd/status.log 'odd: failed at the boot'
check "odd: with what it said on the console" has odd/status.log '      odd: no such port'
check "odd: and to syslogd" has odd/status.log ']: gives up'
check "odd: and says that the system is not ready" has odd/status.log 'no: not up: odd'
check "odd: its notes are fetched" has odd/boot.log 'service.odd.end:FAILED'

# shellcheck disable=SC2016  # quotes of Fruix
fails failing single-user activation odd 'it does not work' 'the step `odd`'
fails rootless mount-root-prompt kernel '' 'ufs:/dev/gpt/fruix-root failed with error 22' 'mount options'
fails panicking panic activation '' 'kdb_sysctl_panic' 'the generation before'
conclude
