"""Entrants: who plays a tournament, each with a name and an automaton for every seat of the game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.game import Game, Ints
from gamelab.model.settings import settings_of
from gamelab.strategies import ALIASES, STRATEGIES
from gamelab.strategies.profile import Strategy, automaton_of, profile_of, strategy_name

Entrant = Strategy | Sequence[Strategy]
"""One strategy for every seat, or a sequence with one for each seat."""


@dataclass(frozen=True, eq=False)
class Entrants:
    """The strategies of a tournament on one game.

    Parameters
    ----------
    names : tuple of str
        No two are the same.
    plans : tuple
        What was given for each name.
    families : tuple, one for each seat, of tuples of Family
        All entrants, those of one structure together.
    left_out : mapping of str to str
        Who cannot play this game, and why.
    """

    names: tuple[str, ...]
    plans: tuple[Entrant, ...]
    families: tuple[tuple[Family, ...], ...]
    left_out: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Family:
    """Entrants whose automata in one seat differ in what they do, and not in how they move on.

    Parameters
    ----------
    members : int array (m,)
        Their places among the entrants.
    automaton : Automaton
        With one point of the batch for each member.
    """

    members: Ints
    automaton: Automaton


def entrants_of(game: Game, strategies: Any = None, *, leave_out: bool = False) -> Entrants:
    """Return the entrants, each with an automaton for each seat.

    Parameters
    ----------
    game : Game
    strategies : sequence of entrants, or mapping of names to entrants, optional
        By default the strategies of the catalogue that need no settings; those that the game refuses are left
        out.
    leave_out : bool
        Whether those that the game refuses are left out of a list that is given, too.

    Raises
    ------
    GameError
        For an entrant that the game refuses, by name.
    """
    if strategies is None:
        strategies, leave_out = parameter_free(), True
    if isinstance(strategies, Mapping):
        names, plans = numbered([str(name) for name in strategies]), list(strategies.values())
    elif isinstance(strategies, str | Automaton) or not isinstance(strategies, Sequence):
        raise GameError("write a list of strategies, or a mapping from names to strategies", "strategies")
    else:
        plans = list(strategies)
        names = numbered([entrant_name(plan) for plan in plans])
    if not plans:
        raise GameError("none given; a tournament needs at least one", "strategies")
    made, left_out = _made(game, names, plans, leave_out)
    kept = [k for k, name in enumerate(names) if name not in left_out]
    if not kept:
        raise GameError(f"this game admits none of them; {next(iter(left_out.values()))}", "strategies")
    place = {k: number for number, k in enumerate(kept)}
    renamed = [([place[k] for k in own], seats) for own, seats in made]
    families = tuple(_by_structure([(own, seats[i]) for own, seats in renamed]) for i in range(game.n))
    return Entrants(tuple(names[k] for k in kept), tuple(plans[k] for k in kept), families, left_out)


def parameter_free() -> list[str]:
    """Return the strategies of the catalogue that need no settings, in its order."""
    return [name for name, own in STRATEGIES.items() if not any(s.required for s in settings_of(own))]


def entrant_name(plan: Any) -> str:
    """Return what an entrant is called, with its settings.

    >>> entrant_name({"limited_punishment": {"rounds": 2}}), entrant_name(["grim", "honour"])
    ('limited_punishment(rounds=2)', 'grim / honour')
    """
    if isinstance(plan, str | Mapping) or not isinstance(plan, Sequence):
        return strategy_name(plan)
    seats = [strategy_name(own) for own in plan]
    return " / ".join(seats if len(set(seats)) > 1 else seats[:1])


def numbered(names: Sequence[str]) -> list[str]:
    """Return names of which no two are the same.

    >>> numbered(["grim", "grim", "comply"])
    ['grim', 'grim (2)', 'comply']
    """
    unlike: list[str] = []
    taken = set(names)
    for k, name in enumerate(names):
        again = names[:k].count(name) + 1
        own = name
        while again > 1 and own in taken:
            own, again = f"{name} ({again})", again + 1
        taken.add(own)
        unlike.append(own)
    return unlike


def _made(
    game: Game, names: Sequence[str], plans: Sequence[Entrant], leave_out: bool
) -> tuple[list[tuple[list[int], list[Automaton]]], dict[str, str]]:
    """Return members with their automata by seat, and why the game refuses whom it refuses, by name.

    Plans that differ in numbers only are made at once.
    """
    made: list[tuple[list[int], list[Automaton]]] = []
    left_out: dict[str, str] = {}
    alike: dict[Any, list[int]] = {}
    for k, plan in enumerate(plans):
        alike.setdefault(_varied(game, plan) or k, []).append(k)
    for members in alike.values():
        together = _together(game, [plans[k] for k in members]) if len(members) > 1 else None
        if together is not None:
            made.append((members, together))
            continue
        for k in members:
            try:
                made.append(([k], profile_of(game, plans[k])))
            except GameError as refusal:
                if not leave_out:
                    message = f"{names[k]} cannot play this game: {refusal}"
                    raise GameError(message, "strategies") from None
                left_out[names[k]] = str(refusal)
    return made, left_out


def _varied(game: Game, plan: Entrant) -> tuple[Any, ...] | None:
    """Return what plans of one kind share, all but their numbers; None for a plan of no such kind."""
    if game.exact or not isinstance(plan, Mapping) or len(plan) != 1:
        return None
    ((name, settings),) = plan.items()
    name = ALIASES.get(name, name) if isinstance(name, str) else ""
    if name not in STRATEGIES or not isinstance(settings, Mapping) or not settings:
        return None
    kinds = {setting.name: setting.kind for setting in settings_of(STRATEGIES[name])}
    plain = all(
        kinds.get(key) == "number"
        and (type(entry) is float or (isinstance(entry, Real) and not isinstance(entry, bool)))
        for key, entry in settings.items()
    )
    return (name, *sorted(settings)) if plain else None


def _together(game: Game, plans: Sequence[Any]) -> list[Automaton] | None:
    """Return the automata of plans that differ in numbers only, a point for each; None if one is refused."""
    each = [next(iter(plan.values())) for plan in plans]
    name = next(iter(plans[0]))
    settings = {key: np.array([float(own[key]) for own in each]) for key in each[0]}
    wide = game.spread(np.zeros(len(plans)))[0]
    try:  # on the game itself, which is looked at once for all tournaments
        automata = [automaton_of(game, player, {name: settings}) for player in range(game.n)]
        for player, automaton in enumerate(automata):
            automaton.fits(wide, player)
    except GameError:
        return None  # one by one, so that the sentence names the one that is refused
    return automata


def _by_structure(made: Sequence[tuple[list[int], Automaton]]) -> tuple[Family, ...]:
    groups: dict[Any, list[tuple[list[int], Automaton]]] = {}
    for members, automaton in made:
        key = (automaton.start, len(automaton.states), automaton.next.shape, automaton.next.tobytes())
        groups.setdefault(key, []).append((members, automaton))
    return tuple(_joined(group) for group in groups.values())


def _joined(group: Sequence[tuple[list[int], Automaton]]) -> Family:
    members = np.array([k for own, _ in group for k in own])
    first = group[0][1]
    if len(group) == 1 and len(first.action) == len(members):
        return Family(members, first)
    rows = max(automaton.action.shape[1] for _, automaton in group)
    action = np.concatenate(
        [np.broadcast_to(one.action, (len(own), rows, *one.action.shape[2:])) for own, one in group]
    )
    joined = Automaton(
        name=first.name, states=first.states, start=first.start, action=action, next=first.next
    )
    return Family(members, joined)
