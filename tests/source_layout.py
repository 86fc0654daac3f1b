"""Writes the map in docs/source-layout.md from the first docstring line of each file: python tests/source_layout.py."""

import ast
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "gamelab"
PAGE = ROOT / "docs" / "source-layout.md"
MARK = "<!-- below: written by tests/source_layout.py from the docstrings -->\n"


def first_line(path: Path) -> str:
    """Return the first line of a file's docstring, which is its line in the map."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{path} has no docstring"
    return docstring.splitlines()[0].strip()


def the_map() -> str:
    """Return the tables of all files, one a folder."""
    parts = []
    files = sorted(HOUSE.rglob("*.py"), key=lambda path: (path.parent.parts, path.name))
    for folder, inside in groupby(files, lambda path: path.parent):
        rows = [f"| `{path.name}` | {first_line(path)} |\n" for path in inside]
        parts.append(
            f"\n## {folder.relative_to(ROOT).as_posix()}\n\n| file | what it holds |\n|---|---|\n{''.join(rows)}"
        )
    return "".join(parts)


def page() -> str:
    """Return the page as it should be: what people wrote, then the map."""
    return PAGE.read_text(encoding="utf-8").partition(MARK)[0] + MARK + the_map()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
