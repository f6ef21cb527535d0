#!/bin/sh
# Adds a tree to a fresh store with Fruix and with Nix, each with a final sync, and prints the times in seconds and how
# much memory Fruix took; then once more, now that the tree is known.
#
#     sh tests/benches/store-add.sh TREE [RUNS]
#
# FRUIX names the program to measure (default: target/release/fruix), TMPDIR the file system. Run it on a machine that does
# nothing else: the two take turns, so that both see the same disk and caches.
#
# Aims, for a source tree of 80,000 files and 1.4 GB: at least 5 times faster than Nix; less than 0.5 s to learn that it has
# not changed; less than 100 MB.
#
# With FLOOR=1 also what cannot be undercut, each with a sync: `cp -R`; two `cp` at once; and to write files of the same
# sizes, by two threads, without reading or hashing any.
set -eu
tree=${1:?usage: store-add.sh TREE [RUNS]}
runs=${2:-3}
fruix=${FRUIX:-$(dirname "$0")/../../target/release/fruix}
work=$(mktemp -d "${TMPDIR:-/tmp}/store-add.XXXXXX")
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT

export NIX_STORE_DIR=/frx/store XDG_CACHE_HOME="$work/cache"

# seconds COMMAND...: runs it and a sync, and prints how long both took.
seconds() {
    begun=$(date +%s.%N)
    "$@" >"$work/path"
    sync
    ended=$(date +%s.%N)
    echo "$begun $ended" | awk '{ printf "%.2f", $2 - $1 }'
}

# nix_store_add DIR: with everything that Nix writes below DIR.
nix_store_add() {
    NIX_REMOTE="local?root=$1" NIX_STATE_DIR="$1/state" NIX_LOG_DIR="$1/log" NIX_CONF_DIR="$1/conf" \
        nix-store --add "$tree"
}

# copy_by_two DIR: a copy of the tree there, by two processes at a time.
copy_by_two() {
    mkdir "$1"
    (cd "$tree" && find . -type d -print0) | (cd "$1" && xargs -0 mkdir -p)
    (cd "$tree" && find . ! -type d -print0 | xargs -0 -P 2 -n 400 cp -P --parents -t "$1")
}

if [ "${FLOOR:-}" ]; then
    (cd "$(dirname "$0")/../.." && cargo build --quiet --release --bench write)
    write=$(find "$(dirname "$0")/../../target/release/deps" -name 'write-*' -type f -perm -u+x | xargs ls -t | head -n 1)
fi

# Reads everything once, so that no one pays for a cold cache.
tar -cf - "$tree" 2>/dev/null | cat >/dev/null
echo "aims -                -                > 5    < 0.5 s      < 102400 KiB"
echo "run  nix-store --add  fruix store add  ratio  fruix again  most memory${FLOOR:+   cp -R   two cp   writing}"
sync
run=1
while [ "$run" -le "$runs" ]; do
    # Nothing is removed between the runs: ext4 passes over the inodes of files that were removed in the last
    # minutes, one by one, and so makes whoever writes next pay for it.
    nix=$(seconds nix_store_add "$work/nix-$run")
    nix_path=$(cat "$work/path")
    ours=$(seconds /usr/bin/time -f %M -o "$work/memory" "$fruix" --root "$work/fruix-$run" store add "$tree")
    again=$(seconds "$fruix" --root "$work/fruix-$run" store add "$tree")
    if [ "$(cat "$work/path")" != "$nix_path" ]; then
        echo "the paths differ: $nix_path and $(cat "$work/path")" >&2
        exit 1
    fi
    floor=
    if [ "${FLOOR:-}" ]; then
        floor="$(seconds cp -R --reflink=never "$tree" "$work/copy-$run")"
        floor="$floor $(seconds copy_by_two "$work/copies-$run") $(seconds "$write" "$tree" "$work/written-$run")"
    fi
    echo "$run $nix $ours $again $(cat "$work/memory") $floor" |
        awk '{ printf "%-4s %-16s %-16s %-6.1f %-12s %-6s KiB    %-7s %-8s %s\n", $1, $2, $3, $2 / $3, $4, $5, $6, $7, $8 }'
    run=$((run + 1))
done
