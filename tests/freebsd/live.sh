#!/bin/sh
# A running FreeBSD that was made by Fruix, switched from another machine over SSH: what is restarted and what is not,
# users, the way back, a connection that is lost, and what is never done to a machine that is up.
#
#     sh tests/freebsd/live.sh FRUIX BASE.scm ssh://root@HOST:PORT KEY [OPTION…]
#
# FRUIX is the program of this machine; FRUIX_ROOT says where its store is. BASE.scm declares the system that the guest
# runs, with an `openssh-service-type` that listens on port 22 of the guest and a `fruix-service-type`; its last expression
# begins a line with `(operating-system`. KEY is a private key that lets root in. OPTIONs go to `system reconfigure`, such
# as --with-source. The guest is left with the generations that were made, and runs BASE.scm.
set -eu

[ $# -ge 4 ] || { echo "usage: live.sh FRUIX BASE.scm ssh://root@HOST:PORT KEY [OPTION…]" >&2; exit 2; }
fruix=$1 base=$(realpath "$2") target=$3 key=$4
shift 4
scratch=$(mktemp -d)
. "$(dirname "$0")/checks.sh"
# What the base names stands beside it.
declarations=$(dirname "$base")/live-test-$$
trap 'rm -rf "$scratch" "$declarations"-*.scm' EXIT
place=${target#ssh://}
host=${place%:*} port=22
[ "$host" = "$place" ] || port=${place##*:}

guest() { ssh -i "$key" -o IdentitiesOnly=yes -o LogLevel=ERROR -p "$port" "$host" "$@"; }
reconfigure() { # NAME OPTION...
    name=$1
    shift
    "$fruix" system reconfigure "$declarations-$name.scm" --target "$target" --identity "$key" $options "$@"
}
options=$*

# declare_system NAME TEXT USER SSHD SERVICE…: the base with a user, fields of sshd's configuration, and daemons of these
# names. The configuration of alpha is TEXT; `broken` is a step of activation that fails.
declare_system() {
    name=$1 text=$2 user=$3 extra=$4
    shift 4
    services=
    for service; do
        case $service in
        broken)
            step='(activation-step (name "broken") (script "echo no such luck >&2; false"))'
            services="$services (simple-service 'broken activation-service-type (list $step))"
            continue
            ;;
        alpha) of=$text ;;
        *) of=one ;;
        esac
        services="$services (service (daemon-type '$service) \"$of\\n\")"
    done
    {
        sed 's/^(operating-system/(define base (operating-system/' "$base"
        cat <<END
)
(use-modules (fruix services) (fruix services ssh) (fruix accounts))
(define (script name)
  (string-append "#!/bin/sh\n# PROVIDE: " name "\n# REQUIRE: LOGIN\n. /etc/rc.subr\nname=" name "\nrcvar=" name
                 "_enable\npidfile=/var/run/" name ".pid\ncommand=/usr/sbin/daemon\nprocname=/bin/sleep\n"
                 "command_args=\"-p \$pidfile -f /bin/sleep 1000000\"\nload_rc_config \$name\nrun_rc_command \"\$1\"\n"))
(define (daemon-type symbol)
  (let ([name (symbol->string symbol)])
    (service-type
     (name symbol)
     (extensions
      (list (service-extension rc-conf-service-type (lambda (text) (list (cons (string-append name "_enable") "YES"))))
            (service-extension
             etc-service-type
             (lambda (text)
               (list (etc-file (path (string-append name ".conf")) (content text))
                     (etc-file (path (string-append "rc.d/" name)) (content (script name)) (executable? #t))))))))))
(operating-system
 (inherit base)
 (users (cons (user-account (name "$user")) (operating-system-users base)))
 (services
  (append (list $services)
          (modify-service (operating-system-services base)
                          openssh-service-type
                          (lambda (old) (openssh-configuration (inherit old) $extra)))))
END
        case $name in base) echo '(loader (cons (cons "beastie_disable" "YES") (operating-system-loader base)))' ;; esac
        echo ')'
    } >"$declarations-$name.scm"
}

declare_system first one bob '' alpha beta gamma
declare_system second two ada '(extra-config "LoginGraceTime 61\n")' alpha beta delta
declare_system port two ada '(port 2022)' alpha beta delta
declare_system base two ada '' alpha beta delta
declare_system broken two ada '' alpha beta delta broken

pid() { guest cat "/var/run/$1.pid"; }
up() { guest service "$1" onestatus; }
same() { [ "$1" = "$2" ]; }
differs() { [ "$1" != "$2" ]; }
says() { # TEXT COMMAND...
    text=$1
    shift
    "$@" >"$scratch/answer" 2>&1
    cat "$scratch/answer"
    grep -F -e "$text" "$scratch/answer"
}
fails() { # TEXT COMMAND...: it fails, and says so.
    text=$1
    shift
    ! "$@" >"$scratch/answer" 2>&1 && cat "$scratch/answer" && tr -s ' │\n' ' ' <"$scratch/answer" | grep -F -e "$text"
}
user() { guest grep "^$1:" /etc/master.passwd; }
runs() { guest readlink /run/current-system; }
current() { guest fruix system describe | head -1; }

check "a system with three daemons is switched to" reconfigure first
first=$(runs)
alpha=$(pid alpha) beta=$(pid beta) sshd=$(pid sshd)
uid=$(user bob | cut -d: -f3)
generation=$(guest fruix system describe --json | sed -n 's/^  "generation": \([0-9]*\),/\1/p')
check "the next one is built" "$fruix" system build "$declarations-second.scm" $options
check "a dry run tells what would be restarted" says 'restart  alpha' reconfigure second --dry-run
check "what would be reloaded" grep 'reload *sshd *openssh  /etc/ssh/sshd_config' "$scratch/answer"
check "and what would stay" grep 'stay as they are: beta' "$scratch/answer"
check "and does nothing" same "$first" "$(runs)"

check "users and services change" says 'was reached over a new connection' reconfigure second
second=$(runs)
check "alpha was restarted" differs "$alpha" "$(pid alpha)"
check "beta was not" same "$beta" "$(pid beta)"
check "sshd was not" same "$sshd" "$(pid sshd)"
check "but reads its configuration anew" says 'logingracetime 61' guest /usr/sbin/sshd -T
check "gamma is stopped" refuses up gamma
check "delta runs" up delta
check "a new user is there" user ada
check "one that is declared no more is locked, and keeps its number" says "bob:*LOCKED**:$uid:" user bob
check "it is what will be booted" same "$second" "$(guest 'readlink -f /frx/var/fruix/profiles/system')"
delta=$(pid delta)
check "again, nothing changes" says 'nothing changed' reconfigure second
check "and nothing is restarted" same "$delta" "$(pid delta)"

check "it is rolled back" guest fruix system switch-generation "$generation"
check "gamma runs again" up gamma
check "delta does not" refuses up delta
check "bob is back with his number" says "bob:*:$uid:" user bob
check "ada is locked" says 'ada:*LOCKED*' user ada
check "beta was never touched" same "$beta" "$(pid beta)"

gamma=$(pid gamma)
check "a connection that is lost takes the system back" \
    fails 'nobody connected anew within 20 seconds' reconfigure port --confirm-within 20
check "to the one before" same "$first" "$(runs)"
check "which is booted, too" same "$first" "$(guest 'readlink -f /frx/var/fruix/profiles/system')"
check "with its services" up gamma
check "and its users" says "bob:*:$uid:" user bob

guest fruix system switch-generation +1 >/dev/null 2>&1 &
session=$!
sleep 3
kill -9 "$session"
ended() {
    tries=0
    until [ "$(runs)" = "$second" ] && guest tail -1 /frx/var/fruix/switch.log | grep -x done; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || return 1
        sleep 2
    done
}
check "a switch outlives the session that began it" ended
check "and there is a way back" guest fruix system switch-generation "$generation"

check "an activation that fails is named" fails 'its step broken failed: no such luck' reconfigure broken
check "and leaves the system as it was" same "$first" "$(runs)"
check "with its services" up gamma

check "another loader setting waits for the next boot" says 'its setting beastie_disable' reconfigure base
check "and nothing is done" same "$first" "$(runs)"
check "the first one is chosen again" guest fruix system switch-generation "$generation"

check "nothing differs by hand" says 'nothing was changed by hand' guest fruix system describe --drift
guest 'touch /etc/rc.conf.local; rm /etc/motd.template; echo mine >/etc/motd.template; pw useradd eve; service alpha onestop'
guest fruix system describe --drift >"$scratch/drift" || true
for line in '/etc/rc.conf.local' '/etc/motd.template *is a file in the place of a link' 'eve *was made by hand' \
    'alpha *does not run'; do
    check "drift: $line" grep "$line" "$scratch/drift"
done
guest 'rm /etc/rc.conf.local; pw userdel eve; service alpha onestart' >/dev/null
check "the base is switched to again" \
    "$fruix" system reconfigure "$base" --target "$target" --identity "$key" $options
check "what was kept aside is told" says '/etc/motd.template' guest fruix system describe --drift

conclude
