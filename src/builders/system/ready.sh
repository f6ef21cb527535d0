#!/bin/sh
#
# PROVIDE: fruix_ready
# REQUIRE: @REQUIRE@
# KEYWORD: shutdown
#
# Says, when it is true, that the system is activated and that networking and every declared service are up: in the
# file /frx/var/fruix/ready and on the console. What is not up in time is named instead.

. /etc/rc.subr

name="fruix_ready"
desc="Report that networking and every declared service are up"
rcvar="fruix_ready_enable"
start_cmd="fruix_ready_start"
stop_cmd="fruix_ready_stop"

marker=/frx/var/fruix/ready
checks=/run/current-system/etc/fruix/ready-checks
activated=/run/fruix-activated

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

fruix_ready_start()
{
	system=$(realpath /run/current-system)
	if [ "$(cat "$activated" 2>/dev/null)" != "$system" ]; then
		fruix_ready_say "not ready: $(hostname): the activation of $system did not succeed"
		return 1
	fi
	deadline=$(($(fruix_ready_now) + fruix_ready_timeout))
	until fruix_ready_check; do
		if [ "$(fruix_ready_now)" -ge "$deadline" ]; then
			fruix_ready_say "not ready: $(hostname): not up:$missing"
			return 1
		fi
		sleep 1
	done
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
