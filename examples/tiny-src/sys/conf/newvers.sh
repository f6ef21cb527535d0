#!/bin/sh
# The version of this tree. `newvers.sh -V NAME` prints one variable; without arguments it writes vers.h.

TYPE="Tiny"
REVISION="1.0"
BRANCH="FIXTURE"
RELEASE="${REVISION}-${BRANCH}"
VERSION="${TYPE} ${RELEASE}"

if [ "$1" = "-V" ]; then
	eval "echo \"\${$2}\""
	exit 0
fi
echo "#define TINY_RELEASE \"${RELEASE}\"" > vers.h
