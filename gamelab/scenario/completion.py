"""Completion: the JSON schema of a scenario file, with which editors complete, explain and check it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from gamelab.model.settings import Setting
from gamelab.scenario import catalogue
from gamelab.scenario.keys import KEYS
from gamelab.scenario.quantities import QUANTITIES, WHOLE, with_key
from gamelab.scenario.schema import COMPARISONS, file_model

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SECTIONS = {
    "arrangement": "arrangements",
    "claim": "claims",
    "map": "maps",
    "shown": "maps.show",
    "axis": "maps.x",
    "simulate": "simulate",
}
"""Definitions of what stands below a key, by the key."""


def json_schema() -> Schema:
    """Return the JSON schema of a scenario file.

    It says of every key what it holds, and admits whatever gamelab reads and little else; what depends on
    values (an unknown name in an expression, payoffs in the wrong order) only gamelab itself finds.

    Examples
    --------
    >>> json_schema()["properties"]["time"]["properties"]["rounds"]["description"].split(",")[0]
    'Number of rounds'
    """
    plain = file_model().model_json_schema(by_alias=True)
    schema = _clean(plain)
    definitions: dict[str, Schema] = schema.pop("$defs")
    definitions.pop("unknown", None)
    for name, definition in definitions.items():
        _explain(name, definition)
    _strategies(definitions)
    if "claim" in definitions:
        _claim(definitions["claim"])
    for key, part in schema["properties"].items():
        _describe(part, key)
    schema["properties"]["game"] = _game(definitions)
    sections = {
        **catalogue.sections(),
        "simulate": catalogue.simulate_settings(),
    }
    for key, settings in sections.items():
        section = schema["properties"][key] = {**definitions.pop(key), **schema["properties"][key]}
        section.pop("$ref", None)
        _defaults(section, settings)
    return {"$schema": DRAFT, "title": "gamelab scenario", **schema, "$defs": definitions}


def _clean(part: Any) -> Any:
    """Return a piece of the schema without the titles and empty defaults that pydantic makes up."""
    if isinstance(part, list):
        return [_clean(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    kept: Schema = {}
    for key, value in part.items():
        if key == "properties":
            kept[key] = {name: _clean(inner) for name, inner in value.items()}
        elif not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None):
            kept[key] = _clean(value)
    if kept.get("type") == "object" and not kept.get("required") and "minProperties" not in kept:
        kept["type"] = ["object", "null"]  # it may be left blank
    if kept.get("type") == "array" and "minItems" not in kept:
        kept["type"] = ["array", "null"]
    if kept.get("type") == "boolean" or kept == {"const": False}:
        kept = {**kept, "enum": ["no", False] if "const" in kept else ["yes", "no", True, False]}
        kept = {key: value for key, value in kept.items() if key not in ("type", "const")}
    return kept


def _describe(part: Schema, path: str) -> None:
    key = KEYS.get(path)
    if key is None:
        return
    default = (
        f" ({key.default if key.default == 'required' else f'default: {key.default}'})" if key.default else ""
    )
    part["description"] = f"{key.about[:1].upper()}{key.about[1:]}{default}."
    if key.example:
        part["description"] += f" Example: {key.example}" if "\n" not in key.example else ""


def _explain(name: str, definition: Schema) -> None:
    """Say what a definition is, from its plug-in or from the keys."""
    group, _, plugin = name.partition("-")
    if plugin and group == "game":
        definition["description"] = _sentence(catalogue.STAGES[plugin])
        _defaults(definition, catalogue.stage_settings(plugin))
    elif plugin and group == "institutions":
        definition["description"] = _sentence(catalogue.INSTITUTIONS[plugin])
        _defaults(definition, catalogue.institution_settings(plugin))
    elif plugin:
        _defaults(definition, catalogue.strategy_settings(plugin))
    for key, part in definition.get("properties", {}).items():
        if name in SECTIONS:
            _describe(part, f"{SECTIONS[name]}.{key}")
        elif name == "institutions":
            part["description"] = _sentence(catalogue.INSTITUTIONS[key])


def _defaults(part: Schema, settings: Mapping[str, Setting]) -> None:
    for name, setting in settings.items():
        if not setting.required and isinstance(setting.default, str | int | float):
            part["properties"][name]["default"] = setting.default


def _sentence(plugin: Callable[..., Any]) -> str:
    text = inspect.cleandoc(inspect.unwrap(plugin).__doc__ or "").partition("\n\n")[0]
    return " ".join(text.replace("``", "`").split())


def _game(definitions: dict[str, Schema]) -> Schema:
    """Return the section ``game``: one closed mapping for each kind, told apart by ``kind``."""
    kinds = list(catalogue.STAGES)
    for kind in kinds:
        definitions[f"game-{kind}"]["properties"]["kind"] = {
            "const": kind,
            "description": f"What is at stake in one round. {_sentence(catalogue.STAGES[kind])}",
        }
    game: Schema = {"oneOf": [{"$ref": f"#/$defs/game-{kind}"} for kind in kinds]}
    _describe(game, "game")
    return game


def _strategies(definitions: dict[str, Schema]) -> None:
    """Explain strategies by name, and with settings: one name a mapping."""
    named = definitions.get("strategy")
    if named is None:
        return
    named |= {"type": "object", "minProperties": 1, "maxProperties": 1}
    sentences = {
        name: _sentence(catalogue.STRATEGIES[catalogue.strategy_name(name)])
        for name in (*catalogue.STRATEGIES, *catalogue.ALIASES)
    }
    for name, part in named["properties"].items():
        part["description"] = sentences[name]
    ready = [
        name
        for name in sentences
        if not any(setting.required for setting in catalogue.strategy_settings(name).values())
    ]
    bare = {"enum": ready, "markdownEnumDescriptions": [sentences[name] for name in ready]}
    definitions["strategy name"] = {
        **bare,
        "description": "A strategy by name; one that needs settings is written {name: {setting: value}}.",
    }
    one: Schema = {"anyOf": [{"$ref": "#/$defs/strategy name"}, {"$ref": "#/$defs/strategy"}]}
    definitions["candidate"] = {"anyOf": [*one["anyOf"], {"type": "array", "minItems": 1, "items": one}]}
    definitions["arrangement"]["properties"]["profiles"]["items"] = {"$ref": "#/$defs/candidate"}
    definitions["simulate"]["properties"]["strategies"]["items"] = one


def _claim(claim: Schema) -> None:
    """Say what quantities are, and what each of them needs."""
    properties = claim["properties"]
    properties["quantity"]["markdownEnumDescriptions"] = [each.sentence for each in QUANTITIES.values()]
    numeric = {"type": ["number", "string"]}
    for comparison in ("equals", "above", "below", "at_least", "at_most"):
        properties[comparison] |= numeric
    properties["profile"] |= {"$ref": "#/$defs/candidate"}
    claim["oneOf"] = [{"required": [comparison]} for comparison in COMPARISONS]
    whole = {"properties": {"quantity": {"enum": list(WHOLE)}}, "required": ["quantity"]}
    claim["allOf"] = [
        {"if": whole, "then": {"not": {"required": ["arrangement"]}}, "else": {"required": ["arrangement"]}},
        *(
            {
                "if": {"properties": {"quantity": {"enum": with_key(key)}}, "required": ["quantity"]},
                "then": {"required": [key]},
                "else": {"not": {"required": [key]}},
            }
            for key in ("player", "path", "of")
        ),
    ]
