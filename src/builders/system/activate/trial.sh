# When the loader starts this system only to see whether it comes up, it says so by fruix.try. Nobody may be at the
# console then: whatever would wait for somebody restarts the machine instead, and the loader starts the current
# generation. What ends the trial is fruix_ready, which makes this generation the current one.

# The number of the generation that is tried; fails where none is.
trial() {
	kenv -q fruix.try 2>/dev/null
}

# Restarts the machine when the system is not ready in time.
guard_trial() {
	if ! number=$(trial); then
		detail="this start is none"
		return 0
	fi
	limit=$(kenv -q fruix.try_timeout) || limit=600
	guarded=$root/run/fruix-trial
	echo "$number" >"$guarded" || return 1
	# The watchdog of the machine, where it has one, works when the kernel does not.
	if [ -c "$root/dev/fido" ] && watchdog -t "$limit"; then
		detail="watched by the machine, "
	fi
	guard </dev/null >/dev/null 2>&1 &
	detail="${detail}generation $number has $limit seconds to get ready"
}

# Outlives this script, and the terminal of init.
guard() {
	trap - EXIT
	trap '' HUP INT TERM
	sleep "$limit"
	[ -e "$guarded" ] || return 0
	say "generation $number was tried, and is not ready after $limit seconds: restarting" >"$root/dev/console"
	reboot -q
}

# What a failure leads to, if this start is a trial; else it returns.
end_trial() {
	number=$(trial) || return 0
	say "generation $number was tried: restarting"
	reboot -q
	sleep 600
}
