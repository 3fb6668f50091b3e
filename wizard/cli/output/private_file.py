"""A file that its owner alone can read, and whether git would take it along."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import secrets
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_NEW = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)
_PATIENCE = 5.0
"""Seconds that git may take."""
_UNDER_WAY = 5.0
"""Seconds that writing a file takes at most."""


def readers(platform: str = sys.platform) -> str:
    """Who can read such a file, in words."""
    if platform == "win32":
        return "for everyone who can read its folder: Windows has no mode 0600"
    return "and only you can read it"


def write_private(path: Path, content: bytes, *, force: bool = False) -> None:
    """Makes a file with mode 0600. On Windows that says nothing, and the folder's rights hold.

    Raises `FileExistsError` where there is one already, be it a link that leads nowhere. With
    `force` that one is replaced at once and as a whole, a link itself and not what it leads to;
    anything but a file or a link to one is left alone and raises `OSError`.
    """
    if not force:
        _make(path, content)
        return
    _refuse_oddities(path)
    _remove_left(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    _make(beside, content)
    try:
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _remove_left(path: Path) -> None:
    """What a run that was killed left beside the file; another's that is under way is younger."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.new"):
        with contextlib.suppress(OSError):
            if time.time() - left.lstat().st_mtime > _UNDER_WAY:
                left.unlink()


def _make(path: Path, content: bytes) -> None:
    descriptor = os.open(path, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _refuse_oddities(path: Path) -> None:
    """A device or a pipe would be gone once a file stands in its place, and so would the system's
    own link to one: `/dev/stdout` leads to wherever that is for each program."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISLNK(mode):
        if str(path.readlink()).startswith("/proc/"):
            raise OSError(0, "it is not a regular file")
        with contextlib.suppress(FileNotFoundError):
            mode = path.stat().st_mode
            if not stat.S_ISREG(mode):
                raise OSError(0, "it does not lead to a regular file")
    elif not stat.S_ISREG(mode):
        raise OSError(0, "it is not a regular file")


def git_warning(path: Path) -> Iterator[str]:
    """What to say of a file that lies where git would commit it; nothing where it would not."""
    folder, git = path.absolute().parent, shutil.which("git")
    if git is None:
        return
    top = _git(git, folder, "rev-parse", "--show-toplevel", "--show-prefix")
    if top is None or _git(git, folder, "check-ignore", "--quiet", "--", path.name) is not None:
        return
    root, _, prefix = top.partition("\n")
    line = _escaped(f"/{prefix.rstrip(chr(10))}{path.name}")
    yield f"{path} is in a git repository that doesn't ignore it. Add this line to"
    yield f"{Path(root, '.gitignore')}:"
    yield f"  {line}"
    if _git(git, folder, "ls-files", "--error-unmatch", "--", path.name) is not None:
        yield f"git already tracks it, so also run: git rm --cached -- {path.name}"


def _git(git: str, folder: Path, *arguments: str) -> str | None:
    """What git says in this folder; nothing where it fails."""
    from wizard.values.child_environment import child_environment

    # A hook of git's runs with these, which would lead to another work tree than the folder's.
    env = {n: value for n, value in child_environment().items() if not n.startswith("GIT_")}
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        ended = subprocess.run(  # noqa: S603 - git's own path, and none of these is a flag
            [git, "-c", "core.fsmonitor=false", *arguments],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
        if ended.returncode == 0:
            return ended.stdout.decode("utf-8", "replace")
    return None


def _escaped(line: str) -> str:
    """A path as a line of .gitignore, https://git-scm.com/docs/gitignore#_pattern_format"""
    marked = re.sub(r"([\\*?\[\]])", r"\\\1", line)
    return re.sub(r" $", r"\\ ", marked)
