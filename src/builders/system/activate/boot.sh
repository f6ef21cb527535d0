# Steps that a boot needs, and a switch of the running system does not: `boot_step` leaves them out then.

# Checks the root file system while it is read-only. fstab says 0 for it: rc would check it again after it is
# writable, fail, and stop the boot.
check_root() {
	set -- $(mount -p)
	root_device=$1
	root_type=$3
	if [ "$root_type" != ufs ]; then
		detail="$root_type: nothing to check"
		return 0
	fi
	case ,$4, in
	*,rw,*)
		detail="already writable"
		return 0
		;;
	esac
	fsck_ffs -p "$root_device"
	case $? in
	0) ;;
	4)
		say "check-root: repaired; the kernel must read it again: rebooting"
		reboot
		sleep 600
		;;
	*) fail "$root_device needs repair by hand: fsck_ffs $root_device" ;;
	esac
}

# A fresh /run: what it holds is true of this boot only. It must not stand in fstab, for rc unmounts what does.
fresh_run() {
	for word in $(mount -p); do
		if [ "$word" = "$root/run" ]; then
			detail="mounted by an earlier try"
			return 0
		fi
	done
	if ! mount -t tmpfs -o mode=0755 tmpfs "$root/run"; then
		detail="no tmpfs: a directory of the root file system"
		writable_root || return 1
		set +f
		rm -rf "$root"/run/* "$root"/run/.[!.]*
		set -f
	fi
	mkdir "$records"
}

# The system that was booted stays that, whichever becomes the current one.
booted_system() {
	[ -L "$root/run/booted-system" ] || ln -s "$system" "$root/run/booted-system"
}

# Grows the partition of the root file system, if it is the last one of a disk with space after it, and then the
# file system. A system on a small root is better than none: trouble here is reported and does not end the boot.
grow_root() {
	[ "$root_type" = ufs ] || return 0
	locate_root || {
		detail="not grown: $root_device is in no partition table"
		return 0
	}
	# Less than a MiB is what alignment and the second partition table leave.
	if [ $((disk_size - part_offset - part_size)) -gt 1048576 ]; then
		# The second table of an enlarged disk is not at its end, which makes the first one count as damaged.
		gpart recover "$disk" >/dev/null 2>&1
		gpart resize -i "$part_index" "$disk" >/dev/null || {
			detail="not grown: gpart resize -i $part_index $disk failed"
			return 0
		}
		locate_root
		detail="to $part_size bytes"
	fi
	[ "$(contents "$state/root-size")" != "$part_size" ] || return 0
	# It lists the superblocks it makes, and says so when there is nothing to do.
	if message=$(growfs -y "$root_device" 2>&1); then
		grown=$part_size
	else
		detail="not grown: growfs $root_device: $message"
	fi
}

# Finds the partition of the root file system among the lines of the kernel's list of providers, where each
# stands below the one it is made of: LEVEL CLASS NAME SIZE SECTORSIZE, and for a partition also i INDEX o OFFSET.
locate_root() {
	part_index=
	providers=$(sysctl -n kern.geom.conftxt)
	IFS=$newline
	for provider in $providers; do
		unset IFS
		set -- $provider
		if [ "$1" = 0 ]; then
			disk=$3 disk_size=$4 part_index=
		elif [ "$2" = PART ]; then
			part_size=$4 part_index=$7 part_offset=$9
		fi
		if [ "/dev/$3" = "$root_device" ]; then
			break
		fi
	done
	unset IFS
	[ -n "$part_index" ] && [ "/dev/$3" = "$root_device" ]
}

writable_root() {
	message=$(mount -u -o rw / 2>&1) || fail "the root cannot be made writable: $message"
}
