"""What a user may ask about the scenario file: its keys, the quantities of claims, expressions and paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gamelab.report.descriptions import key_page, sentence
from gamelab.scenario import catalogue
from gamelab.scenario.keys import KEYS, TOPICS
from gamelab.scenario.quantities import QUANTITIES, example_claim

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gamelab.model.settings import Setting


def file_names() -> list[str]:
    """Return every name that can be asked about."""
    settings = [name for section in _sections().values() for name in section]
    return [*KEYS, *(key.rsplit(".", 1)[-1] for key in KEYS), *QUANTITIES, *TOPICS, *settings]


def file_pages(name: str) -> list[RenderableType]:
    """Return a page for each key, quantity or topic of this name, and the section of a setting."""
    pages = [_key(path) for path in KEYS if path == name or path.endswith(f".{name}")]
    if name in QUANTITIES:
        quantity = QUANTITIES[name]
        pages.append(
            key_page(name, "quantity", quantity.sentence, {}, example_claim(name), unit=quantity.unit)
        )
    if name in TOPICS:
        pages.append(key_page(name, "of the scenario file", TOPICS[name], {}))
    return pages or [_key(section) for section, settings in _sections().items() if name in settings]


def _sections() -> dict[str, dict[str, Setting]]:
    own = {"simulate": catalogue.simulate_settings(), "arrangements.set_up": catalogue.set_up_settings()}
    return {**catalogue.sections(), **own}


def _key(path: str) -> RenderableType:
    key, sections = KEYS[path], _sections()
    below = {other: KEYS[other].about for other in KEYS if other.startswith(f"{path}.")}
    rows: dict[str, dict[str, str] | list[Setting]] = {}
    if path in sections:
        rows["Settings"] = list(sections[path].values())
    if below:
        rows["Keys"] = {other.removeprefix(f"{path}."): about for other, about in below.items()}
    if path in ("claims", "claims.quantity"):
        rows["Quantities"] = {quantity: each.sentence for quantity, each in QUANTITIES.items()}
    if path == "game":
        rows["Kinds"] = {kind: sentence(plugin) for kind, plugin in catalogue.STAGES.items()}
    kind = "section of the scenario file" if rows and "." not in path else "key of the scenario file"
    section = path.rpartition(".")[0]
    return key_page(
        path, f"key below {section}" if section else kind, key.about, rows, key.example, key.default
    )
