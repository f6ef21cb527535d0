#!/bin/sh
#
# PROVIDE: fruix_ready
# REQUIRE: @REQUIRE@
# KEYWORD: shutdown
#
# Says, when it is true, that networking and every declared service are up: in the file /frx/var/fruix/ready and
# on the console. What is not up in time is named instead.

. /etc/rc.subr

name="fruix_ready"
desc="Report that networking and every declared service are up"
rcvar="fruix_ready_enable"
start_cmd="fruix_ready_start"
stop_cmd="fruix_ready_stop"

marker=/frx/var/fruix/ready
checks=/run/current-system/etc/fruix/ready-checks

fruix_ready_say()
{
	echo "fruix: $*" >/dev/console
}

# Lines NAME<tab>COMMAND: sets `missing` to the names of those that do not hold.
fruix_ready_check()
{
	missing=
	tab=$(printf '\t')
	while IFS="$tab" read -r check command; do
		/bin/sh -c "$command" </dev/null >/dev/null 2>&1 || missing="$missing $check"
	done <"$checks"
	[ -z "$missing" ]
}

fruix_ready_start()
{
	system=$(realpath /run/current-system)
	left=${fruix_ready_timeout}
	until fruix_ready_check; do
		if [ "$left" -le 0 ]; then
			fruix_ready_say "not ready: $(hostname): not up:$missing"
			return 1
		fi
		left=$((left - 1))
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
