#!/bin/sh
#
# PROVIDE: fruix_ready
# REQUIRE: @REQUIRE@
# KEYWORD: shutdown
#
# Says, when it is true, that the system is activated and that networking and every declared service are up: in the
# file /frx/var/fruix/ready and on the console. What is not up in time is named instead, as is what failed at the boot.
#
# A generation that the loader started only to see whether it comes up becomes the current one when it is ready; if it is
# not, the machine restarts, with the current one.

. /etc/rc.subr

name="fruix_ready"
desc="Report that networking and every declared service are up"
rcvar="fruix_ready_enable"
start_cmd="fruix_ready_start"
stop_cmd="fruix_ready_stop"

marker=/frx/var/fruix/ready
checks=/run/current-system/etc/fruix/ready-checks
scripts=/run/current-system/etc/fruix/scripts
records=/run/fruix-boot
# Why the system is not ready, as long as it is not.
failure=$records/not-ready
activated=/run/fruix-activated
state=/frx/var/fruix
# There as long as this start is a trial.
trial=/run/fruix-trial

fruix_ready_say()
{
	echo "fruix: $*" >/dev/console
}

fruix_ready_now()
{
	date +%s
}

# How many seconds the next check may take. Even when the time is over it may have one: it may hold after all.
fruix_ready_limit()
{
	left=$((deadline - $(fruix_ready_now)))
	if [ "$left" -gt 10 ]; then
		left=10
	elif [ "$left" -lt 1 ]; then
		left=1
	fi
	echo "$left"
}

# fruix_ready_try NAME COMMAND: adds a name to the words of `missing` if the command fails, or takes too long.
fruix_ready_try()
{
	timeout -s KILL "$(fruix_ready_limit)" /bin/sh -c "$2" </dev/null >/dev/null 2>&1 || fruix_ready_miss "$1"
}

fruix_ready_miss()
{
	case "$missing " in
	*" $1 "*) ;;
	*) missing="$missing $1" ;;
	esac
}

# Sets `missing` to the names of what is not up: lines NAME<tab>COMMAND say what has to hold, and lines NAME KIND which
# scripts of declared services start what has to keep running.
fruix_ready_check()
{
	missing=
	tab=$(printf '\t')
	while IFS="$tab" read -r check command; do
		fruix_ready_try "$check" "$command"
	done <"$checks"
	while read -r script kind; do
		[ "$kind" != lasting ] || fruix_ready_try "$script" "service $script onestatus"
	done <"$scripts"
	[ -z "$missing" ]
}

# Adds to `missing` the scripts of declared services that failed when rc started them. Only at the boot: later, whoever
# asks may have mended them.
fruix_ready_failed()
{
	[ "${autoboot-no}" = yes ] || return 0
	while read -r script kind; do
		[ "$kind" != other ] && [ -r "$records/service.$script.end" ] || continue
		read -r ending <"$records/service.$script.end"
		case $ending in
		FAILED*) fruix_ready_miss "$script" ;;
		esac
	done <"$scripts"
}

# What the trial is for. Somebody may have chosen another generation meanwhile, which counts.
fruix_ready_keep()
{
	[ -e "$trial" ] || return 0
	number=$(cat "$trial")
	if [ "$(cat "$state/boot/try" 2>/dev/null)" = "spent $number" ] &&
		[ "$(readlink "$state/profiles/system-$number-link")" = "$system" ]; then
		ln -sfn "system-$number-link" "$state/profiles/.system.tried" &&
			mv -fh "$state/profiles/.system.tried" "$state/profiles/system" || return 1
		sync
		rm -f "$state/boot/try"
		fruix_ready_say "generation $number is the current one now"
	fi
	rm -f "$trial"
	if [ -c /dev/fido ]; then
		watchdog -t 0
	fi
}

fruix_ready_give_up()
{
	fruix_ready_say "not ready: $(hostname): $*"
	[ ! -d "$records" ] || echo "$*" >"$failure"
	if [ -e "$trial" ]; then
		fruix_ready_say "generation $(cat "$trial") was tried: restarting"
		reboot
	fi
	return 1
}

fruix_ready_start()
{
	system=$(realpath /run/current-system)
	if [ "$(cat "$activated" 2>/dev/null)" != "$system" ]; then
		fruix_ready_give_up "the activation of $system did not succeed"
		return
	fi
	deadline=$(($(fruix_ready_now) + fruix_ready_timeout))
	until fruix_ready_check; do
		if [ "$(fruix_ready_now)" -ge "$deadline" ]; then
			fruix_ready_failed
			fruix_ready_give_up "not up:$missing"
			return
		fi
		sleep 1
	done
	fruix_ready_failed
	if [ -n "$missing" ]; then
		fruix_ready_give_up "not up:$missing"
		return
	fi
	fruix_ready_keep
	rm -f "$failure"
	echo "${system##*/}" >"$marker.new" && mv -f "$marker.new" "$marker" &&
		fruix_ready_say "ready: $(hostname) ${system##*/}"
}

fruix_ready_stop()
{
	rm -f "$marker"
}

load_rc_config "$name"
: "${fruix_ready_enable:=YES}"
: "${fruix_ready_timeout:=60}"
run_rc_command "$1"
