#!/usr/bin/env python3
"""Reads a kernel configuration and writes opt_global.h and kernel.list into the working directory.

Usage: config.py SRCTOP CONFDIR NAME MODULES. CONFDIR holds NAME; files it includes lie there or in sys/amd64/conf.
The words understood are cpu, ident, makeoptions, options, nooptions, device and include.
"""

import shlex
import sys
from pathlib import Path


def fail(path, number, message):
    sys.exit(f"config: {path}:{number}: {message}")


def known_options(srctop):
    lines = (srctop / "sys/conf/options").read_text().splitlines()
    return {line.split()[0] for line in lines if line.partition("#")[0].strip()}


class Configuration:
    def __init__(self, srctop, directories):
        self.known = known_options(srctop)
        self.directories = directories
        self.ident = None
        self.options = {}
        self.debug = False

    def read(self, name):
        path = next((d / name for d in self.directories if (d / name).is_file()), None)
        if path is None:
            sys.exit(f"config: {name}: No such file or directory")
        for number, line in enumerate(path.read_text().splitlines(), 1):
            words = shlex.split(line, comments=True)
            if words:
                self.word(path, number, words)

    def word(self, path, number, words):
        if len(words) != 2:
            fail(path, number, "syntax error")
        word, argument = words
        if word == "include":
            self.read(argument)
        elif word == "ident":
            self.ident = argument
        elif word in ("options", "nooptions"):
            name, _, value = argument.partition("=")
            if name not in self.known:
                fail(path, number, f'unknown option "{name}"')
            self.options.pop(name, None)
            if word == "options":
                self.options[name] = value or "1"
        elif word == "makeoptions":
            self.debug = self.debug or argument == "DEBUG=-g"
        elif word not in ("cpu", "device"):
            fail(path, number, "syntax error")


def main():
    srctop, confdir, name, modules = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4].split()
    configuration = Configuration(srctop, [confdir, srctop / "sys/amd64/conf"])
    configuration.read(name)
    if configuration.ident is None:
        sys.exit(f"config: {name}: no ident")
    for module in modules:
        if not (srctop / "sys/modules" / module).is_dir():
            sys.exit(f"config: no module {module} in sys/modules")
    header = [f'#define TINY_IDENT "{configuration.ident}"']
    header += [f"#define {option} {value}" for option, value in sorted(configuration.options.items())]
    Path("opt_global.h").write_text("\n".join(header) + "\n")
    entries = ["dir root:wheel 0755 boot/kernel", "file root:wheel 0555 boot/kernel/kernel obj/kernel"]
    entries += [f"file root:wheel 0555 boot/kernel/{module}.ko obj/{module}.ko" for module in modules]
    if modules:
        entries.append("file root:wheel 0555 boot/kernel/linker.hints obj/linker.hints")
    if configuration.debug:
        entries.append("file root:wheel 0555 usr/lib/debug/boot/kernel/kernel.debug obj/kernel.debug")
    Path("kernel.list").write_text("\n".join(entries) + "\n")


if __name__ == "__main__":
    main()
