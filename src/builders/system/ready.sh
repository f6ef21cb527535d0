#!/bin/sh
#
# PROVIDE: fruix_ready
# REQUIRE: @REQUIRE@
# KEYWORD: shutdown
#
# Says, when it is true, that the system is activated and that networking and every declared service are up: in the
# file /frx/var/fruix/ready and on the console. What is not up in time is named instead.
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

# Lines NAME<tab>COMMAND: sets `missing` to the names of those that do not hold.
fruix_ready_check()
{
	missing=
	tab=$(printf '\t')
	while IFS="$tab" read -r check command; do
		timeout -s KILL "$(fruix_ready_limit)" /bin/sh -c "$command" </dev/null >/dev/null 2>&1 ||
			missing="$missing $check"
	done <"$checks"
	[ -z "$missing" ]
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
			fruix_ready_give_up "not up:$missing"
			return
		fi
		sleep 1
	done
	fruix_ready_keep
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
