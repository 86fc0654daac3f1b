"""Folder: where results are written, what may be replaced there, and who else is writing."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import Any

from gamelab.errors import InputError, Problem
from gamelab.report.swap import NotRestoredError, put_right, replace, with_parents

MARKS = {
    ".html": b'<meta name="generator" content="gamelab',
    ".json": b'{\n  "gamelab": "',
    ".csv": b"scenario,file,",
    ".tex": b"(written by gamelab)",
    ".svg": b"<!-- gamelab -->",
    ".png": b"Software\0gamelab",
}
"""What stands near the beginning of every file that gamelab wrote, by the end of its name."""
HEAD = 1024

PATIENCE = 60.0
"""Seconds to wait for another run that writes to the same folder."""


def check_folder(folder: Path, names: Iterable[str]) -> list[Problem]:
    """Return what would keep files from being written to a folder; what a killed run left is put right.

    Parameters
    ----------
    folder : Path
    names : iterable of str
        Paths of the files in the folder; also names of folders in it, without an ending.
    """
    try:
        if folder.is_symlink() and not folder.exists():
            return [Problem(f"'{folder}' is a link that leads nowhere; name another folder", "--out")]
        existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        with tempfile.TemporaryFile(dir=existing):
            pass
        if existing != folder:
            return []
        with _alone(folder, patience=0) as alone:
            if alone is not False:
                put_right(folder, _may_stand, certain=bool(alone))
        return _in_the_way(folder, names)
    except OSError as error:
        return [_refusal(folder, error)]


def write_contents(contents: Mapping[str, str | bytes], folder: Path) -> list[Path]:
    """Write files by their paths in a folder, all of them or none, and return where they are.

    Raises
    ------
    InputError
        Where the folder or a file cannot be written, or a file in a place of theirs is not gamelab's.
    """
    made: list[Path] = []
    try:
        made += with_parents(folder)
        with _alone(folder, patience=PATIENCE) as alone:
            if alone is False:
                wait = "another run is writing there; wait for it, or name another folder"
                raise InputError(Problem(f"results cannot be written to '{folder}': {wait}", "--out"))
            put_right(folder, _may_stand, certain=bool(alone))
            problems = _in_the_way(folder, contents)
            if problems:
                raise InputError(problems)
            replace(contents, folder)
    except BaseException as error:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir()
        if isinstance(error, NotRestoredError):
            left = "the next run that writes there puts right what older results it has"
            raise InputError(Problem(f"{_refusal(folder, error).message}; {left}", "--out")) from error
        if isinstance(error, OSError):
            raise InputError(_refusal(folder, error)) from error
        raise
    return [folder / name for name in contents]


def _in_the_way(folder: Path, names: Iterable[str]) -> list[Problem]:
    """Return what stands where files of these names would be written and is not replaced."""
    names = list(names)
    files = [name for name in names if PurePath(name).suffix]
    above = [str(parent) for name in files for parent in PurePath(name).parents if parent.name]
    folders = dict.fromkeys([*above, *(name for name in names if name not in files)])
    problems = []
    for inside in folders:
        mode = _mode(folder / inside)
        if mode is not None and not stat.S_ISDIR(mode):
            what = "a link" if stat.S_ISLNK(mode) else "a file"
            problems.append(f"'{folder / inside}' is {what}, and results go to a folder of that name")
    for name in files if not problems else ():
        mode = _mode(folder / name)
        if mode is None:
            continue
        if stat.S_ISDIR(mode):
            problems.append(f"'{folder / name}' is a folder, and results go to a file of that name")
        elif not stat.S_ISREG(mode):
            what = "a link" if stat.S_ISLNK(mode) else "not a regular file"
            problems.append(f"'{folder / name}' is {what}, and is left as it is")
        elif not is_ours(folder / name):
            problems.append(f"'{folder / name}' was not written by gamelab, and is left as it is")
    return [Problem(f"{text}; move it, or name another folder", "--out") for text in problems]


def _may_stand(folder: Path, names: Iterable[str]) -> bool:
    return not _in_the_way(folder, names)


def is_ours(path: Path) -> bool:
    """Tell whether a file was written by gamelab; an empty one may be replaced, too."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    mark = MARKS.get(path.suffix)
    return not head or (mark is not None and mark in head)


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return None


@contextmanager
def _alone(folder: Path, *, patience: float) -> Iterator[bool | None]:
    """Hold a folder against other runs, and say whether that worked; None where systems cannot do it.

    The lock is on the folder itself: it ends with the process, however that ends, and leaves no file.
    """
    try:
        import fcntl
    except ImportError:
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield _locked(fcntl, descriptor, patience)
    finally:
        os.close(descriptor)


def _locked(fcntl: Any, descriptor: int, patience: float) -> bool | None:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
        except OSError:  # a file system without such locks
            return None
        time.sleep(0.05)


def _refusal(folder: Path, error: OSError) -> Problem:
    reason = (error.strerror or str(error)).lower()
    return Problem(f"results cannot be written to '{folder}' ({reason}); name another folder", "--out")
