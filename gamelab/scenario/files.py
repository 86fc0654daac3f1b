"""Where scenarios are: files, folders, and those that come with the package."""

from __future__ import annotations

from pathlib import Path

from gamelab.errors import InputError, Problem, listed, nearest

LARGEST = 1_000_000
TOO_LARGE = "larger than 1 MB; a scenario is a short text"
ENDINGS = (".yaml", ".yml")


def content(path: Path) -> bytes:
    """Return the bytes of a scenario file.

    Raises
    ------
    InputError
        For a folder, a missing or unreadable file, one that is empty, or one over 1 MB.
    """
    file = str(path)
    try:
        folder, there = path.is_dir(), path.exists()
        size = path.stat().st_size if there and not folder else 0
        data = _bytes(path) if there and not folder and size <= LARGEST else b""
    except (OSError, ValueError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) and failure.strerror else str(failure)
        raise InputError(Problem(f"cannot be read: {reason}", "", file)) from None
    if folder:
        raise InputError(Problem("a folder, and a file is needed here", "", file))
    if not there:
        raise InputError(Problem(f"there is no such file{_near(path)}", "", file))
    if max(size, len(data)) > LARGEST:
        raise InputError(Problem(TOO_LARGE, "", file, 1, 1))
    return data


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(LARGEST + 1)


def _near(path: Path) -> str:
    try:
        return nearest(path.name, sorted(other.name for other in path.parent.iterdir())[:1000])
    except OSError:
        return ""


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
        _without_ending(path) or nearest(key.rsplit("/", 1)[-1], names) or nearest(key, names) or _near(path)
    )
    known = "" if close or not names else f"; the package has {listed(list(names)[:20])}"
    raise InputError(Problem(f"neither a file nor a packaged scenario{close}{known}", "", str(source)))


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
    found: dict[str, list[Path]] = {}
    for file in packaged():
        relative = file.relative_to(here)
        for folder in list(relative.parents)[:-1]:
            found.setdefault(folder.as_posix(), _within(here / folder))
    short: dict[str, list[Path]] = {}
    for file in packaged():
        relative = file.relative_to(here)
        for name in (relative.as_posix(), relative.with_suffix("").as_posix()):
            found.setdefault(name, [file])
        for name in (relative.name, relative.stem):
            short.setdefault(name, []).append(file)
    for name, files in short.items():
        if len(set(files)) == 1:
            found.setdefault(name, [files[0]])
    return found


def _in_folder(folder: Path) -> list[Path]:
    files = _within(folder)
    if not files:
        raise InputError(Problem("a folder without scenarios (*.yaml, *.yml)", "", str(folder)))
    return files


def _within(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for ending in ENDINGS for file in folder.rglob(f"*{ending}") if file.is_file())
