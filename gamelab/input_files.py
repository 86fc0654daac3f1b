"""Input files: regular files only, read whole up to a size; whatever else is there is refused in words."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gamelab.errors import InputError, Problem, nearest

KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def bytes_of(path: Path, *, most: int, too_large: str, what: str = "a file") -> bytes:
    """Return what a regular file holds.

    Parameters
    ----------
    path : Path
    most : int
        Bytes that it may have.
    too_large : str
        What is said of one that has more.
    what : str
        What is needed, such as "a .nfg file".

    Raises
    ------
    InputError
        For a missing or unreadable file, one that is too large, a folder, and what is no regular file: a pipe
        might never end, and a device does something when it is read.
    """
    file = str(path)
    try:
        refusal = unfit(os.stat(path).st_mode, what)
        data = b""
        if not refusal:
            with open(path, "rb", opener=_without_waiting) as stream:  # it may be another one by now
                refusal = unfit(os.fstat(stream.fileno()).st_mode, what)
                data = b"" if refusal else stream.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(Problem(f"there is no such file{near(path)}", "", file)) from None
    except (OSError, ValueError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) and failure.strerror else str(failure)
        raise InputError(Problem(f"cannot be read: {reason}", "", file)) from None
    if refusal:
        raise InputError(Problem(refusal, "", file))
    if len(data) > most:
        raise InputError(Problem(too_large, "", file, 1, 1))
    return data


def unfit(mode: int, what: str = "a file") -> str:
    """Return why something of this mode is not read; an empty text for a regular file."""
    if stat.S_ISDIR(mode):
        return f"a folder, and {what} is needed here"
    for test, name in KINDS:
        if test(mode):
            return f"{name}, and only regular files are read; save the text to {what} first"
    return ""


def near(path: Path) -> str:
    """Return a hint at a file with nearly this name in the same folder."""
    try:
        with os.scandir(path.parent) as entries:
            return nearest(path.name, sorted(entry.name for entry, _ in zip(entries, range(1000))))
    except (OSError, ValueError):
        return ""


def _without_waiting(path: str, flags: int) -> int:
    """Open a file, and do not wait for the other end where it is a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
