"""A game: what can be done, seen and earned, as frozen arrays; the only thing that every engine reads.

Axis letters, fixed here and used everywhere:
``b`` batch, ``s`` state, ``p`` action profile (row-major, player 0 slowest), ``y`` outcome, ``i`` player,
``a`` action, ``c`` account, ``q`` automaton state, ``v`` symbol.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamelab.errors import GameError
from gamelab.model.budget import spend
from gamelab.model.exactness import exact_asked, floats, fractions
from gamelab.model.freezing import frozen_result, read_only
from gamelab.model.grids import laid_out
from gamelab.model.ledger import Flow
from gamelab.model.soundness import STRUCTURE, check_game, numeric

Floats = NDArray[Any]
Ints = NDArray[Any]
Bools = NDArray[Any]
"""Arrays of numbers, of whole numbers, of truth values: names for readers; a Game checks what is in them."""

LARGEST = 20_000_000
"""The most entries that the table of probabilities may have."""
LARGEST_POINT = 5_000_000
"""The most entries that it may have for one point of a grid, which cannot be solved in parts."""


@frozen_result
@dataclass(frozen=True, eq=False, kw_only=True)
class Game:
    """A finite stochastic game with imperfect monitoring and a ledger.

    Every numeric array has exactly one batch axis, first; size 1 is allowed on ``b``, ``s`` and ``p`` of
    ``probabilities`` and flows. What is structural (names, indices, who sees what) is never batched.

    Parameters
    ----------
    players : tuple of str
    actions : tuple of tuple of str
        The labels of each player's actions.
    states, outcomes : tuple of str
        An outcome is everything that there is to see or to happen after a move, coins included.
    start : array (b, S)
        Probabilities of the first state.
    allowed : bool array (S, n, A)
        Who can do what where; A is the largest number of actions.
    ends_round : bool array (S,)
        Whether the move after this one opens a new round.
    probabilities : array (b, S, P, Y)
        Of each outcome; sums to 1.
    next_state : int array (S, Y)
    accounts : tuple of str
        Who receives and pays: the n players first, then others.
    flows : mapping of str to Flow
        The ledger lines, by name.
    views : int array (n, Y)
        The symbol that each player sees of an outcome.
    conduct : int array (n, n, Y)
        The action that viewer i reads of subject j, -1 unseen. ``conduct[i, i, y] >= 0`` exactly where a
        public record shows i.
    deeds : int array (n, Y)
        The action that i really did where that can differ from the one chosen (trembles), else -1.
    finding : int array (n, Y)
        Of a monitor, public: 0 none, 1 clean, 2 offence.
    levels : int array (S, n)
        The public record of each player, -1 where there is none.
    agreement : int array (S, n)
        The action agreed for each player, -1 where there is none.
    keeps : bool array (S, n, A)
        The actions that count as keeping the agreement.
    fallback : array (b, S, n, A)
        The mixture played when cooperation is over; all 0 in a state that has none.
    discount_factor : array (b, S, n)
        Weight of the next move: 1 inside a round. Size 1 is allowed on n.
    rounds : int or None
        Number of rounds; None for open-ended.
    shape : tuple of int
        The shape of the grid that the batch axis stands for; ``()`` for a single game.
    exact : bool, optional
        Whether every number is a fraction (object arrays); such a game is a single one. By default what
        ``exactly`` asks for.

    Raises
    ------
    GameError
        Where a shape, range or rule is broken; the message names field, place and value.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    states: tuple[str, ...]
    outcomes: tuple[str, ...]
    start: Floats
    allowed: Bools
    ends_round: Bools
    probabilities: Floats
    next_state: Ints
    accounts: tuple[str, ...]
    flows: Mapping[str, Flow]
    views: Ints
    conduct: Ints
    deeds: Ints
    finding: Ints
    levels: Ints
    agreement: Ints
    keeps: Bools
    fallback: Floats
    discount_factor: Floats
    rounds: int | None = 1
    shape: tuple[int, ...] = ()
    exact: bool | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.exact, bool | None):
            raise GameError(f"is a {type(self.exact).__name__}; True, False or None is needed", "exact")
        object.__setattr__(self, "exact", exact_asked() if self.exact is None else self.exact)
        self._settle(FIELDS)

    def _settle(self, changed: Collection[str], sound: Collection[Flow] = ()) -> None:
        """Close the fields that changed to writing, and check what reads them; sound lines stay."""
        for name in (name for name in STRUCTURE if name in changed):
            object.__setattr__(self, name, STRUCTURE[name](getattr(self, name), name))
        for name in (name for name in ARRAYS if name in changed):
            fixed = fixed_numbers if self.exact and ARRAYS[name] is np.float64 else frozen
            object.__setattr__(self, name, fixed(getattr(self, name), ARRAYS[name], name))
        if "flows" in changed:
            fixed = fixed_numbers if self.exact else frozen
            flows = {
                line: flow
                if flow in sound
                else flow.mapped(lambda part, line=line: fixed(part, np.float64, f"flows[{line}]"))  # type: ignore[misc]
                for line, flow in self.flows.items()
            }
            object.__setattr__(self, "flows", flows)
        check_game(self, changed, sound)

    @cached_property
    def n(self) -> int:
        """Number of players."""
        return len(self.players)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return tuple(len(labels) for labels in self.actions)

    @cached_property
    def batch(self) -> int:
        """Number of games on the batch axis."""
        return math.prod(self.shape)

    @cached_property
    def profiles(self) -> Ints:
        """Action of each player in each profile, (P, n), row-major: player 0 slowest."""
        return np.stack(np.unravel_index(np.arange(math.prod(self.sizes)), self.sizes), axis=1)

    @property
    def profile_names(self) -> list[str]:
        """Name of each profile, such as ``(C, D)``."""
        named = (
            [labels[a] for labels, a in zip(self.actions, profile)] for profile in self.profiles.tolist()
        )
        return [f"({', '.join(labels)})" for labels in named]

    @cached_property
    def allowed_profiles(self) -> Bools:
        """Which profiles can be played in each state, (S, P)."""
        own = [self.allowed[:, i, self.profiles[:, i]] for i in range(self.n)]
        return np.asarray(np.logical_and.reduce(own))

    @cached_property
    def has_choice(self) -> Bools:
        """Which players have more than one allowed action in each state, (S, n)."""
        return np.asarray(self.allowed.sum(axis=2) > 1)

    @cached_property
    def over(self) -> Bools:
        """States from which nobody will ever have a choice again, (S,): no institution charges there."""
        chooses = np.asarray(self.has_choice.any(axis=1))
        return np.logical_not(leading_to(self.links, chooses))

    @cached_property
    def happens(self) -> Bools:
        """Which outcomes can follow which allowed profile at some grid point, (S, P, Y)."""
        shape = (len(self.states), len(self.profiles), len(self.outcomes))
        positive = np.broadcast_to((self.probabilities > 0).any(axis=0), shape)
        return positive & self.allowed_profiles[:, :, None]

    @cached_property
    def occurs(self) -> Ints:
        """The outcomes that can follow something at some grid point, their places in order."""
        return np.flatnonzero((self.probabilities > 0).any(axis=(0, 1, 2)))

    @cached_property
    def links(self) -> Ints:
        """Every state and a state that can follow it, (2, E), each pair once."""
        S = len(self.states)
        state, outcome = np.nonzero(self.happens.any(axis=1))
        return np.stack(np.divmod(np.unique(state * S + self.next_state[state, outcome]), S))

    @cached_property
    def leads_to(self) -> Bools:
        """Which state can follow which, (S, S)."""
        linked = np.zeros((len(self.states), len(self.states)), dtype=bool)
        linked[tuple(self.links)] = True
        return linked

    @cached_property
    def deed_profile(self) -> Ints:
        """The profile that was really done, by profile chosen and outcome, (P, Y)."""
        done = np.where(self.deeds[None] >= 0, self.deeds[None], self.profiles[:, :, None])
        return np.ravel_multi_index(tuple(np.moveaxis(done, 1, 0)), self.sizes)

    @cached_property
    def expected(self) -> dict[str, tuple[Floats, Floats]]:
        """Each line's expected payoffs less a base, (b, S, P, c), and the base, (b, c)."""
        from gamelab.model.expectation import expected_flow

        return {line: expected_flow(self, line) for line in self.flows}

    @cached_property
    def one_discount(self) -> Floats:
        """Each player's discount factor where a round ends, (b, n) or (b, 1)."""
        return self.discount_factor[:, int(np.argmax(self.ends_round))]

    @cached_property
    def most_patient(self) -> Ints:
        """The first player with the highest discount factor, (b,) or (1,)."""
        return np.asarray(self.one_discount.argmax(axis=1))

    def replace(self, **changes: Any) -> Game:
        """Return a game with other fields; every check that reads them is made again."""
        if "exact" in changes or not changes.keys() <= FIELDS:
            return dataclasses.replace(self, **changes)  # made anew, or refused
        other = unchecked(self, **changes)
        other._settle(changes, self.flows.values())
        return other

    def take(self, points: Ints | slice) -> Game:
        """Return the games at these places of the batch axis, as a batch of their own."""
        count = len(np.arange(self.batch)[points])
        taken = {name: take_points(getattr(self, name), points) for name in BATCHED}
        flows = {
            line: flow.mapped(lambda part: take_points(part, points)) for line, flow in self.flows.items()
        }
        return unchecked(self, shape=(count,), flows=flows, **taken)

    def spread(self, *settings: Any) -> tuple[Game, list[Floats]]:
        """Broadcast settings against the grid of this game.

        Returns the game on the common grid, and each setting as an array ``(b,)`` or ``(1,)``; in which
        players may differ (``ByPlayer``), ``(b, n)``, size 1 allowed on n.
        """
        kind = fractions if self.exact else floats
        shape, arrays = laid_out(settings, self.players, self.shape, kind)
        return (self if shape == self.shape else self._on(shape)), arrays

    def _on(self, shape: tuple[int, ...]) -> Game:
        def stretch(array: Floats) -> Floats:
            if array.shape[0] == 1:
                return array
            inner = array.reshape((1,) * (len(shape) - len(self.shape)) + self.shape + array.shape[1:])
            wide = np.broadcast_to(inner, shape + array.shape[1:])
            return read_only(wide.reshape((-1, *array.shape[1:])))

        flows = {line: flow.mapped(stretch) for line, flow in self.flows.items()}
        stretched = {name: stretch(getattr(self, name)) for name in BATCHED}
        return unchecked(self, shape=shape, flows=flows, **stretched)

    def _repr_html_(self) -> str:
        from gamelab.model.payoff_table import as_html

        return as_html(self)

    def __str__(self) -> str:
        from gamelab.model.payoff_text import as_text

        return as_text(self)

    def __repr__(self) -> str:
        time = "open-ended" if self.rounds is None else f"{self.rounds} round{'s' * (self.rounds != 1)}"
        sizes = f"{len(self.states)} states, {len(self.outcomes)} outcomes"
        return f"<Game of {', '.join(self.players)}: {time}, {sizes}, lines {', '.join(self.flows)}>"


ARRAYS: dict[str, Any] = {
    "start": np.float64,
    "allowed": np.bool_,
    "ends_round": np.bool_,
    "probabilities": np.float64,
    "next_state": np.int64,
    "views": np.int64,
    "conduct": np.int64,
    "deeds": np.int64,
    "finding": np.int64,
    "levels": np.int64,
    "agreement": np.int64,
    "keeps": np.bool_,
    "fallback": np.float64,
    "discount_factor": np.float64,
}
FIELDS = frozenset(field.name for field in dataclasses.fields(Game))
_MOVES = frozenset({"players", "actions", "allowed", "states"})
_PLAY = _MOVES | {"probabilities", "outcomes", "next_state"}
DERIVED: dict[str, frozenset[str]] = {
    "n": frozenset({"players"}),
    "sizes": frozenset({"actions"}),
    "profiles": frozenset({"actions"}),
    "batch": frozenset({"shape"}),
    "allowed_profiles": _MOVES,
    "has_choice": _MOVES,
    "happens": _PLAY,
    "occurs": _PLAY,
    "links": _PLAY,
    "over": _PLAY,
}
"""What a game works out once, and the fields that it reads: a game that shares these need not do it again."""
BATCHED = ("start", "probabilities", "fallback", "discount_factor")


def frozen(array: Any, dtype: Any, key: str = "") -> NDArray[Any]:
    """Return the array read-only, as a copy if anybody else could still write to it.

    Raises
    ------
    GameError
        Where something is no number, or the array cannot hold it as it is: 0.5 or 2**64 among whole numbers.
    """
    given = numeric(array, key, objects=dtype is np.float64)
    owner = given
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    with np.errstate(invalid="ignore"):  # nan is no whole number either, and is refused below
        try:
            fixed = given.astype(dtype, copy=owner.flags.writeable or given.dtype != dtype)
        except (TypeError, ValueError, OverflowError):
            raise GameError("holds something that is no number", key) from None
    if fixed.dtype.kind in "ib" and given.dtype != dtype and (fixed != given).any():
        lost = given[fixed != given].flat[0]
        size = f" below 2^{8 * fixed.itemsize - 1}" if lost == np.round(lost) else ""
        what = "a truth value" if dtype is np.bool_ else f"a whole number{size}"
        raise GameError(f"{lost:g} stands where {what} is needed", key)
    return read_only(fixed)


def fixed_numbers(array: Any, dtype: Any, key: str = "") -> NDArray[Any]:
    """Return the numbers of an exact game read-only, as fractions; GameError where one is none."""
    given = numeric(array, key)
    return read_only(fractions(given if isinstance(array, np.ndarray) else array, key))


def take_points(array: NDArray[Any], points: Ints | slice) -> NDArray[Any]:
    """Return the entries at these batch points; an array that is the same for all stays as it is."""
    return array if array.shape[0] == 1 else read_only(array[points])


def unchecked(game: Game, **changes: Any) -> Game:
    """Return a game with other fields that are known to be sound, such as a part of the batch."""
    other = object.__new__(Game)
    for name in FIELDS:
        object.__setattr__(other, name, changes.get(name, getattr(game, name)))
    known = vars(game)
    vars(other).update(
        (name, known[name]) for name, read in DERIVED.items() if name in known and read.isdisjoint(changes)
    )
    return other


def leading_to(links: Ints, there: Bools) -> Bools:
    """Return the states that are there, (S,), or from which a path of links (2, E) leads to one of them."""
    before, after = links
    leads = np.array(there)
    while (further := before[leads[after] & ~leads[before]]).size:  # each pass takes one more step
        leads[further] = True
    return leads


def check_size(entries: int, advice: str, points: int = 1) -> None:
    """Refuse a table of probabilities too large for a grid of so many points, before it is built."""
    limit = min(LARGEST, points * LARGEST_POINT)
    if entries > limit:
        raise GameError(
            f"this game would need a table of {entries:,} probabilities, the limit is {limit:,}; {advice}"
        )
    spend(entries)
