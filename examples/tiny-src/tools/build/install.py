#!/usr/bin/env python3
"""Installs what a list names into DESTDIR as an ordinary user, and writes owner, mode and flags into METALOG.

The lists and their form: world.list. The lines of METALOG are those that FreeBSD's `install -M -D -U` writes: the path
as it was given, no sorting, one line for every time that a file is installed.
"""

import os
import shutil
import sys
from pathlib import Path

# install(1) writes these as octal escapes.
ESCAPED = " \t\n\\#"


def escape(path):
    return "".join(f"\\{ord(c):03o}" if c in ESCAPED else c for c in path)


class Installer:
    def __init__(self, srctop, objtop, destdir, metalog, without):
        self.origins = {"src": Path(srctop), "obj": Path(objtop)}
        self.destdir = Path(destdir)
        self.metalog = metalog
        self.without = without

    def line(self, words):
        """Installs one entry of a list."""
        kind, owner, mode, path, *rest = words
        keys = [word for word in rest if "=" in word]
        arguments = [word for word in rest if "=" not in word]
        condition = [key[3:] for key in keys if key.startswith("if=")]
        if any(name in self.without for name in condition):
            return
        uname, _, gname = owner.partition(":")
        mode = int(mode, 8)
        target = self.destdir / path
        os.makedirs(target if kind == "dir" else target.parent, exist_ok=True)
        if kind == "dir":
            details = "type=dir"
        elif kind == "file":
            origin, _, below = arguments[0].partition("/")
            target.unlink(missing_ok=True)
            shutil.copyfile(self.origins[origin] / below, target)
            # Owner and special bits are only recorded: an ordinary user could not set them.
            os.chmod(target, mode & 0o777)
            details = "type=file"
        elif kind == "hard":
            target.unlink(missing_ok=True)
            os.link(self.destdir / arguments[0], target)
            details = "type=file"
        elif kind == "link":
            target.unlink(missing_ok=True)
            os.symlink(arguments[0], target)
            details = "type=link"
        else:
            raise SystemExit(f"install.py: unknown kind of entry: {kind}")
        text = "." if path == "." else "./" + escape(path)
        text += f" {details} uname={uname} gname={gname} mode=0{mode:o}"
        if kind == "link":
            text += f" link={escape(arguments[0])}"
        if details == "type=file":
            text += f" size={target.stat().st_size}"
        text += "".join(f" {key}" for key in keys if not key.startswith("if="))
        self.metalog.write(text + "\n")


def main():
    if len(sys.argv) != 7:
        raise SystemExit("usage: install.py SRCTOP OBJTOP DESTDIR METALOG 'WITHOUT...' LIST")
    srctop, objtop, destdir, metalog_path, without, list_path = sys.argv[1:]
    if not destdir or not metalog_path:
        raise SystemExit("install.py: DESTDIR and METALOG must be given, and -DNO_ROOT: nothing else is supported")
    os.makedirs(os.path.dirname(metalog_path), exist_ok=True)
    with open(metalog_path, "a") as metalog:
        if metalog.tell() == 0:
            metalog.write("#mtree 2.0\n")
        installer = Installer(srctop, objtop, destdir, metalog, set(without.split()))
        for line in Path(list_path).read_text().splitlines():
            words = line.partition("#")[0].split()
            if words:
                installer.line(words)


if __name__ == "__main__":
    main()
