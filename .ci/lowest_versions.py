"""Print the lowest versions that pyproject.toml declares, one requirement a line, for pip install -r.

Each version is written in pyproject.toml alone. The extra ``lint`` is left out: neither gamelab nor its tests
use anything of it.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
OWN = re.compile(r"gamelab\[[a-z, ]+\]")
LOWEST = re.compile(r"([A-Za-z0-9._-]+)>=([0-9.]+)")


def lowest_versions(project: dict) -> Iterator[str]:
    """Yield ``name==version`` for every dependency of the package and of its extras but ``lint``."""
    extras = project["optional-dependencies"]
    listed = [*project["dependencies"], *(word for name in extras if name != "lint" for word in extras[name])]
    for requirement in listed:
        if OWN.fullmatch(requirement):
            continue
        lowest = LOWEST.fullmatch(requirement)
        if lowest is None:
            sys.exit(f"pyproject.toml: '{requirement}' needs a lowest version: NAME>=VERSION")
        yield f"{lowest[1]}=={lowest[2]}"


if __name__ == "__main__":
    print(*lowest_versions(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]), sep="\n")
