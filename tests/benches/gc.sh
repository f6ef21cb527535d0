#!/bin/sh
# Collects garbage with Fruix and with Nix, from stores with the same items, each with a final sync, and prints the times
# in seconds and how much memory Fruix took.
#
#     sh tests/benches/gc.sh [ITEMS] [RUNS]
#
# First ITEMS small items (default: 100000), each of which refers to three others and one in ten of which is a tree; all are
# garbage but for a hundredth. Then, if TREE names a directory (a FreeBSD source, say), that one item. FRUIX names the
# program to measure (default: target/release/fruix), TMPDIR the file system. Run it on a machine that does nothing else.
#
# Aims: 100,000 items in less than 5 s, at least 5 times faster than Nix, with less than 100 MB.
#
# With FLOOR=1 also what the file system takes alone: `rm -rf` of what Fruix had removed, items and facts. Where it waits
# for its disk at each removal (mount option `discard`), one process is far from as fast as it can be.
set -eu
items=${1:-100000}
runs=${2:-3}
fruix=${FRUIX:-$(dirname "$0")/../../target/release/fruix}
work=$(mktemp -d "${TMPDIR:-/tmp}/gc.XXXXXX")
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT

export NIX_STORE_DIR=/frx/store XDG_CACHE_HOME="$work/cache" HOME="$work"

# on_nix DIR COMMAND...: with everything that Nix reads and writes below DIR.
on_nix() {
    nix=$1
    shift
    NIX_REMOTE="local?root=$nix" NIX_STATE_DIR="$nix/state" NIX_LOG_DIR="$nix/log" NIX_CONF_DIR="$nix/conf" "$@"
}

# seconds COMMAND...: runs it and a sync, and prints how long both took.
seconds() {
    begun=$(date +%s.%N)
    "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
    sync
    ended=$(date +%s.%N)
    echo "$begun $ended" | awk '{ printf "%.2f", $2 - $1 }'
}

# Base names, in no order: "NUMBER NAME" a line.
awk -v items="$items" 'BEGIN {
    for (n = 1; n <= items; n++) printf "%d %09d%023d-item\n", n, (n * 7919) % 1000000007, n
}' >"$work/names"
echo contents >"$work/template"

# make_items DIR: the items themselves, as both stores keep them.
make_items() {
    mkdir -p "$1"
    (
        cd "$1"
        awk '$1 % 10 { print $2 }' "$work/names" >"$work/files"
        awk '$1 % 10 == 0 { print $2 }' "$work/names" >"$work/trees"
        xargs sh -c 'tee "$@" <"$0" >/dev/null' "$work/template" <"$work/files"
        xargs mkdir <"$work/trees"
        sed 's|$|/file|' "$work/trees" | xargs sh -c 'tee "$@" <"$0" >/dev/null' "$work/template"
        sed 's|$|/file|' "$work/trees" | cat - "$work/files" | xargs chmod 444
        sed 's|$|/file|' "$work/trees" | cat - "$work/files" | xargs touch -d @1
        xargs chmod 555 <"$work/trees"
        xargs touch -d @1 <"$work/trees"
    )
}

# Both kinds of item have the same contents, and so the same archive.
mkdir "$work/tree"
cp "$work/template" "$work/tree/file"
file_hash=$("$fruix" store dump "$work/template" | sha256sum | cut -d' ' -f1)
file_size=$("$fruix" store dump "$work/template" | wc -c)
tree_hash=$("$fruix" store dump "$work/tree" | sha256sum | cut -d' ' -f1)
tree_size=$("$fruix" store dump "$work/tree" | wc -c)

# records PROGRAM: what is registered about the items, by an awk program that has `name`, `hash`, `size` and the
# references `r[1]` to `r[count]`.
records() {
    awk -v fh="$file_hash" -v fs="$file_size" -v th="$tree_hash" -v ts="$tree_size" -v facts="${2:-}" '
        { names[$1] = $2 }
        END {
            for (n = 1; n in names; n++) {
                name = names[n]; hash = n % 10 ? fh : th; size = n % 10 ? fs : ts; count = 0; split("", r)
                for (d = 2; d <= 5; d += d == 2 ? 1 : 2) { m = int(n / d); if (m >= 1 && m != last) r[++count] = names[last = m] }
                last = 0
                '"$1"'
            }
        }' "$work/names"
}

make_nix() {
    make_items "$1/nix/store"
    records '
        printf "/frx/store/%s\n%s\n%d\n\n%d\n", name, hash, size, count
        for (i = 1; i <= count; i++) print "/frx/store/" r[i]' | on_nix "$1" nix-store --load-db
}

make_fruix() {
    make_items "$1/frx/store"
    mkdir -p "$1/frx/var/fruix/db/items"
    records '
        file = facts "/" name ".json"
        printf "{\"path\":\"/frx/store/%s\",\"narHash\":\"sha256:%s\",\"narSize\":%d,\"registrationTime\":1,\"references\":[", name, hash, size >file
        for (i = 1; i <= count; i++) printf "%s\"/frx/store/%s\"", (i > 1 ? "," : ""), r[i] >file
        print "]}" >file
        close(file)' "$1/frx/var/fruix/db/items"
    "$fruix" --root "$1" store rebuild-database 2>"$work/out"
    grep -q "^$items items registered, 0 left out" "$work/out"
}

# The item whose closure stays: some seven in number.
live=$(awk -v number=$((items / 100)) '$1 == number { print $2 }' "$work/names")

measure() {
    ours="$fruix --root $work/fruix-$1 store gc"
    sync
    nix=$(seconds on_nix "$work/nix-$1" nix-store --gc)
    fruix_took=$(seconds /usr/bin/time -f '%M KiB' -o "$work/memory" $ours)
    echo "$1 $nix $fruix_took $(cat "$work/memory")" |
        awk '{ printf "%-14s %-14s %-14s %-8.1f %s %s\n", $1, $2, $3, $2 / $3, $4, $5 }'
}

# floor DIR: how long `rm` takes for what a collection removes.
floor() {
    [ -n "${FLOOR:-}" ] || return 0
    make_fruix "$1"
    sync
    echo "               rm -rf of the same, by one process: $(seconds rm -rf "$1/frx/store" "$1/frx/var/fruix/db/items")"
}

echo "aims           -              < 5 s          > 5      < 102400 KiB"
echo "run            nix-store --gc fruix store gc ratio    most memory"
run=1
while [ "$run" -le "$runs" ]; do
    make_nix "$work/nix-$run"
    make_fruix "$work/fruix-$run"
    mkdir -p "$work/nix-$run/nix/var/nix/gcroots" "$work/fruix-$run/frx/var/fruix/gcroots"
    ln -s "/frx/store/$live" "$work/nix-$run/nix/var/nix/gcroots/live"
    ln -s "/frx/store/$live" "$work/fruix-$run/frx/var/fruix/gcroots/live"
    measure "$run"
    left=$(find "$work/nix-$run/nix/store" -mindepth 1 -maxdepth 1 -name '*-item' | sed 's|.*/||' | sort)
    if [ "$left" != "$(find "$work/fruix-$run/frx/store" -mindepth 1 -maxdepth 1 | sed 's|.*/||' | sort)" ]; then
        echo "what is left differs" >&2
        exit 1
    fi
    floor "$work/floor-$run"
    run=$((run + 1))
done
if [ -n "${TREE:-}" ]; then
    on_nix "$work/nix-tree" nix-store --add "$TREE" >/dev/null
    "$fruix" --root "$work/fruix-tree" store add "$TREE" >/dev/null
    measure tree
fi
