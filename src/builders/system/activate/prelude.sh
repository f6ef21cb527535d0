# Activation makes this system the current one. init(8) runs it before /etc/rc, with the root file system still
# read-only and no other one mounted; its interpreter and the tools of the first steps are static, so that it
# works whatever the libraries of the last system were. Every step says on the console how it ended. A step that
# fails ends the activation, and init goes to single-user mode.
#
# The scripts loop over words and lines in memory: a process costs milliseconds where a built-in costs none.

set -u
set -f

newline='
'
etc=$root/etc
state=$root/frx/var/fruix
data=$system/activation
PATH=$world/rescue:$world/bin:$world/sbin:$world/usr/bin:$world/usr/sbin
# The login class of init may name a locale that the world was built without.
LC_ALL=C
export PATH LC_ALL

say() {
	echo "fruix: activate: $*"
}

# step NAME FUNCTION: runs one step. A function says more about a good end in `detail`, and why it failed on
# standard error.
step() {
	current=$1
	detail=
	if "$2"; then
		say "$1: ok${detail:+ ($detail)}"
		current=
	else
		exit 1
	fi
}

# Runs on every exit, so that also a script that breaks off is reported.
report() {
	status=$?
	if [ -n "$current" ]; then
		say "$current: FAILED"
		say "repair the cause in the shell that follows; its end continues the boot"
		exit 1
	fi
	exit "$status"
}

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
