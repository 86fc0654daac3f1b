"""Names that a user may ask about: plug-ins and their aliases, and the scenarios that come with gamelab."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gamelab.errors import InputError, listed, nearest

if TYPE_CHECKING:
    from rich.console import RenderableType

KINDS = {"stages": "stage game", "institutions": "institution", "strategies": "strategy"}
GROUPS = (*KINDS, "scenarios")
TITLE = re.compile(r"^title:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)


def entries(group: str | None = None) -> dict[str, dict[str, str]]:
    """Return every name of a group, or of all groups, with its sentence.

    Raises
    ------
    InputError
        Where there is no such group.
    """
    if group is not None and group not in GROUPS:
        raise InputError(f"there is no group '{group}'; write {listed(GROUPS)}{nearest(group, GROUPS)}")
    return {name: _sentences(name) for name in ([group] if group else GROUPS)}


def _sentences(group: str) -> dict[str, str]:
    if group == "scenarios":
        return {name: _title(path) for name, path in _scenarios().items()}
    from gamelab.report.descriptions import sentence

    return {name: sentence(plugin) for name, plugin in _plugins(group).items()}


def _title(path: Path) -> str:
    """Return a scenario's title; where it stands in lines of its own the rest of the file is not read."""
    from gamelab.scenario.reading import Scalar, read

    lines = TITLE.search(path.read_text(encoding="utf-8"))
    root = read(lines[0]).root if lines else None
    title = root.entries.get("title") if root else None
    if isinstance(title, Scalar) and title.text:
        return title.text
    from gamelab.scenario import load

    return load(path).title


def pages(name: str) -> list[RenderableType]:
    """Return what there is to say about everything of this name: usually one page.

    A name is a plug-in's or a scenario's, a key, a quantity or a topic of the scenario file.

    Raises
    ------
    InputError
        Where nothing is called so; it names the nearest name.
    """
    from gamelab.cli.keys import file_names, file_pages
    from gamelab.report.descriptions import key_page
    from gamelab.scenario import catalogue
    from gamelab.scenario.files import named
    from gamelab.strategies import ALIASES

    meant = {alias.lower(): known for alias, known in ALIASES.items()}.get(name.lower(), name)
    rooms, scenarios = {group: _plugins(group) for group in KINDS}, named()
    blocks = [
        _plugin_page(group, meant, plugins[meant]) for group, plugins in rooms.items() if meant in plugins
    ]
    blocks += [_scenario_page(path) for path in scenarios.get(name, [])]
    blocks = file_pages(name) + blocks if name not in catalogue.PREFERENCES else blocks
    if not blocks and name.lower() in (words := glossary()):
        elsewhere, meaning = words[name.lower()]
        others = f" Elsewhere: {elsewhere}." if elsewhere not in ("", "-") else ""
        blocks = [key_page(name.lower(), "a word of this project", f"{meaning}.{others}", {})]
    if not blocks:
        known = [
            *(key for plugins in rooms.values() for key in plugins),
            *ALIASES,
            *scenarios,
            *file_names(),
            *glossary(),
        ]
        hint = _owners(name) or nearest(name, known) or "; 'gamelab list' shows all names"
        raise InputError(f"nothing is called '{name}'{hint}")
    return blocks


def glossary() -> dict[str, tuple[str, str]]:
    """Return what textbooks call each word of the glossary, and what it means."""
    here = Path(__file__).resolve().parents[1]
    file = here / "glossary.md" if (here / "glossary.md").is_file() else here.parent / "docs" / "glossary.md"
    rows = [line.strip("| \n").split(" | ") for line in file.read_text(encoding="utf-8").splitlines()]
    cells = [row for row in rows if len(row) == 4 and row[0] != "here"]
    return {word.lower(): (elsewhere, meaning.replace("`", "'")) for word, elsewhere, meaning, _ in cells}


def _owners(name: str) -> str:
    """Return a hint where a setting of plug-ins is asked for, or a word that one can be set to."""
    from gamelab.model.settings import settings_of

    settings = [
        (owner, setting)
        for group in KINDS
        for owner, plugin in _plugins(group).items()
        for setting in settings_of(plugin)
    ]
    owners = [owner for owner, setting in settings if setting.name == name]
    if owners:
        return f"; it is a setting of {listed(owners)}: 'gamelab describe {owners[0]}'"
    chosen = [f"{setting.name}: {name}" for _, setting in settings if name in setting.choices]
    owners = [owner for owner, setting in settings if name in setting.choices]
    return f"; write '{chosen[0]}' in {listed(owners)}: 'gamelab describe {owners[0]}'" if owners else ""


def _plugin_page(group: str, name: str, plugin: Callable[..., Any]) -> RenderableType:
    from gamelab.report.descriptions import plugin_page
    from gamelab.scenario import catalogue
    from gamelab.strategies import ALIASES

    if name in catalogue.PREFERENCES:
        return plugin_page("preference", name, plugin, [catalogue.preference_settings()[name]])
    settings = {
        "stages": catalogue.stage_settings,
        "institutions": catalogue.institution_settings,
        "strategies": catalogue.strategy_settings,
    }[group](name)
    aliases = [alias for alias, known in ALIASES.items() if known == name]
    return plugin_page(KINDS[group], name, plugin, list(settings.values()), aliases)


def _scenario_page(path: Path) -> RenderableType:
    from gamelab.report.descriptions import scenario_page
    from gamelab.scenario import load

    scenario = load(path)
    facts = (scenario.title, scenario.about, scenario.source)
    name = next(name for name, known in _scenarios().items() if known == path)
    return scenario_page(name, facts, {key: scenario.institutions[key] for key in scenario.arrangements})


def _plugins(group: str) -> Mapping[str, Callable[..., Any]]:
    from gamelab.scenario import catalogue

    rooms: dict[str, Mapping[str, Callable[..., Any]]] = {
        "stages": catalogue.STAGES,
        "institutions": catalogue.INSTITUTIONS,
        "strategies": catalogue.STRATEGIES,
    }
    return rooms[group]


def _scenarios() -> dict[str, Path]:
    """Return the packaged scenarios by name: the path below their folder, without the ending."""
    from gamelab.scenario.files import packaged, root

    return {path.relative_to(root()).with_suffix("").as_posix(): path for path in packaged()}
