"""The shape of a scenario file: which keys it has and what each may hold; every mistake in our own words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    create_model,
    model_validator,
)

from gamelab.errors import listed, nearest
from gamelab.expressions import shortened
from gamelab.model.settings import EACH, NO_DIFFERENCES, Setting
from gamelab.scenario import catalogue
from gamelab.scenario.catalogue import Plugins
from gamelab.scenario.leaves import (
    NUMBER,
    TEXT,
    anything,
    boolean,
    is_blank,
    leaf,
    number,
    one_of,
    refuse,
    scalar_of,
    structure,
    text,
)
from gamelab.scenario.quantities import QUANTITIES, WHOLE
from gamelab.scenario.reading import Scalar

EVENT = "an action, a finding or an outcome"
COMPARISONS = ("is", "equals", "above", "below", "at_least", "at_most")
RATE = dict.fromkeys(
    ("discount_rate", "interest_rate", "interest", "rate"), "for a rate r write 'discount_factor: 1/(1 + r)'"
)
ENDLESS = ("infinite", "infinity", "inf", ".inf", "endless", "forever", "unlimited", "indefinite", "∞")
MOST_MODELS = 32
"""Of whole files that are kept: every set of plug-ins has its own; those of each plug-in are made once."""
TAG = "\0"
"""Begins the tags of alternatives, which pydantic puts among the keys: no file can hold such a key."""


class Section(BaseModel):
    """A mapping in the file; ``allowed`` says for each key what may stand there."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    allowed: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}
    noun: ClassVar[str] = "setting"
    collections: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _known(cls, value: Any, info: ValidationInfo) -> Any:
        """Remember which section a mapping is; an empty one may be left blank."""
        if info.context is not None:
            info.context[id(value)] = cls
        if isinstance(value, dict):
            return {
                key: part for key, part in value.items() if not (key in cls.collections and is_blank(part))
            }
        return {} if is_blank(value) else value


def setting_type(setting: Setting, *, bare: bool = False) -> Any:
    """Return the type of a plug-in's setting, from what its signature declares; ``bare``: without words."""
    nullable = not setting.required and setting.default is None
    schema: dict[str, Any] = {} if bare else {"description": described(setting)}
    limits: dict[str, Any] = {"type": "integer" if setting.range.whole else "number"}
    if setting.range.low > -float("inf"):
        limits["minimum"] = setting.range.low
    if setting.range.high < float("inf"):
        limits["exclusiveMaximum" if setting.range.below_high else "maximum"] = setting.range.high
    formula: dict[str, Any] = {"anyOf": [limits, {"type": "string"}, *([{"type": "null"}] * nullable)]}
    if setting.by_player:
        each = Annotated[dict[str, setting_type(setting.one, bare=True)], Field(min_length=1)]  # type: ignore[misc,valid-type]
        same = setting_type(replace(setting, by_player=False), bare=True)
        either = _tagged({f"{TAG}one": same, f"{TAG}each": each}, _by_player)
        return Annotated[either, Field(description=schema["description"])]
    if setting.kind in ("number", "whole number"):
        check = _same_for_all(setting)
        return leaf(check, {**schema, **formula}, nullable=nullable)
    if setting.kind == "numbers":
        item = leaf(number, formula)
        some = Field(min_length=1, description=schema.get("description"))
        return Annotated[list[item], some]  # type: ignore[valid-type]
    if setting.kind == "choice":
        return leaf(one_of(setting.choices), {**schema, "enum": list(setting.choices)}, nullable=nullable)
    return leaf(text if setting.kind in ("text", "file") else structure, schema, nullable=nullable)


def _by_player(value: Any) -> str:
    return TAG + ("each" if isinstance(value, dict) else "one")


def _same_for_all(setting: Setting) -> Callable[[Any], Any]:
    """Return a check that accepts one number, and says so where a mapping by player is given."""

    def check(value: Any) -> Any:
        if isinstance(value, dict):
            refuse(f"a mapping is given, and {NO_DIFFERENCES}; write {setting.allowed}")
        if setting.name == "rounds" and isinstance(value, Scalar) and value.text.lower() in ENDLESS:
            instead = (
                "for a punishment without an end write grim"
                if setting.required
                else "for play without an end leave it out"
            )
            refuse(f"'{value.text}' is not {setting.allowed}; {instead}")
        return number(value)

    return check


def described(setting: Setting) -> str:
    """Return a setting in a sentence or two: what it is, what is allowed, its unit and its default."""
    unit = f" ({setting.range.unit})" if setting.range.unit else ""
    default = "required" if setting.required else f"default {setting.default}"
    if setting.default is None:
        default = "may be left out"
    about = f"{setting.about.replace('``', '`').rstrip('.')}. " if setting.about else ""
    allowed = setting.allowed[:1].upper() + setting.allowed[1:]
    allowed = f"Write {setting.allowed}" if setting.kind == "choice" else allowed
    return f"{about}{allowed}{unit}{EACH if setting.by_player else ''}; {default}."


def section(
    name: str,
    fields: Mapping[str, tuple[Any, bool, str]],
    *,
    noun: str = "setting",
    hints: Mapping[str, str] | None = None,
) -> type[Section]:
    """Return the model of a section, from (type, required, what is allowed) of each key.

    The fields have names of their own and the keys are aliases: a setting may have any name.
    """
    definitions: dict[str, Any] = {
        f"key_{key}": (kind, Field(... if required else None, alias=key))
        for key, (kind, required, _) in fields.items()
    }
    model = create_model(name, __base__=Section, **definitions)
    model.allowed = {key: allowed for key, (_, _, allowed) in fields.items()}
    model.hints = dict(hints or {})
    model.noun = noun
    model.collections = frozenset(k for k, (kind, _, _) in fields.items() if get_origin(kind) in (list, dict))
    return model


def settings_section(
    name: str,
    settings: Mapping[str, Setting],
    hints: Mapping[str, str] | None = None,
    **more: tuple[Any, bool, str],
) -> type[Section]:
    """Return the model of a section that holds a plug-in's settings; ``group-name`` is a name of its own."""
    fields = {key: (setting_type(s), s.required, s.allowed) for key, s in settings.items()}
    return section(name, {**more, **fields}, hints=hints)


@functools.cache
def plugin_section(group: str, name: str, plugin: catalogue.Plugin) -> type[Section]:
    """Return the model of the settings below the name of an institution or a strategy, made once."""
    return settings_section(f"{group}-{name}", catalogue.settings_below(group, plugin))


def _tagged(kinds: Mapping[str, Any], choose: Callable[[Any], str | None]) -> Any:
    """Return the type that is one of several, as ``choose`` says."""
    union: Any = None
    for tag, kind in kinds.items():
        part = Annotated[kind, Tag(tag)]  # type: ignore[valid-type]
        union = part if union is None else union | part
    if len(kinds) == 1:
        return next(iter(kinds.values()))
    return Annotated[union, Discriminator(choose)]


def game_type(stages: Plugins) -> Any:
    """Return the type of the section ``game``: the settings that its kind has, one of these."""

    def choose(value: Any) -> str | None:
        kind = value.get("kind") if isinstance(value, dict) else None
        return f"{TAG}{kind}" if isinstance(kind, Scalar) and kind.text in catalogue.STAGES else None

    models = {}
    for kind, plugin in stages or [*catalogue.STAGES.own.items()][:1]:  # one at least, or nothing is chosen
        literal = leaf(one_of([kind]), {"const": kind})
        settings = catalogue.settings_below("stages", plugin)
        models[f"{TAG}{kind}"] = settings_section(f"game-{kind}", settings, kind=(literal, True, kind))
    return _tagged({**models, f"{TAG}unknown": section("unknown", {})}, choose)


def profile_types(strategies: Plugins) -> tuple[Any, Any]:
    """Return the types of one of these strategies, and of a candidate: one for all, or one a player."""
    known = dict(strategies)
    known |= {alias: known[name] for alias, name in catalogue.ALIASES.items() if name in known}
    bare = leaf(_strategy, {"enum": list(known)})
    fields = {}
    for name, plugin in known.items():
        fields[name] = (plugin_section("strategies", name, plugin), False, "its settings")
    with_settings = section("strategy", fields, noun="strategy")
    one = _tagged({f"{TAG}name": bare, f"{TAG}settings": with_settings}, _shape)
    each = list[one]  # type: ignore[valid-type]
    kinds = {f"{TAG}name": bare, f"{TAG}settings": with_settings, f"{TAG}each": each}
    return one, _tagged(kinds, _shape)


def _shape(value: Any) -> str:
    return TAG + ("settings" if isinstance(value, dict) else "each" if isinstance(value, list) else "name")


def _strategy(value: Any) -> Any:
    scalar = scalar_of(value, "the name of a strategy")
    if not catalogue.is_strategy(scalar.text):
        names = catalogue.strategy_names()
        meant = catalogue.SYNONYMS.get(scalar.text.lower(), "")
        hint = (
            f"; did you mean '{meant}'?"
            if meant in names
            else nearest(scalar.text, names) or f"; write {listed(names)}"
        )
        refuse(f"'{shortened(scalar.text)}' is not a strategy{hint}")
    for setting in catalogue.strategy_settings(scalar.text).values():
        if setting.required:
            refuse(f"{scalar.text} needs '{setting.name}': write {{{scalar.text}: {{{setting.name}: ...}}}}")
    return value


def file_model(mentioned: Mapping[str, Iterable[str]] | None = None) -> type[Section]:
    """Return the model of a whole scenario file, from the plug-ins as they are now: all, or those named."""
    return _file_model(*catalogue.plugins(mentioned), tuple(catalogue.ALIASES))


@functools.lru_cache(MOST_MODELS)
def _file_model(
    stages: Plugins, institutions: Plugins, strategies: Plugins, _aliases: tuple[str, ...]
) -> type[Section]:
    sections = {}
    for name, plugin in institutions:
        if name not in catalogue.PREFERENCES:
            sections[name] = (plugin_section("institutions", name, plugin), False, "its settings")
    hint = "is a preference: write 'preferences: {%s: ...}'"
    preferences = {name: hint % name for name in catalogue.PREFERENCES}
    common, (strategy, candidate) = common_sections(), profile_types(strategies)
    competing = (list[strategy], False, "a list of strategies")  # type: ignore[valid-type]
    simulated = settings_section("simulate", catalogue.simulate_settings(), strategies=competing)
    applied = section("institutions", sections, noun="institution", hints=preferences)
    arrangement = section("arrangement", {
        "institutions": (applied, False, "institutions with their settings"),
        "profiles": (list[candidate], False, "a list of candidates"),  # type: ignore[valid-type]
        "selection": (selection_type(), False, ""),
        "set_up": (settings_section("set_up", catalogue.set_up_settings()), False, ""),
    })  # fmt: skip
    return section("scenario", {
        "gamelab": (leaf(_version, {"const": catalogue.FORMAT}), True, "1, the version of the format"),
        "title": (TEXT, False, "a text"),
        "source": (TEXT, False, "a text"),
        "about": (TEXT, False, "a text"),
        "players": (list[TEXT], False, "a list of names"),
        "parameters": (dict[str, NUMBER], False, "numbers by name"),
        "game": (game_type(stages), True, "a mapping with the kind of the stage game and its settings"),
        "time": (common["time"], True, listed(catalogue.TIME)),
        "information": (common["information"], False, ""),
        "preferences": (common["preferences"], False, ""),
        "accounting": (common["accounting"], False, ""),
        "arrangements": (dict[str, arrangement], False, "arrangements by name"),  # type: ignore[valid-type]
        "exact": (leaf(boolean, {"type": ["boolean", "string"], "default": False}), False, "yes or no"),
        "claims": (list[claim_model()], False, "a list of claims"),  # type: ignore[misc]
        "maps": (list[map_model()], False, "a list of maps"),  # type: ignore[misc]
        "selection": (selection_type(), False, ""),
        "simulate": (simulated, False, ""),
    }, noun="key")  # fmt: skip


def selection_type() -> Any:
    """Return the type of the name of a selection rule."""
    return leaf(one_of(catalogue.SELECTIONS), {"enum": list(catalogue.SELECTIONS)})


@functools.cache
def common_sections() -> dict[str, type[Section]]:
    """Return the models of the sections that are the same in every file."""
    return {
        name: settings_section(name, settings, RATE if name == "time" else None)
        for name, settings in catalogue.sections().items()
    }


def _arrangement() -> Any:
    """Return the type of what a claim is about: an arrangement, or a weighted sum of several."""
    kinds = {f"{TAG}name": TEXT, f"{TAG}weights": dict[str, NUMBER]}
    return _tagged(kinds, lambda value: TAG + ("weights" if isinstance(value, dict) else "name"))


@functools.cache
def claim_model() -> type[Section]:
    """Return the model of a claim; what it claims is checked in ``claims``."""
    open_schema = leaf(anything, {})
    quantity = leaf(one_of(QUANTITIES, "a quantity"), {"enum": list(QUANTITIES)})
    return section("claim", {
        "says": (TEXT, False, "a sentence"),
        "arrangement": (_arrangement(), False, "the name of an arrangement, or weights by name"),
        "quantity": (quantity, True, "what is measured"),
        "profile": (open_schema, False, "a candidate"),
        "player": (TEXT, False, "the name of a player"),
        "path": (TEXT, False, "a dotted path"),
        "of": (TEXT, False, EVENT),
        **{comparison: (open_schema, False, "") for comparison in COMPARISONS},
        "within": (NUMBER, False, "a number"),
        "with": (dict[str, open_schema], False, "values by dotted path"),  # type: ignore[valid-type]
    }, noun="key")  # fmt: skip


@functools.cache
def map_model() -> type[Section]:
    """Return the model of a map; what its axes and its quantity mean is checked in ``maps_section``."""
    ends = {
        "from": (NUMBER, True, "a number or an expression"),
        "to": (NUMBER, True, "a number or an expression"),
    }
    spacing = {
        "points": (NUMBER, False, "a whole number of at least 2"),
        "step": (NUMBER, False, "a number above 0"),
    }
    axis = section("axis", {**ends, **spacing}, noun="key")
    one = Field(json_schema_extra={"minProperties": 1, "maxProperties": 1})
    axes = Annotated[dict[str, axis], one]  # type: ignore[valid-type]
    quantity = leaf(one_of(QUANTITIES, "a quantity"), {"enum": list(QUANTITIES)})
    shown = section("shown", {
        "quantity": (quantity, True, "what is measured"),
        "arrangement": (TEXT, False, "the name of an arrangement"),
        "profile": (leaf(anything, {}), False, "a candidate"),
        "player": (TEXT, False, "the name of a player"),
        "of": (TEXT, False, EVENT),
    }, noun="key")  # fmt: skip
    whole = leaf(_whole_map, {"enum": list(WHOLE)})
    show = _tagged(
        {f"{TAG}name": whole, f"{TAG}settings": shown},
        lambda value: TAG + ("settings" if isinstance(value, dict) else "name"),
    )
    form = "one path with its range: {time.discount_factor: {from: 0.1, to: 0.9}}"
    return section("map", {
        "title": (TEXT, False, "a text"),
        "x": (axes, True, form),
        "y": (axes, True, form),
        "show": (show, True, f"{listed(WHOLE)}, or {{quantity: ..., arrangement: ...}}"),
    }, noun="key")  # fmt: skip


def _whole_map(value: Any) -> Any:
    wanted = f"{listed(WHOLE)}, or a quantity: {{quantity: net_benefit, arrangement: ...}}"
    scalar = scalar_of(value, wanted)
    if scalar.text in QUANTITIES and scalar.text not in WHOLE:
        refuse(f"{scalar.text} is of one arrangement; write {{quantity: {scalar.text}, arrangement: ...}}")
    if scalar.text not in WHOLE:
        hint = nearest(scalar.text, [*WHOLE, *QUANTITIES])
        refuse(f"'{shortened(scalar.text)}' cannot be shown; write {wanted}{hint}")
    return value


def _version(value: Any) -> Any:
    scalar = scalar_of(value, f"{catalogue.FORMAT}, the version of the format")
    if scalar.text != str(catalogue.FORMAT):
        refuse(f"format version '{shortened(scalar.text)}' is not known to this gamelab; it reads version 1")
    return value
