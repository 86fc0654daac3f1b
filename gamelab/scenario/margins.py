"""Margins: the settings of an arrangement that can vary, and those whose least value results tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from gamelab.errors import InputError
from gamelab.expressions import Expression, dotted, shortened
from gamelab.scenario.assembly import known
from gamelab.scenario.document import Entry, Scenario
from gamelab.scenario.members import member_paths, member_setting, members, one_number
from gamelab.scenario.paths import located, whole_path
from gamelab.scenario.values import Scope, Values, written_or_default


@dataclass(frozen=True)
class Adjustable:
    """A number of a scenario that can vary smoothly: where it stands and how far it may go.

    Parameters
    ----------
    path : str
        In the one form of ``expressions.dotted``.
    present, low, high : float
    written : Fraction, int or float
        The present value before it was rounded.
    """

    path: str
    present: float
    low: float
    high: float
    written: Fraction | float


def adjustable(
    scenario: Scenario, arrangement: str, path: str, overrides: Mapping[str, Any] | None = None
) -> Adjustable:
    """Return a setting that can vary, for an arrangement.

    A parameter that is not negative is not taken below 0; games refuse what else is too low or too high.

    Raises
    ------
    InputError
        For an unknown path, a setting of another arrangement, and one that holds no single number.
    """
    entry, keys = located(scenario, path, arrangement)
    setting = entry.setting
    if entry.arrangement not in (None, arrangement):
        raise InputError(f"'{shortened(path)}' is a setting of {entry.arrangement}, not of {arrangement}")
    value = one_number(Values(scenario, overrides).of(whole_path(entry, keys)), whole_path(entry, keys))
    if setting.range.whole or not isinstance(value, int | float | Fraction) or isinstance(value, bool):
        raise InputError(f"'{shortened(path)}' is no single number that can vary; name one")
    low, high = setting.range.low, setting.range.high
    if entry.path.startswith("parameters.") and value >= 0:
        low = 0.0
    return Adjustable(whole_path(entry, keys), float(value), low, high, value)


def cost_meant(scenario: Scenario, arrangement: str, path: str, costs: Sequence[str]) -> str | None:
    """Return the whole path of one of these costs, or of one player's; None where it is neither."""
    try:
        entry, keys = located(scenario, path, arrangement)
    except InputError:
        return None
    whole = whole_path(entry, keys)
    apiece = keys and not member_setting(entry.setting, keys, scenario.players).by_player
    return whole if whole in costs or (apiece and entry.path in costs) else None


def strength_paths(
    scenario: Scenario, arrangement: str, overrides: Mapping[str, Any] | None = None
) -> list[str]:
    """Return the paths of what gives an arrangement's institutions their strength, and items of lists.

    Then the parameters that some chance of its institutions is made from, such as an accuracy.
    """
    known(scenario, arrangement)
    values = Values(scenario, overrides)
    prefix = dotted(("arrangements", arrangement, "institutions")) + "."
    paths: dict[str, None] = {}
    parameters: dict[str, None] = {}
    for path, entry in scenario.entries.items():
        if not path.startswith(prefix):
            continue
        limits = entry.setting.range
        if limits.strength:
            paths |= dict.fromkeys(member_paths(path, entry.setting, values.of(path)))
        if entry.setting.kind == "number" and (limits.low, limits.high) == (0, 1):
            parameters |= dict.fromkeys(_parameters(scenario, entry, values.scope()))
    at = {name: values.of(name) for name in parameters}
    return [*paths, *(name for name, value in at.items() if -inf < value < inf)]


def _parameters(scenario: Scenario, entry: Entry, scope: Scope) -> Iterator[str]:
    """Yield the parameters that a setting is made from, also by way of others."""
    parts = [content for _, content, _ in members(entry.setting, written_or_default(entry))]
    names = [name for content in parts if isinstance(content, Expression) for name in content.names]
    for name in names:
        for path in scope.meant(name) or [name]:
            made_from = scenario.entries.get(path)
            if made_from is not None and path.startswith("parameters."):
                yield path
                yield from _parameters(scenario, made_from, scope)
