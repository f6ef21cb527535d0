# Steps that make this system the current one, at boot or later.

# The link that everything else goes through. Replaced by renaming, so that there is always one.
current_system() {
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
# that changes. A file in the place of a link is the operator's: it is kept aside, and said.
etc_links() {
	links=$(words "$data/etc-links")
	kept=
	wanted=
	for link in $links; do
		path=$etc/$link
		if [ -L "$path" ]; then
			[ "$path" -ef "$system/etc/$link" ] && continue
			rm -f "$path" || return 1
		elif [ -e "$path" ]; then
			keep_aside "$path" "$link" || return 1
		fi
		case $link in
		*/*) link_nested "$link" || return 1 ;;
		*) wanted="$wanted /run/current-system/etc/$link" ;;
		esac
	done
	if [ -n "$wanted" ]; then
		ln -sf $wanted "$etc/" || return 1
	fi
	remove_stale_links || return 1
	echo "$links" >"$state/etc-links" || return 1
	say_kept
}

# Files of /etc that cannot be links. One that differs from what the last activation put there is the operator's.
etc_copies() {
	kept=
	for name in $(words "$data/etc-copies"); do
		wanted=$(contents "$system/etc/$name")
		last=$state/copies/etc/$name
		if [ -L "$etc/$name" ]; then
			rm -f "$etc/$name" || return 1
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

# link_nested LINK: a link in a directory that is a real one.
link_nested() {
	directory=$etc/${1%/*}
	if [ -L "$directory" ]; then
		rm -f "$directory" || return 1
	fi
	if [ ! -d "$directory" ]; then
		mkdir -p "$directory" || return 1
	fi
	ln -sf "/run/current-system/etc/$1" "$etc/$1"
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

# Links that the last system had and this one has not.
remove_stale_links() {
	stale=
	for link in $(contents "$state/etc-links"); do
		if ! has_word "$link" "$links" && [ -L "$etc/$link" ]; then
			stale="$stale $etc/$link"
		fi
	done
	if [ -n "$stale" ]; then
		rm -f $stale
	fi
}
