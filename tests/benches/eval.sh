#!/bin/sh
# Time from command to derivations, against `nix-instantiate` of a trivial derivation in the same run:
#
#     tests/benches/eval.sh
#
# cold: system-configs/minimal.scm with no earlier result; again: with one; first: with not even the interpreter's image,
# which this build of fruix makes once; 200: as many declarations in one call, none evaluated before. The source tree is the miniature one, so that the walk that finds it unchanged, which is part of
# every run, is short; the walk over the files of the host's tool chain is there in full. FRUIX names the program to
# measure (default: target/release/fruix). Run it on a machine that does nothing else.
set -eu
cd "$(dirname "$0")/../.."

for tool in nix-instantiate hyperfine; do
    command -v "$tool" >/dev/null || { echo "eval.sh: $tool is missing: apt-get install nix-bin hyperfine" >&2; exit 1; }
done

fruix=${FRUIX:-target/release/fruix}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/fruix-eval-bench.XXXXXX")
trap 'chmod -R u+w "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT INT TERM

cat >"$scratch/trivial.nix" <<'END'
derivation { name = "x"; builder = "/bin/sh"; system = "x86_64-linux"; }
END
export NIX_REMOTE="local?root=$scratch/nix" NIX_STATE_DIR="$scratch/nix/state" NIX_CONF_DIR="$scratch/nix/conf" \
    NIX_LOG_DIR="$scratch/nix/log" XDG_CACHE_HOME="$scratch/cache"

# The configurations of 200 machines that differ in their names.
number=0
many=
while [ "$number" -lt 200 ]; do
    sed "s/(host-name \"minimal\")/(host-name \"m$number\")/" system-configs/minimal.scm >"$scratch/m$number.scm"
    many="$many -f $scratch/m$number.scm"
    number=$((number + 1))
done
cp system-configs/authorized_keys "$scratch/"

# The declaration names a kernel configuration and options that the miniature tree does not have.
cp -R examples/tiny-src "$scratch/src"
mkdir -p "$scratch/src/sys/amd64/conf"
echo 'ident GENERIC' >"$scratch/src/sys/amd64/conf/GENERIC"
mkdir -p "$scratch/src/tools/build/options"
for option in $(grep -o 'WITHOUT_[A-Z0-9_]*' system-configs/minimal.scm); do
    : >"$scratch/src/tools/build/options/$option"
done

run="$fruix --root $scratch/root"
with="--with-source /usr/src=$scratch/src"
forget="rm -rf $scratch/root/frx/var/fruix/cache/evaluations"
one="$run build --dry-run -f $scratch/m0.scm $with"
# What is added to the store is added once.
$one >/dev/null

hyperfine --shell=none --warmup 2 --export-json "$scratch/times.json" --ignore-failure \
    --command-name nix "nix-instantiate $scratch/trivial.nix" \
    --command-name again "$one" \
    --command-name store "$run store path-info /frx/store/none" \
    --command-name version "$fruix --version"
hyperfine --shell=none --warmup 2 --export-json "$scratch/cold.json" --prepare "$forget" --command-name cold "$one"
hyperfine --shell=none --runs 5 --export-json "$scratch/first.json" --prepare "$forget $scratch/root/frx/var/fruix/cache/interpreter" \
    --command-name first "$one"
# shellcheck disable=SC2086  # a list of words
hyperfine --shell=none --runs 5 --export-json "$scratch/many.json" --prepare "$forget" \
    --command-name 200 "$run build --dry-run $many $with"

# median FILE NAME: in seconds.
median() {
    python3 -c 'import json, sys
print([r["median"] for r in json.load(open(sys.argv[1]))["results"] if r["command"] == sys.argv[2]][0])' "$scratch/$1" "$2"
}

nix=$(median times.json nix)
cold=$(median cold.json cold)
awk -v nix="$nix" -v cold="$cold" -v again="$(median times.json again)" -v many="$(median many.json 200)" \
    -v first="$(median first.json first)" \
    -v store="$(median times.json store)" -v version="$(median times.json version)" 'BEGIN {
    printf "cold / nix         %6.2f  (at most 3)\n", cold / nix
    printf "first / nix        %6.2f\n", first / nix
    printf "again / nix        %6.2f  (at most 1)\n", again / nix
    printf "200 / cold         %6.2f  (at most 20)\n", many / cold
    printf "fruix --version    %6.1f ms (below 10)\n", version * 1000
    printf "fruix store …      %6.1f ms (below 10)\n", store * 1000
}'
