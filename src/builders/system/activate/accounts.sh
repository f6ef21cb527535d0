# Merges the accounts of the system into those of the machine: passwords, and numbers that the declaration leaves
# open, are the machine's; all else is the declaration's. An account that is declared no more is locked, and one
# that the operator made is left alone.
#
# Every function sets IFS before it splits and unsets it when done; a loop's words are split before it begins.

accounts() {
	umask 077
	managed=$(contents "$state/accounts")
	locked=$(contents "$state/locked-accounts")
	old_groups=$(contents "$etc/group")
	old_users=$(contents "$etc/master.passwd")
	declared_groups=$(contents "$data/accounts/group")
	declared_users=$(contents "$data/accounts/passwd")
	merge_groups && merge_users && write_accounts
	status=$?
	umask 022
	return $status
}

# Sets `groups`: lines of group(5).
merge_groups() {
	numbers=
	add_numbers "$declared_groups" 2
	add_numbers "$old_groups" 3
	groups=
	IFS=$newline
	for line in $declared_groups; do
		split "$line"
		name=$field1 number=$field2 members=$field3
		if find_line "$name" "$old_groups"; then
			split "$found"
			number=${number:-$field3}
			keep_members "$field4"
		fi
		[ -n "$number" ] || free_number
		groups="$groups$name:*:$number:$members$newline"
	done
	IFS=$newline
	for line in $old_groups; do
		case $line in
		'#'*) continue ;;
		esac
		find_line "${line%%:*}" "$declared_groups" || groups=$groups$line$newline
	done
	unset IFS
}

# keep_members LIST: adds to `members` those accounts that only the operator can have put into the group.
keep_members() {
	IFS=,
	for member in $1; do
		find_line "$member" "$declared_users" && continue
		has_word "$member" "$managed" && continue
		has_word "$member" "$locked" && continue
		members=${members:+$members,}$member
	done
	unset IFS
}

# Sets `users`, lines of master.passwd(5), `managed`, the names the declaration has, and `locked`, those it had.
merge_users() {
	numbers=
	add_numbers "$declared_users" 2
	add_numbers "$old_users" 3
	users=
	was_managed=$managed
	was_locked=$locked
	managed=
	locked=
	IFS=$newline
	for line in $declared_users; do
		split "$line"
		name=$field1 number=$field2 group=$field3 tail=$field5:$field6:$field7 class=$field4
		password='*' expiry=0:0
		had=
		if find_line "$name" "$old_users"; then
			split "$found"
			had=$field3
			number=${number:-$field3} password=$field2 expiry=$field6:$field7
			has_word "$name" "$was_locked" && password=${password#'*LOCKED*'}
		fi
		[ -n "$number" ] || free_number
		check_number || return 1
		group_number "$group" || return 1
		users=$users$name:$password:$number:$group:$class:$expiry:$tail$newline
		managed="$managed $name"
	done
	IFS=$newline
	for line in $old_users; do
		case $line in
		'#'*) continue ;;
		esac
		name=${line%%:*}
		find_line "$name" "$declared_users" && continue
		if has_word "$name" "$was_managed"; then
			rest=${line#*:}
			line="$name:*LOCKED*$rest"
			locked="$locked $name"
		elif has_word "$name" "$was_locked"; then
			locked="$locked $name"
		fi
		users=$users$line$newline
	done
	unset IFS
}

# Fails if the account `name` would newly get a `number` that an account made by the operator has: both would own
# each other's files. Accounts that were declared once do not count: to rename one is to declare it anew.
check_number() {
	[ "$number" != "$had" ] || return 0
	IFS=$newline
	for other in $old_users; do
		split "$other"
		if [ "$field3" = "$number" ] && ! find_line "$field1" "$declared_users" &&
			! has_word "$field1" "$was_managed" && ! has_word "$field1" "$was_locked"; then
			fail "the account $name is declared with the uid $number, which is that of $field1 on this machine"
			return 1
		fi
	done
	unset IFS
}

# group_number GROUP: sets `group` to the number of a group that is named, or is a number already.
group_number() {
	case $1 in
	*[!0-9]*)
		find_line "$1" "$groups" || {
			fail "no group $1 for the account $name"
			return 1
		}
		split "$found"
		group=$field3
		;;
	esac
}

write_accounts() {
	if [ "$groups" != "$old_groups$newline" ]; then
		printf '%s' "$groups" >"$etc/group.new" && chmod 0644 "$etc/group.new" &&
			mv -f "$etc/group.new" "$etc/group" || return 1
	fi
	if [ "$users" != "$old_users$newline" ] || [ ! -f "$etc/pwd.db" ] || [ ! -f "$etc/spwd.db" ]; then
		printf '%s' "$users" >"$etc/master.passwd.new" &&
			pwd_mkdb -p -d "$etc" "$etc/master.passwd.new" || return 1
	fi
	echo "$managed" >"$state/accounts" && echo "$locked" >"$state/locked-accounts"
}

# Makes the home directories that are not there yet.
homes() {
	users=$(contents "$etc/master.passwd")
	IFS=$newline
	for line in $(contents "$data/accounts/homes"); do
		home=$root${line#*:}
		[ -d "$home" ] && continue
		find_line "${line%%:*}" "$users" || {
			fail "no account ${line%%:*} for the directory $home"
			return 1
		}
		split "$found"
		make_home "$home" "$field3:$field4" || return 1
	done
	unset IFS
}

# make_home DIRECTORY OWNER:GROUP
make_home() {
	mkdir -p "$1" || return 1
	set +f
	for file in "$world"/usr/share/skel/dot.*; do
		[ -f "$file" ] || continue
		cp "$file" "$1/.${file##*/dot.}" && chmod u+w "$1/.${file##*/dot.}" || return 1
	done
	set -f
	chown -R "$2" "$1"
}

# split LINE: sets field1 to field10 to its parts between colons.
split() {
	IFS=:
	set -- $1
	unset IFS
	field1=${1-} field2=${2-} field3=${3-} field4=${4-} field5=${5-}
	field6=${6-} field7=${7-} field8=${8-} field9=${9-} field10=${10-}
}

# add_numbers LINES FIELD: adds the numbers in that field to the words of `numbers`.
add_numbers() {
	position=$2
	IFS=$newline
	for line in $1; do
		split "$line"
		eval "numbers=\"\$numbers \$field$position\""
	done
	unset IFS
}

# Sets `number` to one that is free, from where FreeBSD begins to number people.
free_number() {
	number=1001
	while has_word "$number" "$numbers"; do
		number=$((number + 1))
	done
	numbers="$numbers $number"
}
