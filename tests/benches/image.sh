#!/bin/sh
# How fast a directory becomes a disk image, against Debian's `makefs` for the same directory:
#
#     tests/benches/image.sh [DIRECTORY]
#
# `makefs` writes the bare file system (and one that FreeBSD's loader refuses); the partition table and the EFI
# system partition, which other systems add with a second copy by `mkimg`, are in our time but not in its own.
# So the ratio printed is the least flattering one. Without a DIRECTORY, a tree of 330 MB and 6,000 files is made.
set -eu
cd "$(dirname "$0")/../.."

for tool in makefs hyperfine; do
    command -v "$tool" >/dev/null || { echo "image.sh: $tool is missing: apt-get install $tool" >&2; exit 1; }
done

scratch=$(mktemp -d "${TMPDIR:-/var/tmp}/fruix-image-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT INT TERM

tree=${1:-}
if [ -z "$tree" ]; then
    # Small files and large ones, as an installed FreeBSD has them: most below 32 KiB, a few dozen of megabytes.
    tree=$scratch/tree
    head -c 4194304 /dev/urandom >"$scratch/noise"
    number=0
    while [ "$number" -lt 6000 ]; do
        directory=$tree/$((number % 200))
        mkdir -p "$directory"
        case $((number % 100)) in
        0) size=4000000 ;;
        [1-9]) size=120000 ;;
        *) size=$((number * 7919 % 30000)) ;;
        esac
        head -c "$size" "$scratch/noise" >"$directory/$number"
        number=$((number + 1))
    done
fi

cargo build --quiet --release --bench image
program=$(find target/release/deps -name 'image-*' -type f -perm -u+x | xargs ls -t | head -n 1)
size=$(($(du -sm "$tree" | cut -f 1) * 13 / 10 + 64))

hyperfine --warmup 1 --prepare "rm -f '$scratch/image'" \
    --command-name fruix "$program '$tree' '$scratch/image'" \
    --command-name makefs "makefs -t ffs -o version=2 -s ${size}m '$scratch/image' '$tree'"
