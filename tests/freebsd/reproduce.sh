#!/bin/sh
# A system of a real FreeBSD source tree, whose parts are built again: what differs, file by file.
#
#     sh tests/freebsd/reproduce.sh FRUIX CONFIG.scm [OPTION…]
#
# FRUIX is the program; FRUIX_ROOT says where its store is. OPTIONs go to `system build`, such as --with-source. The system
# has to be in the store already, or it is built first. World and kernel are built with one job more than there are
# processors, so with another number than they were; then an image is written twice, with other surroundings. Takes as long
# as the builds did. What came out in another way is kept in ./differing.
set -eu

[ $# -ge 2 ] || { echo "usage: reproduce.sh FRUIX CONFIG.scm [OPTION…]" >&2; exit 2; }
fruix=$(realpath "$1") config=$(realpath "$2")
shift 2
jobs=$(($(getconf _NPROCESSORS_ONLN) + 1))
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

"$fruix" system build "$config" "$@" --check --cores "$jobs" --keep-differing differing || failed=1

"$fruix" system image "$config" "$@" -o "$scratch/one.raw" >/dev/null
mkdir "$scratch/elsewhere"
(
    cd "$scratch/elsewhere"
    umask 077
    TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$fruix" system image "$config" "$@" -o two.raw >/dev/null
)
if cmp "$scratch/one.raw" "$scratch/elsewhere/two.raw"; then
    echo "the image is the same"
else
    failed=1
fi
exit $failed
