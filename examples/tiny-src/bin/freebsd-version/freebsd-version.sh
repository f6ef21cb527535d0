#!/bin/sh
# Which release the world is. FreeBSD's program of this name has such a line, from which others read it.
USERLAND_VERSION="1.0-RELEASE"
echo "$USERLAND_VERSION"
