"""Swap: new files take the places of older ones all together; what a killed run left is finished or undone.

New files are written to a folder of their own inside, beside copies of those that they replace, with a list
of all names. Once that list is complete the new files are moved to their places. A run that is killed before
leaves the old set; one that is killed later leaves the list, and the next run moves the rest.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePath

STAGING = ".gamelab-"
NEW, OLD, UNREADY, FORWARD, BACK = "new", "old", "unready.json", "forward.json", "back.json"
LONG_AGO = 3600.0
"""Seconds after which a run has surely ended, where it cannot be known."""


class NotRestoredError(OSError):
    """New files could not take their places, and the older ones could not take theirs again."""


def replace(contents: Mapping[str, str | bytes], folder: Path) -> None:
    """Write files by their paths in a folder, all of them or, where something fails, none.

    Raises
    ------
    OSError
        Where they cannot be written; what stood there stands there still.
    NotRestoredError
        Where it does not, until the next run puts it right.
    """
    stage = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
    try:
        _prepare(contents, stage)
        os.replace(stage / UNREADY, stage / FORWARD)  # the new set is complete: from here on it counts
        _sync_folder(stage)
        _move(stage)
    except BaseException:
        try:
            _undo(stage)
        except OSError as error:
            raise NotRestoredError(error.errno, error.strerror, error.filename) from error
        raise
    shutil.rmtree(stage, ignore_errors=True)


def _prepare(contents: Mapping[str, str | bytes], stage: Path) -> None:
    """Write the new files, second names of the older ones, and the list to the staging folder."""
    folder = stage.parent
    for name, content in contents.items():
        with_parents((stage / NEW / name).parent)
        _write_synced(stage / NEW / name, content)
    fresh = [name for name in contents if not os.path.lexists(folder / name)]
    for name in contents:
        if name not in fresh:
            with_parents((stage / OLD / name).parent)
            _keep(folder / name, stage / OLD / name)
    inside = dict.fromkeys(str(PurePath(name).parent) for name in contents)
    absent = [name for name in inside if not os.path.lexists(folder / name)]
    plan = {"files": list(contents), "fresh": fresh, "folders": absent}
    _write_synced(stage / UNREADY, json.dumps(plan))
    for path in stage.rglob("*"):
        if path.is_dir():
            _sync_folder(path)


def put_right(folder: Path, may_stand: Callable[[Path, Sequence[str]], bool], *, certain: bool) -> None:
    """Finish or undo what killed runs left in a folder.

    Parameters
    ----------
    folder : Path
    may_stand : callable
        From the folder and names of files to whether nobody else's files are in their places.
    certain : bool
        Whether no other run is at work in this folder; otherwise only what is old enough is touched.
    """
    for stage in sorted(folder.glob(f"{STAGING}*")):
        if not _is_stage(stage) or not (certain or time.time() - stage.stat().st_mtime > LONG_AGO):
            continue
        done = False
        if (stage / FORWARD).exists() and may_stand(folder, _plan(stage / FORWARD)["files"]):
            with suppress(OSError):
                _move(stage)
                done = True
        if done:
            shutil.rmtree(stage, ignore_errors=True)
        else:
            _undo(stage)


def with_parents(folder: Path) -> list[Path]:
    """Make a folder and those above it, and return which of them are new, the highest first."""
    missing = []
    for path in (folder, *folder.parents):
        if path.exists():
            break
        missing.append(path)
    made = []
    for path in reversed(missing):
        path.mkdir()
        made.append(path)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return made


def _move(stage: Path) -> None:
    """Move the new files that are still in the staging folder to their places, and end the list."""
    folder, plan = stage.parent, _plan(stage / FORWARD)
    for name in plan["files"]:
        if os.path.lexists(stage / NEW / name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(stage / NEW / name, folder / name)
    for path in {(folder / name).parent for name in plan["files"]}:
        _sync_folder(path)
    (stage / FORWARD).unlink()


def _undo(stage: Path) -> None:
    """Put the older files back in the places of those that were moved, and remove the staging folder.

    What cannot be removed of it is swept by the next run.
    """
    if (stage / FORWARD).exists():
        os.replace(stage / FORWARD, stage / BACK)
    if (stage / BACK).exists():
        folder, plan = stage.parent, _plan(stage / BACK)
        for name in plan["files"]:
            if os.path.lexists(stage / NEW / name):
                continue  # it was never moved
            if os.path.lexists(stage / OLD / name):
                os.replace(stage / OLD / name, folder / name)
            elif name in plan["fresh"]:
                (folder / name).unlink(missing_ok=True)
        for name in plan["folders"]:
            with suppress(OSError):
                (folder / name).rmdir()
        (stage / BACK).unlink()
    shutil.rmtree(stage, ignore_errors=True)


def _is_stage(path: Path) -> bool:
    """Tell whether a path is a folder that a run of the same user made to stage files, and nothing else."""
    if not re.fullmatch(re.escape(STAGING) + "[a-z0-9_]{8}", path.name):
        return False
    status = path.lstat()
    mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    if not (stat.S_ISDIR(status.st_mode) and mine):
        return False
    return {inside.name for inside in path.iterdir()} <= {NEW, OLD, UNREADY, FORWARD, BACK}


def _plan(path: Path) -> dict[str, list[str]]:
    """Return the list of a staging folder: all files, those that are new, and folders that are new."""
    try:
        plan: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
        names = [PurePath(name) for key in ("files", "fresh", "folders") for name in plan[key]]
    except (ValueError, TypeError, KeyError):
        raise OSError(errno.EINVAL, f"'{path}' is no list of files") from None
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise OSError(errno.EINVAL, f"'{path}' names a place outside")
    return plan


def _keep(path: Path, copy: Path) -> None:
    """Keep what a file holds under a second name: as a link, or as a copy where there are no links."""
    try:
        os.link(path, copy, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, copy, follow_symlinks=False)


def _write_synced(path: Path, content: str | bytes) -> None:
    with path.open("xb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """Let the names in a folder outlast a power failure, where the system offers it."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
