#!/bin/sh
# Hashes a tree that is in memory, and as many bytes by SHA-256 alone on one core, in turns, and prints the times in seconds.
#
#     sh tests/benches/store-hash.sh TREE [ROUNDS]
#
# Both hash with the same code, which uses what the processor has for it; OpenSSL's is measured too where it is there. Run it
# on a machine that does nothing else.
#
# Aims: the tree in 1.5 times as long as its bytes alone, with less than 100 MB.
set -eu
tree=${1:?usage: store-hash.sh TREE [ROUNDS]}
tree=$(cd "$tree" && pwd)
cd "$(dirname "$0")/../.."

cargo build --quiet --release --bench hash
program=$(find target/release/deps -name 'hash-*' -type f -perm -u+x | xargs ls -t | head -n 1)
echo "aims: ratio < 1.5, memory < 102400 kB"
"$program" "$tree" "${2:-3}"
if command -v openssl >/dev/null; then
    openssl speed -seconds 2 -bytes 262144 -evp sha256 2>/dev/null | awk 'END { printf "OpenSSL hashes %.0f MB a second\n", $2 / 1000 }'
fi
