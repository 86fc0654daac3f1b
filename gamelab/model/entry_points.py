"""Entry points: which plug-ins the installed packages declare, read without loading any of them."""

from __future__ import annotations

import functools
import re
import warnings
from importlib import metadata

from gamelab.errors import GamelabWarning, visible

PREFIX = "gamelab."


@functools.cache
def declared(group: str) -> dict[str, list[metadata.EntryPoint]]:
    """Return the entry points of a group by name; several for a name that several packages use."""
    plugins: dict[str, list[metadata.EntryPoint]] = {}
    for point in _every():
        if point.group == PREFIX + group:
            plugins.setdefault(point.name, []).append(point)
    return plugins


@functools.cache
def _every() -> tuple[metadata.EntryPoint, ...]:
    """Return all entry points for gamelab; the first of two packages of one name counts, as for Python."""
    read = [(package, _points(package)) for package in metadata.distributions()]
    if not any(points for _, points in read):
        return ()  # names are slow to read
    declarations: dict[str, list[metadata.EntryPoint]] = {}
    for package, points in read:
        name = re.sub(r"[-_.]+", "-", package.name or f"nameless {len(declarations)}").lower()
        declarations.setdefault(name, points)
    return tuple(point for points in declarations.values() for point in points)


def _points(package: metadata.Distribution) -> list[metadata.EntryPoint]:
    """Return a package's entry points for gamelab; none where they cannot be read, which a warning tells."""
    try:
        return [point for point in package.entry_points if point.group.startswith(PREFIX)]
    except Exception as failure:
        if _names_us(package):
            reason = f"its entry points cannot be read: {type(failure).__name__}: {failure}"
            message = f"plug-ins of the package {package.name} are left out: {reason}"
            warnings.warn(visible(message), GamelabWarning, stacklevel=4)
        return []


def _names_us(package: metadata.Distribution) -> bool:
    """Tell whether a list of entry points that cannot be read is meant for gamelab at all."""
    try:
        text = package.read_text("entry_points.txt") or ""
    except UnicodeDecodeError as failure:
        text = failure.object.decode("latin-1")
    return f"[{PREFIX}" in text


def package_of(point: metadata.EntryPoint) -> str:
    """Return the name of the package that declares an entry point."""
    return (point.dist.name if point.dist is not None else None) or point.value.split(":")[0]
