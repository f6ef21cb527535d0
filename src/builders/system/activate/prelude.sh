# Activation makes this system the current one. init(8) runs it before /etc/rc, with the root file system still
# read-only and no other one mounted; its interpreter and the tools of the first steps are static, so that it
# works whatever the libraries of the last system were. Every step says on the console how it ended. A step that
# fails ends the activation, and init goes to single-user mode. There the activation can be run again by hand.
#
# With the argument `switch` it makes this system the current one of a machine that is up: what only a boot needs is
# left out, and whoever runs it sees to what follows a failure.
#
# The scripts loop over words and lines in memory: a process costs milliseconds where a built-in costs none.

set -u
set -f

mode=${1-boot}
newline='
'
etc=$root/etc
state=$root/frx/var/fruix
data=$system/activation
records=$root/run/fruix-boot
PATH=$world/rescue:$world/bin:$world/sbin:$world/usr/bin:$world/usr/sbin
# The login class of init may name a locale that the world was built without.
LC_ALL=C
export PATH LC_ALL

say() {
	echo "fruix: activate: $*"
}

# note WORDS: how the current step ended, for who looks into the boot later. The time of the file tells when it was.
note() {
	if [ "$mode" != switch ] && [ -d "$records" ]; then
		echo "$*" >"$records/activate.$current"
	fi
}

# step NAME FUNCTION: runs one step. A function says more about a good end in `detail`, and why it failed by `fail`;
# where it does not, the last line on standard error does.
step() {
	current=$1
	detail=
	why=
	# Nothing can be written before /run is there: then standard error goes to the console at once.
	errors=
	if [ -w "$root/run" ]; then
		errors=$root/run/fruix-errors
		"$2" 2>"$errors"
	else
		"$2"
	fi || exit 1
	tell_errors
	say "$1: ok${detail:+ ($detail)}"
	note ok
	current=
}

# boot_step NAME FUNCTION: a step that a switch of the running system does without.
boot_step() {
	[ "$mode" = switch ] || step "$@"
}

# fail WHY: how a function ends that cannot do its work.
fail() {
	why=$*
	return 1
}

# Says what the step wrote to standard error. The last line of it is why it failed, if it does not say so itself.
tell_errors() {
	last=
	if [ -n "$errors" ] && [ -s "$errors" ]; then
		while IFS= read -r line || [ -n "$line" ]; do
			echo "$line"
			last=${line:-$last}
		done <"$errors"
	fi
	why=${why:-$last}
}

# Runs on every exit, so that also a script that breaks off is reported.
report() {
	status=$?
	if [ -n "$current" ]; then
		tell_errors
		say "$current: FAILED${why:+ $why}"
		note "FAILED $why"
		[ "$mode" != switch ] || exit 1
		end_trial
		# What /bin and /sbin lead to may not be there yet.
		say "repair it in the shell that follows, with the tools of the store: PATH=$world/rescue"
		say "then activate again, and end the shell for the boot to go on: $system/activate"
		exit 1
	fi
	exit "$status"
}

errors=
why=
current=start
trap report EXIT

# contents FILE: its text; nothing if there is none.
contents() {
	if [ -r "$1" ]; then
		cat "$1"
	fi
}

# words FILE: its words with single spaces between them.
words() {
	set -- $(contents "$1")
	echo "$*"
}

# find_line KEY LINES: sets `found` to the first line that begins with `KEY:`.
find_line() {
	found=
	case $newline$2 in
	*"$newline$1:"*) ;;
	*) return 1 ;;
	esac
	found=$newline$2
	found=${found#*"$newline$1:"}
	found=$1:${found%%"$newline"*}
}

# has_word WORD WORDS: whether the word is among the words.
has_word() {
	case " $2 " in
	*" $1 "*) return 0 ;;
	*) return 1 ;;
	esac
}
