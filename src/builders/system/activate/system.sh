# Steps that make this system the current one, at boot or later.

# The link that everything else goes through. Replaced by renaming, so that there is always one.
current_system() {
	rm -f "$root/run/fruix-activated" &&
		ln -sfn "$system" "$root/run/.current-system" &&
		mv -fh "$root/run/.current-system" "$root/run/current-system"
}

state_directory() {
	mkdir -p "$state/kept" && rm -f "$state/ready" && {
		[ -z "${grown:-}" ] || echo "$grown" >"$state/root-size"
	}
}

# Directories, links and first copies of files outside the store. What is there stays as it is.
root_tree() {
	tar -xpkf "$data/root.mtree" -C "$root/" && copy_files -k -C "$root/" -f "$data/copies.mtree"
}

# Has tar read what a manifest says in `contents=`.
copy_files() {
	tar --options mtree:checkfs -xp "$@"
}

# Set-user-id programs cannot be in the store, where everyone's builds put files.
setuid_programs() {
	new=$root/run/setuid-programs.new
	old=$root/run/setuid-programs.old
	rm -rf "$new" "$old" && mkdir -m 0755 "$new" && copy_files -C "$new" -f "$data/setuid.mtree" || return 1
	if [ -d "$root/run/setuid-programs" ]; then
		mv "$root/run/setuid-programs" "$old" || return 1
	fi
	mv "$new" "$root/run/setuid-programs" && rm -rf "$old"
}

# Links from /etc to the files of the current system. They say /run/current-system, so that they stay right when
# that changes. What the operator put in the place of a link is kept aside, and said.
etc_links() {
	kept=
	links=$(words "$data/etc-links")
	last_links=$(words "$state/etc-links")
	# First of all, while every directory is still what it was when the links in it were made.
	remove_stale_links && make_etc_directories && open_occupied_directories || return 1
	# Until all is done, both old and new links may be there.
	echo "$last_links $links" >"$state/etc-links" || return 1
	wanted=
	for link in $links; do
		path=$etc/$link
		[ "$path" -ef "$system/etc/$link" ] && [ -L "$path" ] && continue
		make_way "$path" "$link" || return 1
		case $link in
		*/*) ln -s "/run/current-system/etc/$link" "$path" || return 1 ;;
		*) wanted="$wanted /run/current-system/etc/$link" ;;
		esac
	done
	if [ -n "$wanted" ]; then
		ln -s $wanted "$etc/" || return 1
	fi
	echo "$links" >"$state/etc-links" || return 1
	say_kept
}

# Links that the last system had and this one has not. What lies behind a link to a directory is in the store, and no
# one's to remove.
remove_stale_links() {
	stale=
	for link in $last_links; do
		if ! has_word "$link" "$links" && in_real_directory "$link" && is_own_link "$etc/$link"; then
			stale="$stale $etc/$link"
		fi
	done
	if [ -n "$stale" ]; then
		rm -f $stale
	fi
}

# Directories in which links stand beside files of the machine; those that hold others come first.
make_etc_directories() {
	for directory in $(words "$data/etc-directories"); do
		if [ -L "$etc/$directory" ] || [ ! -d "$etc/$directory" ]; then
			make_way "$etc/$directory" "$directory" && mkdir "$etc/$directory" || return 1
		fi
	done
}

# Where the system wants a link to a directory, and the machine has a directory with files of its own, as /etc/ssh has
# the host keys: that stays, and gets links to what is in the system's.
open_occupied_directories() {
	left=$links
	links=
	while [ -n "$left" ]; do
		set -- $left
		left=
		for link; do
			if [ -L "$etc/$link" ] || [ ! -d "$etc/$link" ] || [ ! -d "$system/etc/$link" ] ||
				rmdir "$etc/$link" 2>/dev/null; then
				links="$links $link"
			else
				add_entries "$link"
			fi
		done
	done
	links=${links# }
}

# add_entries DIRECTORY: adds what the system has in it to the words of `left`.
add_entries() {
	set +f
	for entry in "$system/etc/$1"/* "$system/etc/$1"/.[!.]*; do
		if [ -e "$entry" ] || [ -L "$entry" ]; then
			left="$left $1/${entry##*/}"
		fi
	done
	set -f
}

# in_real_directory PATH: whether no directory on the way from /etc to the path is a link.
in_real_directory() {
	parent=$1
	while [ "$parent" != "${parent%/*}" ]; do
		parent=${parent%/*}
		[ ! -L "$etc/$parent" ] || return 1
	done
}

# is_own_link PATH: whether it is a link that activation made, or the image. (`ls` is static, as readlink is not.)
is_own_link() {
	[ -L "$1" ] || return 1
	target=$(ls -ld "$1") || return 1
	case ${target#*" -> "} in
	/run/current-system/etc/* | /frx/var/fruix/profiles/system/etc/*) return 0 ;;
	*) return 1 ;;
	esac
}

# make_way PATH NAME: takes away what is at a path of /etc: activation's own link, or what is then kept aside.
make_way() {
	if is_own_link "$1"; then
		rm -f "$1"
	elif [ -L "$1" ] || [ -e "$1" ]; then
		keep_aside "$1" "$2"
	fi
}

# Files of /etc that cannot be links. One that differs from what the last activation put there is the operator's.
etc_copies() {
	kept=
	for name in $(words "$data/etc-copies"); do
		wanted=$(contents "$system/etc/$name")
		last=$state/copies/etc/$name
		if [ -L "$etc/$name" ]; then
			make_way "$etc/$name" "$name" || return 1
		elif [ -e "$etc/$name" ]; then
			found=$(contents "$etc/$name")
			[ "$found" = "$wanted" ] && continue
			[ "$found" = "$(contents "$last")" ] || keep_aside "$etc/$name" "$name" || return 1
		fi
		mkdir -p "${last%/*}" && cp -f "$system/etc/$name" "$last" && cp -f "$last" "$etc/.$name.new" &&
			chmod 0644 "$last" "$etc/.$name.new" && mv -f "$etc/.$name.new" "$etc/$name" || return 1
	done
	say_kept
}

# Sets `detail` to what was kept aside.
say_kept() {
	detail=${kept:+changed by hand and kept in /frx/var/fruix/kept:$kept}
}

# keep_aside PATH NAME: moves a file away under a name that is not yet taken.
keep_aside() {
	aside=$state/kept/etc/$2
	number=0
	while [ -e "$aside" ] || [ -L "$aside" ]; do
		number=$((number + 1))
		aside=$state/kept/etc/$2.$number
	done
	mkdir -p "${aside%/*}" && mv "$1" "$aside" || return 1
	kept="$kept ${aside#"$state/kept/"}"
}

# What the ready check looks for. Nothing else says that every step succeeded.
activated() {
	echo "$system" >"$root/run/fruix-activated"
}
