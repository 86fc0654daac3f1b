"""Unused parameters: names that a file gives to numbers and uses nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gamelab.scenario.document import Scenario, inside
from gamelab.scenario.reading import Branch, Listing, Node, Scalar


def unused(scenario: Scenario) -> list[str]:
    """Return a note for each parameter whose name nothing else in the file holds."""
    notes = []
    for name in inside(scenario.root, "parameters").entries:
        elsewhere = (
            text for key, node in scenario.root.entries.items() for text in _texts(node, key == "parameters")
        )
        if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in elsewhere):
            notes.append(f"parameters.{name} is used nowhere in the file")
    return notes


def _texts(node: Node, without_keys: bool = False) -> Iterator[str]:
    """Yield every text below a node and the keys of mappings, on request without those of the node itself."""
    if isinstance(node, Scalar):
        yield node.text
    for part in node.items if isinstance(node, Listing) else ():
        yield from _texts(part)
    for key, part in node.entries.items() if isinstance(node, Branch) else ():
        yield from () if without_keys else (key,)
        yield from _texts(part)
