"""Leaves: what may stand at the end of a path in a scenario file, each refused in our own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from gamelab.errors import InputError, listed, nearest
from gamelab.expressions import parse, shortened
from gamelab.scenario.reading import Scalar

BOOLEANS = {"yes": True, "no": False, "true": True, "false": False}
_NOT_FINITE = re.compile(r"[-+]?\.?(nan|inf|infinity)", re.IGNORECASE)


def is_blank(value: Any) -> bool:
    """Tell whether nothing is written."""
    return isinstance(value, Scalar) and value.null


def number(value: Any) -> Any:
    """Accept a number or an expression."""
    scalar = scalar_of(value, "a number")
    if _NOT_FINITE.fullmatch(scalar.text):
        refuse(f"'{scalar.text}' is not a finite number")
    try:
        parse(scalar.text)
    except InputError as problem:
        refuse(problem.problems[0].message)
    return value


def text(value: Any) -> Any:
    """Accept a text."""
    scalar_of(value, "a text")
    return value


def boolean(value: Any) -> Any:
    """Accept yes, no, true or false."""
    scalar = scalar_of(value, "yes or no")
    if scalar.text.lower() not in BOOLEANS:
        refuse(f"'{shortened(scalar.text)}' is not allowed; write yes or no")
    return value


def anything(value: Any) -> Any:
    """Accept whatever is written; what it means is checked later."""
    return value


def structure(value: Any) -> Any:
    """Accept lists and mappings of labels and numbers; their meaning is the plug-in's."""
    if isinstance(value, Scalar) and value.null:
        refuse("nothing is given; write a list or a mapping")
    parts = [value]
    while parts:
        part = parts.pop()
        if isinstance(part, Scalar):
            if part.plain and _NOT_FINITE.fullmatch(part.text):
                refuse(f"'{part.text}' is not a finite number")
        else:
            parts += part.values() if isinstance(part, dict) else part
    return value


def one_of(names: Iterable[str], noun: str = "") -> Callable[[Any], Any]:
    """Return a check that accepts these names."""
    known = list(names)

    def check(value: Any) -> Any:
        scalar = scalar_of(value, listed(known) if len(known) < 10 else f"the name of {noun}")
        if scalar.text not in known:
            given = f"'{shortened(scalar.text)}' is not {noun or 'allowed'}"
            hint = nearest(scalar.text, known)
            refuse(f"{given}{hint}" if hint and len(known) > 10 else f"{given}; write {listed(known)}{hint}")
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


def given(value: Any) -> str:
    """Say what is written instead of what is wanted."""
    if isinstance(value, dict):
        return "a mapping is"
    if isinstance(value, list):
        return "a list is"
    return "nothing is" if value.null else f"'{shortened(value.text)}' is"


def scalar_of(value: Any, wanted: str) -> Scalar:
    """Return a text that is written; refuse anything else."""
    if not isinstance(value, Scalar) or value.null:
        refuse(f"{given(value)} given; write {wanted}")
    return value


def refuse(message: str) -> None:
    """Refuse what stands there."""
    raise PydanticCustomError("refused", "{said}", {"said": message})
