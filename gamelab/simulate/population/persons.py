"""Persons: who is in a population, which strategy each follows, and in which seats of a match each plays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np

from gamelab.errors import GameError, listed
from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game, Ints
from gamelab.model.settings import shown
from gamelab.strategies.profile import Strategy, profile_of
from gamelab.strategies.sight import agreed, deviating, need_agreement
from gamelab.ties import same

Conduct = Strategy | Sequence[Strategy]
"""A strategy, or one for each seat."""
Strategies = Conduct | Mapping[str, float] | Sequence[tuple[Conduct, float]]

DISCRIMINATE = "discriminate"
UNSEEN, GOOD, BAD = 0, 1, 2
"""What is seen of a partner's record."""
SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class ByRecord:
    """What a strategy of records does in one seat, by what it sees of the partner and by the own standing.

    Parameters
    ----------
    action : array (own, seen, S, A)
        ``own`` is 0 in good standing and 1 in bad; ``seen`` is 0 unseen, 1 good, 2 bad.
    """

    action: Floats

    @property
    def states(self) -> tuple[str, ...]:
        """Nothing is remembered: the record does that."""
        return ("",)


@dataclass(frozen=True, eq=False)
class Group:
    """Persons who follow the same strategy.

    Parameters
    ----------
    name : str
    size : int
    seats : one way to play for each seat
    """

    name: str
    size: int
    seats: tuple[Automaton | ByRecord, ...]


@dataclass(frozen=True)
class Shown:
    """What the population keeps and shows of everybody's record.

    Parameters
    ----------
    record : str
    punishment : int or None
        Rounds in bad standing after a deviation; None for ever.
    reach, misreading : float
    """

    record: Literal["standing", "conduct", "none"]
    punishment: int | None
    reach: float
    misreading: float


def groups_of(game: Game, strategies: Strategies, population: int, known: Shown) -> list[Group]:
    """Return the groups of a population with their sizes.

    Parameters
    ----------
    strategies : strategy for everybody, mapping of names to shares, or list of (strategy, share)
        Shares add up to 1, or are whole numbers of persons that add up to the population.

    Raises
    ------
    GameError
        For shares that do not add up, an unknown strategy, or one that needs what is not shown.
    """
    parts = _parts(strategies)
    sizes = _sizes([share for _, share in parts], population)
    names: list[str] = []
    groups = []
    for (conduct, _), size in zip(parts, sizes):
        seats = _seats(game, conduct, known)  # what is refused here may have no name
        name = _name(conduct)
        names.append(name)
        name = name if names.count(name) == 1 else f"{name} ({names.count(name)})"
        if not size:
            raise GameError(
                f"'{name}' has too small a share for a single person among {population}", "strategies"
            )
        groups.append(Group(name, size, seats))
    return groups


def _parts(strategies: Any) -> list[tuple[Any, float | None]]:
    """Return each strategy with its share; None for one that everybody follows."""
    if isinstance(strategies, Mapping):
        numbers = [_is_number(share) for share in strategies.values()]
        if strategies and all(numbers):
            return list(strategies.items())
        if any(numbers) or not strategies:
            raise GameError(
                f"{shown(strategies)} given; write {{name: share}} with a number for each", "strategies"
            )
    elif isinstance(strategies, Sequence) and not isinstance(strategies, str):
        paired = [_is_pair(part) for part in strategies]
        if strategies and all(paired):
            return [(part[0], part[1]) for part in strategies]
        if any(paired) or not strategies:
            raise GameError(
                f"{shown(strategies)} given; write a list of (strategy, share), or a strategy for each seat",
                "strategies",
            )
    return [(strategies, None)]


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _is_pair(part: Any) -> bool:
    return isinstance(part, tuple | list) and len(part) == 2 and _is_number(part[1])


def _sizes(shares: list[float | None], population: int) -> list[int]:
    """Return how many persons each group has: whole numbers as given, shares by largest remainders."""
    given = [float(share) for share in shares if share is not None]
    if not given:
        return [population]
    if not all(math.isfinite(share) and share > 0 for share in given):
        raise GameError(f"{shown(given)} given; every share needs to be above 0", "strategies")
    total = math.fsum(given)
    if total == population and all(share.is_integer() for share in given):
        return [int(share) for share in given]
    if abs(total - 1) > SHARE:
        raise GameError(
            f"shares {', '.join(f'{share:g}' for share in given)} add up to {total:g}; write shares that "
            f"add up to 1, or numbers of persons that add up to the population, {population}",
            "strategies",
        )
    exact = [share * population for share in given]
    sizes = [math.floor(size + SHARE) for size in exact]
    order = sorted(range(len(exact)), key=lambda k: sizes[k] - exact[k])
    for k in order[: population - sum(sizes)]:
        sizes[k] += 1
    return sizes


def _name(conduct: Any) -> str:
    """Return what a group is called."""
    if isinstance(conduct, str):
        return conduct
    if isinstance(conduct, Mapping) and len(conduct) == 1:
        ((name, settings),) = conduct.items()
        chosen = [f"{key} {value}" for key, value in (settings or {}).items()] if _maps(settings) else []
        return " ".join([str(name), ", ".join(chosen)]).strip()
    if isinstance(conduct, Sequence):
        return " / ".join(_name(part) for part in conduct)
    return str(getattr(conduct, "name", getattr(conduct, "__name__", conduct)))


def _maps(settings: Any) -> bool:
    return settings is None or isinstance(settings, Mapping)


def _seats(game: Game, conduct: Any, known: Shown) -> tuple[Automaton | ByRecord, ...]:
    """Return how a strategy plays in each seat."""
    several = isinstance(conduct, Sequence) and not isinstance(conduct, str)
    each = list(conduct) if several else [conduct] * game.n
    if len(each) != game.n:
        raise GameError(f"{len(each)} strategies given for the {game.n} seats of a match", "strategies")
    return tuple(_in_seat(game, seat, strategy, known) for seat, strategy in enumerate(each))


def _in_seat(game: Game, seat: int, strategy: Any, known: Shown) -> Automaton | ByRecord:
    by_name = next(iter(strategy)) if isinstance(strategy, Mapping) and strategy else strategy
    if isinstance(by_name, str) and by_name == DISCRIMINATE:
        settings = strategy[DISCRIMINATE] if isinstance(strategy, Mapping) else None
        return _discriminating(game, seat, known, settings)
    profile = [strategy if k == seat else "always_defect" for k in range(game.n)]
    try:
        return profile_of(game, profile)[seat]
    except GameError as refusal:
        if isinstance(by_name, str) and "no strategy is called" in refusal.message:
            raise GameError(
                f"{refusal.message} (a population also knows '{DISCRIMINATE}')", "strategies"
            ) from None
        if refusal.key == "profile":
            raise GameError(refusal.message, "strategies") from None
        raise


def _discriminating(game: Game, seat: int, known: Shown, settings: Any) -> ByRecord:
    """Return the strategy that deviates only against those whose bad standing it sees."""
    if known.record == "none" or known.reach == 0:
        shows = "no records are kept" if known.record == "none" else "the reach is 0"
        raise GameError(
            f"{DISCRIMINATE} needs to see the partner's record, and {shows}; record: standing or conduct "
            "with a reach above 0 would show it",
            "strategies",
        )
    need_agreement(game, DISCRIMINATE)
    chosen = {"when_bad": "depart" if known.punishment is None else "keep", "when_unseen": "keep"}
    if not _maps(settings) or set(settings or {}) - set(chosen):
        raise GameError(
            f"{shown(settings)} given; the settings of {DISCRIMINATE} are {listed(chosen)}", "strategies"
        )
    chosen |= settings or {}
    for key, value in chosen.items():
        if value not in ("keep", "depart"):
            raise GameError(f"{shown(value)} is not allowed; write keep or depart", key)
    ways = {"keep": agreed(game, seat)[0], "depart": deviating(game, seat)[0]}
    S, A = len(game.states), game.allowed.shape[2]
    action = np.empty((2, 3, S, A))
    action[0, UNSEEN], action[0, GOOD] = ways[chosen["when_unseen"]], ways["keep"]
    action[1, UNSEEN] = ways["depart" if "depart" in chosen.values() else "keep"]
    action[1, GOOD] = ways[chosen["when_bad"]]
    action[:, BAD] = ways["depart"]
    return ByRecord(action)


def alike(game: Game) -> bool:
    """Tell whether the two seats of a match are the same but for their names: a swap changes nothing.

    Compared are what is agreed, what every line pays, discount factors, and what is seen how often of each.
    """
    if game.sizes[0] != game.sizes[1] or (game.has_choice[:, 0] != game.has_choice[:, 1]).any():
        return False
    states = _other_way_round(game)
    if states is None or (game.agreement[:, 0] != game.agreement[:, 1]).any():
        return False
    profiles = np.arange(len(game.profiles)).reshape(game.sizes).T.ravel()
    patience = game.one_discount[0]
    apiece = [_seen(game, player) for player in range(2)]
    for flow, base in game.expected.values():
        paid = np.broadcast_to(flow[0] + base[0], (len(states), len(profiles), len(game.accounts)))
        apiece = [np.concatenate([seen, paid[..., [i]]], axis=-1) for i, seen in enumerate(apiece)]
    first, second = apiece
    return same(first, second[states][:, profiles]) and same(patience, patience[::-1])


def _other_way_round(game: Game) -> Ints | None:
    """Return the state in which the players' levels are exchanged, (S,); None where there is none."""
    places: dict[tuple[int, ...], list[int]] = {}
    for s, levels in enumerate(game.levels.tolist()):
        places.setdefault(tuple(levels), []).append(s)
    order = np.arange(len(game.states))
    for levels, here in places.items():
        there = places.get(levels[::-1], [])
        if len(there) != len(here):
            return None
        order[here] = there
    return order


def _seen(game: Game, player: int) -> Floats:
    """Return the chances of what is seen of a player, (S, P, k): actions by the other one, findings."""
    read, signal = game.conduct[1 - player, player], game.finding[player]
    shows = [read == action for action in range(game.sizes[player])] + [signal == 1, signal == 2]
    chances = game.probabilities[0].astype(float) @ np.array(shows, dtype=float).T
    return np.broadcast_to(chances, (len(game.states), len(game.profiles), chances.shape[-1]))


def memberships(groups: Sequence[Group], fixed: bool) -> tuple[Ints, int]:
    """Return the group of each person, (N,), and how many persons play in the first seat only.

    With fixed seats the persons of every group take the first and the second seat in turn; those of the
    first seat have the lower numbers. Otherwise nobody is bound to a seat.
    """
    member = np.repeat(np.arange(len(groups)), [group.size for group in groups])
    if not fixed:
        return member, 0
    return np.concatenate([member[0::2], member[1::2]]), (len(member) + 1) // 2
