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
    found: dict[str, list[metadata.EntryPoint]] = {}
    for point in _every():
        if point.group == PREFIX + group:
            found.setdefault(point.name, []).append(point)
    return found


@functools.cache
def _every() -> tuple[metadata.EntryPoint, ...]:
    """Return all entry points for gamelab; the first of two packages of one name counts, as for Python."""
    found: dict[str, list[metadata.EntryPoint]] = {}
    for package in metadata.distributions():
        try:
            points = [point for point in package.entry_points if point.group.startswith(PREFIX)]
        except Exception as failure:
            points = []
            if _names_us(package):
                reason = f"its entry points cannot be read: {type(failure).__name__}: {failure}"
                message = f"plug-ins of the package {package.name} are left out: {reason}"
                warnings.warn(visible(message), GamelabWarning, stacklevel=2)
        name = re.sub(r"[-_.]+", "-", package.name or f"nameless {len(found)}").lower()
        found.setdefault(name, points)
    return tuple(point for points in found.values() for point in points)


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
