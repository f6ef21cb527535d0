#!/usr/bin/env python3
"""Builds this tree on a host that is no FreeBSD: the entry point, as in FreeBSD's own tree.

Takes make's arguments (targets, NAME=value, -DNAME, -jN, -V NAME) and --cross-bindir=DIR, the directory of the LLVM
tools; reads the options of SRCCONF; and runs the host's make on Makefile.inc1. FreeBSD's make.py would first build
bmake; this tree is small enough to use whichever make the host has.
"""

import os
import shutil
import sys
from pathlib import Path

SRCTOP = Path(__file__).resolve().parents[2]


def fail(message):
    sys.exit(f"make.py: {message}")


def parse(arguments):
    """Splits the command line into variables, targets, the number of jobs, the variable to print, and the tools."""
    variables, targets, jobs, show, cross_bindir = {}, [], None, None, None
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word.startswith("--cross-bindir="):
            cross_bindir = word.partition("=")[2]
        elif word in ("-D", "-j", "-V") and rest:
            rest.insert(0, word + rest.pop(0))
        elif word.startswith("-D"):
            variables[word[2:]] = "1"
        elif word.startswith("-j"):
            jobs = word[2:]
        elif word.startswith("-V"):
            show = word[2:]
        elif word.startswith("-"):
            fail(f"unknown option {word}")
        elif "=" in word:
            name, _, value = word.partition("=")
            variables[name] = value
        else:
            targets.append(word)
    return variables, targets, jobs, show, cross_bindir


def options(path):
    """The lines WITHOUT_NAME=yes of a src.conf."""
    found = {}
    for line in Path(path).read_text().splitlines():
        name, equals, value = line.partition("#")[0].strip().partition("=")
        if equals:
            found[name.strip()] = value.strip()
    return found


def main():
    variables, targets, jobs, show, cross_bindir = parse(sys.argv[1:])
    prefix = os.environ.get("MAKEOBJDIRPREFIX")
    if prefix is None:
        fail("MAKEOBJDIRPREFIX must be set in the environment")
    for name in ("TARGET", "TARGET_ARCH"):
        if variables.get(name) != "amd64":
            fail(f"{name} must be amd64")
    objtop = f"{prefix}{SRCTOP}/{variables['TARGET']}.{variables['TARGET_ARCH']}"
    if show is not None:
        print(objtop if show == ".OBJDIR" else variables.get(show, ""))
        return
    make = shutil.which("bmake") or shutil.which("make")
    if make is None:
        fail("no make on this host: install bmake")
    if cross_bindir is None:
        fail("--cross-bindir=DIR must name the directory of clang and lld")
    src_conf = variables.get("SRCCONF", "/etc/src.conf")
    if Path(src_conf).is_file():
        variables.update(options(src_conf))
    variables.update(SRCTOP=str(SRCTOP), OBJTOP=objtop, CROSS_BINDIR=cross_bindir, PYTHON=sys.executable)
    os.makedirs(objtop, exist_ok=True)
    os.chdir(objtop)
    # make's own search for an object directory would change the working directory again.
    del os.environ["MAKEOBJDIRPREFIX"]
    command = [make, "-f", f"{SRCTOP}/Makefile.inc1"]
    if jobs is not None:
        command.append(f"-j{jobs}")
    command += [f"{name}={value}" for name, value in sorted(variables.items())]
    sys.stdout.flush()
    os.execv(make, command + targets)


if __name__ == "__main__":
    main()
