"""Where scenarios are: files, folders, and those that come with the package."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from pathlib import Path, PureWindowsPath

from gamelab.errors import GameError, InputError, Problem, listed, nearest
from gamelab.input_files import bytes_of, near
from gamelab.model.settings import shown

LARGEST = 1_000_000
TOO_LARGE = "larger than 1 MB; a scenario is a short text"
ENDINGS = (".yaml", ".yml")
MOST_ENTRIES = 20_000
"""Files and folders that are looked through for scenarios: more would take longer than a second."""


def content(path: Path) -> bytes:
    """Return the bytes of a scenario file.

    Raises
    ------
    InputError
        For what is no regular file, for a missing or unreadable one, and for one over 1 MB.
    """
    return bytes_of(path, most=LARGEST, too_large=TOO_LARGE)


def beside(scenario: str, name: str) -> str:
    """Return the path of a file that a scenario names: in its own folder or below.

    Raises
    ------
    GameError
        For another place: a scenario of a stranger reads no other files of the reader.
    """
    windows, folder = PureWindowsPath(name), Path(scenario).parent
    outside = bool(windows.drive or windows.root) or ".." in windows.parts
    try:
        if not outside and (folder / name).resolve().is_relative_to(folder.resolve()):
            return str(folder / name)
    except (
        OSError,
        ValueError,
        RuntimeError,
    ) as failure:  # of a loop of links it is the last, in old Pythons
        raise GameError(f"{shown(name)} cannot be read: {failure}", "file") from None
    where = "the scenario's own folder or in one below it; copy it there, and write its path from there"
    raise GameError(f"{shown(name)} given; the file must be in {where}", "file")


def _without_ending(path: Path) -> str:
    """Return a hint where only the ending of a scenario file was left out."""
    for ending in (".yaml", ".yml"):
        try:
            if path.name and path.with_name(path.name + ending).is_file():
                return f"; did you mean '{path.name}{ending}'?"
        except (OSError, ValueError):
            return ""
    return ""


def root() -> Path:
    """Return the folder of the scenarios that come with the package."""
    here = Path(__file__).resolve().parents[1]
    inside = here / "scenarios"
    return inside if inside.is_dir() else here.parent / "scenarios"


def packaged() -> list[Path]:
    """Return the files of all scenarios that come with the package."""
    return _within(root())


def find(source: str | Path) -> list[Path]:
    """Return the scenario files that a path or a name stands for.

    Parameters
    ----------
    source : str or Path
        A file; a folder, searched with what is below it; or the name of a packaged scenario or folder. An
        existing path goes first.

    Raises
    ------
    InputError
        For an unknown name, with near ones, and for a folder without scenarios.
    """
    if not str(source).strip():
        raise InputError(Problem("an empty name; name a file, a folder or a scenario of the package"))
    if str(source) == "-":
        raise InputError(Problem("standard input is not read; save the text to a file first", "", "-"))
    path = Path(source)
    try:
        folder, there = path.is_dir(), path.exists()
    except (OSError, ValueError):
        folder, there = False, False
    if folder:
        return _in_folder(path)
    if there:
        return [path]
    names = named()
    key = str(source).replace("\\", "/").strip("/")
    if key in names:
        return names[key]
    close = (
        _without_ending(path) or nearest(key.rsplit("/", 1)[-1], names) or nearest(key, names) or near(path)
    )
    known = "" if close or not names else f"; the package has {listed(list(names)[:20])}"
    raise InputError(Problem(f"neither a file nor a packaged scenario{close}{known}", "", str(source)))


def label(file: str) -> str:
    """Return how results name a scenario file: without where it is on this machine.

    A packaged scenario has its name, such as ``box1/battle``; another file its path as it was given, if that
    is relative, else its path from the current folder if it lies below, else its own name.
    """
    path = Path(file)
    with suppress(OSError, ValueError, RuntimeError):
        place = path.resolve()
        if place.suffix in ENDINGS and place.is_relative_to(root().resolve()):
            return place.relative_to(root().resolve()).as_posix().removesuffix(place.suffix)
        if path.is_absolute() and place.is_relative_to(Path.cwd()):
            return place.relative_to(Path.cwd()).as_posix()
    return path.name if path.is_absolute() else file


def holds_several(source: str | Path) -> bool:
    """Tell whether a path or a name stands for a folder of scenarios, however many are in it."""
    path = Path(source)
    try:
        if path.exists():
            return path.is_dir()
    except (OSError, ValueError):
        return False
    return (root() / str(source).replace("\\", "/").strip("/")).is_dir()


def named() -> dict[str, list[Path]]:
    """Return packaged scenarios and folders by name; without their folder where that is unambiguous."""
    here = root()
    by_name: dict[str, list[Path]] = {}
    for file in packaged():
        relative = file.relative_to(here)
        for folder in list(relative.parents)[:-1]:
            by_name.setdefault(folder.as_posix(), _within(here / folder))
    short: dict[str, list[Path]] = {}
    for file in packaged():
        relative = file.relative_to(here)
        for name in (relative.as_posix(), relative.with_suffix("").as_posix()):
            by_name.setdefault(name, [file])
        for name in (relative.name, relative.stem):
            short.setdefault(name, []).append(file)
    for name, files in short.items():
        if len(set(files)) == 1:
            by_name.setdefault(name, [files[0]])
    return by_name


def _in_folder(folder: Path) -> list[Path]:
    files = _within(folder)
    if not files:
        raise InputError(Problem("a folder without scenarios (*.yaml, *.yml)", "", str(folder)))
    return files


def _within(folder: Path) -> list[Path]:
    """Return the scenario files in a folder and below, in the order of their paths; no links are followed.

    Raises
    ------
    InputError
        For a folder that cannot be read, or with too much in it to be searched.
    """
    files: list[Path] = []
    entries = 0
    for place, folders, names in os.walk(folder, onerror=partial(_unreadable, folder)):
        entries += len(folders) + len(names)
        if entries > MOST_ENTRIES:
            many = f"more than {MOST_ENTRIES:,} files and folders are in it or below; name a smaller folder"
            raise InputError(Problem(many, "", str(folder)))
        files += [path for name in names if (path := Path(place, name)).suffix in ENDINGS and path.is_file()]
    return sorted(files)


def _unreadable(folder: Path, failure: OSError) -> None:
    """Refuse a folder that cannot be read; what cannot be read below it is passed over."""
    if failure.filename == str(folder) and not isinstance(failure, FileNotFoundError):
        raise InputError(Problem(f"cannot be read: {failure.strerror}", "", str(folder))) from None
