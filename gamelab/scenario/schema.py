"""The shape of a scenario file: which keys it has and what each may hold; every mistake in our own words."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, ClassVar, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from gamelab.errors import InputError, listed, nearest
from gamelab.expressions import parse, shortened
from gamelab.model.settings import Setting
from gamelab.scenario import catalogue
from gamelab.scenario.catalogue import Plugins
from gamelab.scenario.quantities import QUANTITIES, WHOLE
from gamelab.scenario.reading import Scalar

COMPARISONS = ("is", "equals", "above", "below", "at_least", "at_most")
RATE = {"discount_rate": "for a rate r write 'discount_factor: 1/(1 + r)'"}
"""What a map can show of the whole scenario; anything else is a quantity of one arrangement."""
BOOLEANS = {"yes": True, "no": False, "true": True, "false": False}
TAG = "\0"
"""Begins the tags of alternatives, which pydantic puts among the keys: no file can hold such a key."""
_NOT_FINITE = re.compile(r"[-+]?\.?(nan|inf|infinity)", re.IGNORECASE)


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


def is_blank(value: Any) -> bool:
    """Tell whether nothing is written."""
    return isinstance(value, Scalar) and value.null


def number(value: Any) -> Any:
    """Accept a number or an expression."""
    scalar = _scalar(value, "a number")
    if _NOT_FINITE.fullmatch(scalar.text):
        _refuse(f"'{scalar.text}' is not a finite number")
    try:
        parse(scalar.text)
    except InputError as problem:
        _refuse(problem.problems[0].message)
    return value


def text(value: Any) -> Any:
    """Accept a text."""
    _scalar(value, "a text")
    return value


def boolean(value: Any) -> Any:
    """Accept yes, no, true or false."""
    scalar = _scalar(value, "yes or no")
    if scalar.text.lower() not in BOOLEANS:
        _refuse(f"'{shortened(scalar.text)}' is not allowed; write yes or no")
    return value


def anything(value: Any) -> Any:
    """Accept whatever is written; what it means is checked later."""
    return value


def structure(value: Any) -> Any:
    """Accept lists and mappings of labels and numbers; their meaning is the plug-in's."""
    parts = [value]
    while parts:
        part = parts.pop()
        if isinstance(part, Scalar):
            if part.plain and _NOT_FINITE.fullmatch(part.text):
                _refuse(f"'{part.text}' is not a finite number")
        else:
            parts += part.values() if isinstance(part, dict) else part
    return value


def one_of(names: Iterable[str], noun: str = "") -> Callable[[Any], Any]:
    """Return a check that accepts these names."""
    known = list(names)

    def check(value: Any) -> Any:
        scalar = _scalar(value, listed(known) if len(known) < 10 else f"the name of {noun}")
        if scalar.text not in known:
            given = f"'{shortened(scalar.text)}' is not {noun or 'allowed'}"
            hint = nearest(scalar.text, known)
            _refuse(f"{given}{hint}" if hint and len(known) > 10 else f"{given}; write {listed(known)}{hint}")
        return value

    return check


def leaf(check: Callable[[Any], Any], schema: dict[str, Any], *, nullable: bool = False) -> Any:
    """Return a type that accepts what the check accepts."""

    def checked(value: Any) -> Any:
        if nullable and isinstance(value, Scalar) and value.null and value.text:
            return value
        return check(value)

    return Annotated[Any, PlainValidator(checked), WithJsonSchema(schema)]


TEXT = leaf(text, {"type": ["string", "number"]})  # a title may be a year
NUMBER_SCHEMA: dict[str, Any] = {"type": ["number", "string"], "description": "a number or an expression"}
NUMBER = leaf(number, NUMBER_SCHEMA)


def setting_type(setting: Setting) -> Any:
    """Return the type of a plug-in's setting, from what its signature declares."""
    nullable = not setting.required and setting.default is None
    schema: dict[str, Any] = {"description": described(setting)}
    limits: dict[str, Any] = {"type": "integer" if setting.range.whole else "number"}
    if setting.range.low > -float("inf"):
        limits["minimum"] = setting.range.low
    if setting.range.high < float("inf"):
        limits["exclusiveMaximum" if setting.range.below_high else "maximum"] = setting.range.high
    formula: dict[str, Any] = {"anyOf": [limits, {"type": "string"}, *([{"type": "null"}] * nullable)]}
    if setting.kind in ("number", "whole number"):
        return leaf(number, {**schema, **formula}, nullable=nullable)
    if setting.kind == "numbers":
        item = leaf(number, formula)
        some = Field(min_length=1, description=schema["description"])
        return Annotated[list[item], some]  # type: ignore[valid-type]
    if setting.kind == "choice":
        return leaf(one_of(setting.choices), {**schema, "enum": list(setting.choices)}, nullable=nullable)
    return leaf(text if setting.kind in ("text", "file") else structure, schema, nullable=nullable)


def described(setting: Setting) -> str:
    """Return a setting in a sentence or two: what it is, what is allowed, its unit and its default."""
    unit = f" ({setting.range.unit})" if setting.range.unit else ""
    default = "required" if setting.required else f"default {setting.default}"
    if setting.default is None:
        default = "may be left out"
    about = f"{setting.about.replace('``', '`').rstrip('.')}. " if setting.about else ""
    allowed = setting.allowed[:1].upper() + setting.allowed[1:]
    allowed = f"Write {setting.allowed}" if setting.kind == "choice" else allowed
    return f"{about}{allowed}{unit}; {default}."


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
    for kind, plugin in stages:
        literal = leaf(one_of([kind]), {"const": kind})
        settings = catalogue.settings_below("stages", plugin)
        models[f"{TAG}{kind}"] = settings_section(f"game-{kind}", settings, kind=(literal, True, kind))
    return _tagged({**models, f"{TAG}unknown": section("unknown", {})}, choose)


def profile_types(strategies: Plugins) -> tuple[Any, Any]:
    """Return the types of one of these strategies, and of a candidate: one for all, or one a player."""
    known = dict(strategies)
    known |= {alias: known[name] for alias, name in catalogue.ALIASES.items()}
    bare = leaf(_strategy, {"enum": list(known)})
    fields = {}
    for name, plugin in known.items():
        model = settings_section(f"strategies-{name}", catalogue.settings_below("strategies", plugin))
        fields[name] = (model, False, "its settings")
    with_settings = section("strategy", fields, noun="strategy")
    one = _tagged({f"{TAG}name": bare, f"{TAG}settings": with_settings}, _shape)
    each = list[one]  # type: ignore[valid-type]
    kinds = {f"{TAG}name": bare, f"{TAG}settings": with_settings, f"{TAG}each": each}
    return one, _tagged(kinds, _shape)


def _shape(value: Any) -> str:
    return TAG + ("settings" if isinstance(value, dict) else "each" if isinstance(value, list) else "name")


def _strategy(value: Any) -> Any:
    scalar = _scalar(value, "the name of a strategy")
    if not catalogue.is_strategy(scalar.text):
        names = catalogue.strategy_names()
        hint = nearest(scalar.text, names) or f"; write {listed(names)}"
        _refuse(f"'{shortened(scalar.text)}' is not a strategy{hint}")
    for setting in catalogue.strategy_settings(scalar.text).values():
        if setting.required:
            _refuse(f"{scalar.text} needs '{setting.name}': write {{{scalar.text}: {{{setting.name}: ...}}}}")
    return value


def file_model(mentioned: Mapping[str, Iterable[str]] | None = None) -> type[Section]:
    """Return the model of a whole scenario file, from the plug-ins as they are now: all, or those named."""
    return _file_model(*catalogue.plugins(mentioned), tuple(catalogue.ALIASES))


@functools.cache
def _file_model(
    stages: Plugins, institutions: Plugins, strategies: Plugins, _aliases: tuple[str, ...]
) -> type[Section]:
    sections = {}
    for name, plugin in institutions:
        if name not in catalogue.PREFERENCES:
            model = settings_section(f"institutions-{name}", catalogue.settings_below("institutions", plugin))
            sections[name] = (model, False, "its settings")
    hint = "is a preference: write 'preferences: {%s: ...}'"
    preferences = {name: hint % name for name in catalogue.PREFERENCES}
    strategy, candidate = profile_types(strategies)
    competing = (list[strategy], False, "a list of strategies")  # type: ignore[valid-type]
    simulated = settings_section("simulate", catalogue.simulate_settings(), strategies=competing)
    applied = section("institutions", sections, noun="institution", hints=preferences)
    arrangement = section("arrangement", {
        "institutions": (applied, False, "institutions with their settings"),
        "profiles": (list[candidate], False, "a list of candidates"),  # type: ignore[valid-type]
        "selection": (leaf(one_of(catalogue.SELECTIONS), {"enum": list(catalogue.SELECTIONS)}), False, ""),
    })  # fmt: skip
    return section("scenario", {
        "gamelab": (leaf(_version, {"const": catalogue.FORMAT}), True, "1, the version of the format"),
        "title": (TEXT, False, "a text"),
        "source": (TEXT, False, "a text"),
        "about": (TEXT, False, "a text"),
        "players": (list[TEXT], False, "a list of names"),  # type: ignore[valid-type]
        "parameters": (dict[str, NUMBER], False, "numbers by name"),  # type: ignore[valid-type]
        "game": (game_type(stages), True, "a mapping with the kind of the stage game and its settings"),
        "time": (settings_section("time", catalogue.time_settings(), RATE), True, listed(catalogue.TIME)),
        "information": (settings_section("information", catalogue.information_settings()), False, ""),
        "preferences": (settings_section("preferences", catalogue.preference_settings()), False, ""),
        "arrangements": (dict[str, arrangement], False, "arrangements by name"),  # type: ignore[valid-type]
        "exact": (leaf(boolean, {"type": ["boolean", "string"], "default": False}), False, "yes or no"),
        "claims": (list[claim_model()], False, "a list of claims"),  # type: ignore[misc]
        "maps": (list[map_model()], False, "a list of maps"),  # type: ignore[misc]
        "simulate": (simulated, False, ""),
    }, noun="key")  # fmt: skip


def claim_model() -> type[Section]:
    """Return the model of a claim; what it claims is checked in ``claims``."""
    open_schema = leaf(anything, {})
    quantity = leaf(one_of(QUANTITIES, "a quantity"), {"enum": list(QUANTITIES)})
    return section("claim", {
        "says": (TEXT, False, "a sentence"),
        "arrangement": (TEXT, False, "the name of an arrangement"),
        "quantity": (quantity, True, "what is measured"),
        "profile": (open_schema, False, "a candidate"),
        "player": (TEXT, False, "the name of a player"),
        "path": (TEXT, False, "a dotted path"),
        **{comparison: (open_schema, False, "") for comparison in COMPARISONS},
        "within": (NUMBER, False, "a number"),
        "with": (dict[str, open_schema], False, "values by dotted path"),  # type: ignore[valid-type]
    }, noun="key")  # fmt: skip


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
    scalar = _scalar(value, wanted)
    if scalar.text in QUANTITIES and scalar.text not in WHOLE:
        _refuse(f"{scalar.text} is of one arrangement; write {{quantity: {scalar.text}, arrangement: ...}}")
    if scalar.text not in WHOLE:
        hint = nearest(scalar.text, [*WHOLE, *QUANTITIES])
        _refuse(f"'{shortened(scalar.text)}' cannot be shown; write {wanted}{hint}")
    return value


def given(value: Any) -> str:
    """Say what is written instead of what is wanted."""
    if isinstance(value, dict):
        return "a mapping is"
    if isinstance(value, list):
        return "a list is"
    return "nothing is" if value.null else f"'{shortened(value.text)}' is"


def _scalar(value: Any, wanted: str) -> Scalar:
    if not isinstance(value, Scalar) or value.null:
        _refuse(f"{given(value)} given; write {wanted}")
    return value


def _refuse(message: str) -> None:
    raise PydanticCustomError("refused", "{said}", {"said": message})


def _version(value: Any) -> Any:
    scalar = _scalar(value, f"{catalogue.FORMAT}, the version of the format")
    if scalar.text != str(catalogue.FORMAT):
        _refuse(f"format version '{shortened(scalar.text)}' is not known to this gamelab; it reads version 1")
    return value
