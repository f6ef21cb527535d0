# Has the rc of a boot say on the console when it starts a script and how that ended, and note both in /run/fruix-boot:
# the time of a file there is the time of what it tells.
#
# FreeBSD reads this file (vendor.conf) wherever it reads rc.conf, and before it; only in the rc of a boot something
# happens here. The function which rc calls for each script gets another name and is called from one in its place, so that
# FreeBSD's own files stay what they are. Where it cannot be found, rc works as ever and nothing is said.

# fruix_report SCRIPT begin|end WORDS. In the shell alone: a process for each would cost more than most scripts do.
fruix_report()
{
	echo "fruix: service $1: $3"
	[ ! -d /run/fruix-boot ] || echo "$3" >"/run/fruix-boot/service.$1.$2"
}

# fruix_report_end SCRIPT STATUS. Many of FreeBSD's scripts end with 1 when there is nothing for them to do: only of those
# that start a program which lasts, or that a service brought along, it counts as a failure.
fruix_report_end()
{
	case $2:$fruix_scripts in
	0:*) fruix_report "$1" end ok ;;
	*" $1:other "*) fruix_report "$1" end "ok (status $2)" ;;
	*) fruix_report "$1" end "FAILED status $2" ;;
	esac
}

# Lines NAME KIND: what is told of. The other scripts are not enabled, or are only points in the order.
fruix_list=/run/current-system/etc/fruix/scripts

if [ "${autoboot-no}" = yes ] && [ -z "${fruix_scripts+set}" ] && [ -r "$fruix_list" ]; then
	fruix_scripts=" "
	while read -r fruix_name fruix_kind; do
		fruix_scripts="$fruix_scripts$fruix_name:$fruix_kind "
	done <"$fruix_list"
	fruix_function=$(sed -n '/^run_rc_script()/,/^}/ { s/^run_rc_script()/fruix_run_rc_script()/; p; }' /etc/rc.subr)
	case $fruix_function in
	'fruix_run_rc_script()'*'}')
		eval "$fruix_function"
		run_rc_script()
		{
			case $fruix_scripts in
			*" ${1##*/}:"*) fruix_report "${1##*/}" begin begin ;;
			*)
				fruix_run_rc_script "$@"
				return
				;;
			esac
			fruix_run_rc_script "$@"
			set -- "${1##*/}" "$?"
			fruix_report_end "$1" "$2"
			return "$2"
		}
		;;
	esac
	unset fruix_function
fi
unset fruix_list
