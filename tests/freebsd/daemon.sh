#!/bin/sh
# On FreeBSD itself, as root: the daemon under rc, an ordinary user who builds through it, and what keeps items from
# being collected.
#
#     sh tests/freebsd/daemon.sh FRUIX USER
#
# FRUIX is a fruix built for FreeBSD, USER an ordinary account, and the kernel needs nullfs, as for sandbox.sh. The store is
# below a temporary directory; the rc script is in /usr/local/etc/rc.d until the end.
set -eu

fruix=${1:?usage: daemon.sh FRUIX USER}
user=${2:?usage: daemon.sh FRUIX USER}
[ "$(uname -s)" = FreeBSD ] || { echo "skipped: this is $(uname -s)"; exit 0; }
scratch=$(mktemp -d)
. "$(dirname "$0")/checks.sh"
chmod 755 "$scratch"
root=$scratch/root
script=/usr/local/etc/rc.d/fruix_daemon

finish() {
    service fruix_daemon onestop >/dev/null 2>&1 || true
    rm -f "$script"
    chflags -R noschg "$scratch"
    chmod -R u+w "$scratch"
    rm -rf "$scratch"
}
trap finish EXIT

says() { # TEXT COMMAND...: the command fails, and says so.
    text=$1
    shift
    ! "$@" >"$scratch/answer" 2>&1 && grep -F "$text" "$scratch/answer"
}

install -d -o "$user" "$scratch/home" "$scratch/of-user"
# As the user, with a home of its own. A script, since su takes one command line.
as_user() {
    printf 'export HOME=%s\ncd %s\nexec' "$scratch/home" "$scratch/of-user" >"$scratch/command"
    for word; do printf " '%s'" "$word"; done >>"$scratch/command"
    su -m "$user" -c "exec /bin/sh $scratch/command"
}

cp "$fruix" "$scratch/fruix"
fruix=$scratch/fruix
chmod 555 "$fruix"
mkdir -p "$root" /usr/local/etc/rc.d
"$fruix" --root "$root" daemon --print-rc freebsd >"$script"
chmod 555 "$script"
wait_for_socket() {
    tries=0
    until [ -S "$root/frx/var/fruix/daemon-socket/socket" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || return 1
        sleep 1
    done
}

check "the rc script starts it" service fruix_daemon onestart
check "it makes its socket" wait_for_socket
check "rc says that it runs" service fruix_daemon onestatus

mkdir "$scratch/tools"
cp /rescue/sh "$scratch/tools/sh"
for tool in id sleep cp mkdir; do ln -s sh "$scratch/tools/$tool"; done
declare_build() { # NAME SCRIPT
    cat >"$scratch/$1.scm" <<DECLARATION
(use-modules (fruix derivations) (fruix store))
(define tools (local-file "tools" #:recursive? #t))
(derivation "$1"
  #:system "x86_64-freebsd"
  #:builder (file-append tools "/sh")
  #:env (list (cons 'PATH tools))
  #:args (list "-c" "$2"))
DECLARATION
}
declare_build plain "id -u > \$out"
# The program goes by the name that it is called by.
declare_build own 'mkdir $out && cp $PATH/sh $out/sh'
declare_build waiting "sleep 1000; echo > \$out"

as_user_build() {
    name=$1
    shift
    as_user "$fruix" --root "$root" build -f "$scratch/$name.scm" "$@"
}
echo hello >"$scratch/of-user/file"
check "an ordinary user adds a file" as_user "$fruix" --root "$root" store add "$scratch/of-user/file"
check "and builds, with a link that keeps the result" as_user_build plain -o "$scratch/of-user/result"
check "as one of the build users" grep -E '^19100000[0-9][0-9]$' "$scratch/of-user/result"
# Where it lies; what commands print is the path that it has in the store.
built=$(readlink "$scratch/of-user/result")
check "the result is root's" [ "$(stat -f %Su "$built")" = root ]
check "the user cannot write the store" refuses as_user touch "$root/frx/store/x"
check "nor the database" refuses as_user cat "$root/frx/var/fruix/db/db.sqlite"
check "no setting is the user's to change" says "for trusted users alone" \
    as_user "$fruix" --root "$root" --option max-jobs 9 store add "$scratch/of-user/file"

check "what a link keeps is not collected" as_user "$fruix" --root "$root" store gc
check "and is there" [ -e "$built" ]
as_user_build own >"$scratch/path"
program=$(tail -1 "$scratch/path")
"$root$program/sh" -c 'sleep 30; true' &
runs=$!
sleep 1
check "collecting garbage beside a program that runs" "$fruix" --root "$root" store gc
check "leaves what it runs from" [ -e "$root$program" ]
check "and says why" sh -c "'$fruix' --root '$root' store why-live '$root$program' | grep -q $runs"
kill "$runs"
wait "$runs" 2>/dev/null || true
check "collecting after it has ended" "$fruix" --root "$root" store gc
check "takes it away" [ ! -e "$root$program" ]

as_user_build waiting >"$scratch/waiting.log" 2>&1 &
client=$!
wait_for_build() {
    tries=0
    until pgrep -U 1910000000-1910000063 >/dev/null || pgrep -f 'sleep 1000' >/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || return 1
        sleep 1
    done
}
check "a build runs" wait_for_build
pkill -f "$fruix.*waiting.scm" || true
wait "$client" 2>/dev/null || true
gone() {
    tries=0
    while pgrep -f 'sleep 1000'; do
        tries=$((tries + 1))
        [ "$tries" -lt 30 ] || return 1
        sleep 1
    done
}
check "the build of a client that has gone is ended" gone

mkdir -p "$root/frx/etc"
echo 'allowed-users = root' >"$root/frx/etc/fruix.conf"
check "it reads its settings again" service fruix_daemon onereload
sleep 1
check "who is not allowed is refused" refuses as_user "$fruix" --root "$root" store add "$scratch/of-user/file"
rm "$root/frx/etc/fruix.conf"
service fruix_daemon onereload >/dev/null

pid=$(cat /var/run/fruix_daemon.pid)
kill -9 "$pid"
restarted() {
    tries=0
    until [ "$(cat /var/run/fruix_daemon.pid 2>/dev/null)" != "$pid" ] &&
        as_user "$fruix" --root "$root" store add "$scratch/of-user/file"; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || return 1
        sleep 1
    done
}
check "killed, it is started again, and serves" restarted
check "the store is sound" "$fruix" --root "$root" store verify --check-contents
check "rc stops it" service fruix_daemon onestop
check "and it has gone" refuses service fruix_daemon onestatus
check "and its socket" [ ! -S "$root/frx/var/fruix/daemon-socket/socket" ]
check "no jail is left" [ -z "$(jls path)" ]

conclude
