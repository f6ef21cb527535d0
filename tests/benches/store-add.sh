#!/bin/sh
# Adds a tree to a fresh store with Fruix and with Nix, each with a final sync, and prints the times in seconds.
#
#     sh tests/benches/store-add.sh TREE [RUNS]
#
# FRUIX names the program to measure (default: target/release/fruix). Run it on a machine that does nothing else:
# the two take turns, so that both see the same disk and caches.
set -eu
tree=${1:?usage: store-add.sh TREE [RUNS]}
runs=${2:-3}
fruix=${FRUIX:-$(dirname "$0")/../../target/release/fruix}
work=$(mktemp -d "${TMPDIR:-/tmp}/store-add.XXXXXX")
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT

export NIX_STORE_DIR=/frx/store NIX_REMOTE="local?root=$work/nix" NIX_STATE_DIR="$work/nix/state"
export NIX_LOG_DIR="$work/nix/log" NIX_CONF_DIR="$work/nix/conf" XDG_CACHE_HOME="$work/cache"

# seconds COMMAND...: runs it and a sync, and prints how long both took.
seconds() {
    begun=$(date +%s.%N)
    "$@" >"$work/path"
    sync
    ended=$(date +%s.%N)
    echo "$begun $ended" | awk '{ printf "%.2f", $2 - $1 }'
}

fresh() {
    chmod -R u+w "$work/nix" "$work/fruix" 2>/dev/null || true
    rm -rf "$work/nix" "$work/fruix"
    sync
}

# Reads everything once, so that no one pays for a cold cache.
tar -cf - "$tree" 2>/dev/null | cat >/dev/null
echo "run  nix-store --add  fruix store add  fruix again"
run=1
while [ "$run" -le "$runs" ]; do
    fresh
    nix=$(seconds nix-store --add "$tree")
    nix_path=$(cat "$work/path")
    fresh
    ours=$(seconds "$fruix" --root "$work/fruix" store add "$tree")
    again=$(seconds "$fruix" --root "$work/fruix" store add "$tree")
    if [ "$(cat "$work/path")" != "$nix_path" ]; then
        echo "the paths differ: $nix_path and $(cat "$work/path")" >&2
        exit 1
    fi
    printf '%-4s %-16s %-16s %s\n' "$run" "$nix" "$ours" "$again"
    run=$((run + 1))
done
