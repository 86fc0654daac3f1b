"""One fault: a slip that somebody could make, where it goes, and which tests should notice it."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class StaleFaultError(Exception):
    """The text that a fault replaces does not stand exactly once in its file any more."""


@dataclass(frozen=True)
class Fault:
    """A slip in one file.

    Parameters
    ----------
    name : str
    file : str
        Path from the root of the project.
    old, new : str
        The text that stands in the file, exactly once, and what stands there in its place.
    breaks : str
        What is wrong then, in words.
    killers : tuple of str
        Test files, or single tests, one of which must fail. Few and quick.
    """

    name: str
    file: str
    old: str
    new: str
    breaks: str
    killers: tuple[str, ...]

    @property
    def room(self) -> str:
        """The room of the house that the fault is planted in."""
        return Path(self.file).parts[1].removesuffix(".py")

    def text(self, root: Path = ROOT) -> str:
        """Return the file with the fault in it.

        Raises
        ------
        StaleFaultError
            Where the old text does not stand exactly once in the file.
        """
        path = root / self.file
        found = path.read_text(encoding="utf-8") if path.exists() else ""
        count = found.count(self.old)
        if count != 1:
            raise StaleFaultError(f"{self.name}: the old text stands {count} times in {self.file}")
        return found.replace(self.old, self.new)
