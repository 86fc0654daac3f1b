"""What a game must satisfy: each rule is checked at the door and refused in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gamelab.errors import HIDDEN, GameError, listed, visible
from gamelab.model.exactness import LARGEST, different, different_rows, is_number, masked, product
from gamelab.model.ledger import KINDS, Flow

if TYPE_CHECKING:
    from gamelab.model.game import Game

ROUNDING = 1e-9


def check_game(game: Game, changed: Iterable[str] | None = None, sound: Collection[Flow] = ()) -> None:
    """Check everything that a Game promises; raise GameError naming field, place and value.

    Parameters
    ----------
    changed : iterable of str, optional
        The only fields in which the game differs from a sound one: rules that read none of them hold.
    sound : collection of Flow, optional
        Ledger lines of that game, which are not checked again.
    """
    fields = None if changed is None else set(changed)
    for rule, read in RULES.items():
        if fields is None or not fields.isdisjoint(read):
            rule(game, sound) if rule is _check_flows else rule(game)


def numeric(array: Any, key: str, *, objects: bool = True) -> NDArray[Any]:
    """Return an array of numbers or truth values; refuse texts, dates, complex numbers and hidden values."""
    try:  # first the mask, of which numpy would warn; lists in lists without end are a RecursionError
        given = None if masked(array) else np.asarray(array)
    except (TypeError, ValueError, RuntimeError):
        raise GameError("is no array: its rows differ in length", key) from None
    if given is None:
        raise GameError("hides a number behind a mask; fill it, or leave it out", key)
    fits = given.dtype.kind in ("biufO" if objects else "biuf")
    if not fits or (given.dtype.kind == "O" and not all(map(_number_or_truth, different(given)))):
        raise GameError("holds something that is no number", key)
    return given


def _number_or_truth(item: Any) -> bool:
    return is_number(item) or isinstance(item, bool | np.bool_)


def words(value: Any, key: str) -> tuple[str, ...]:
    """Return a tuple of texts; refuse anything else, such as one text."""
    if not isinstance(value, tuple | list) or not all(isinstance(word, str) for word in value):
        raise GameError(f"is a {type(value).__name__}; a tuple of texts is needed", key)
    return tuple(value)


def _actions(value: Any, key: str) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, tuple | list):
        raise GameError(f"is a {type(value).__name__}; a tuple of texts for each player is needed", key)
    return tuple(words(own, key) for own in value)


def _sizes(value: Any, key: str) -> tuple[int, ...]:
    whole = isinstance(value, tuple | list) and all(isinstance(k, int | np.integer) and k >= 0 for k in value)
    if not whole or any(isinstance(k, bool) for k in value):
        raise GameError(f"is a {type(value).__name__}; a tuple of whole numbers is needed", key)
    return tuple(int(k) for k in value)


def _rounds(value: Any, key: str) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | np.integer)):
        raise GameError(f"is a {type(value).__name__}; a whole number or None is needed", key)
    return None if value is None else int(value)


def _flows(value: Any, key: str) -> Any:
    lines = isinstance(value, Mapping) and all(isinstance(line, str) for line in value)
    if not lines or not all(isinstance(flow, Flow) for flow in value.values()):
        raise GameError(f"is a {type(value).__name__}; a mapping from names to Flow is needed", key)
    return value


STRUCTURE: dict[str, Callable[[Any, str], Any]] = {
    "players": words,
    "actions": _actions,
    "states": words,
    "outcomes": words,
    "accounts": words,
    "flows": _flows,
    "rounds": _rounds,
    "shape": _sizes,
}
"""The fields of a game that are no arrays of numbers, each with what returns it or refuses it."""


def _rounding(game: Game) -> float:
    return 0 if game.exact else ROUNDING


def _check_names(game: Game) -> None:
    if game.n < 1:
        raise GameError("a game needs at least one player", "players")
    if len(game.actions) != game.n or any(len(labels) == 0 for labels in game.actions):
        raise GameError("each player needs a non-empty tuple of actions", "actions")
    if not game.states or not game.outcomes:
        raise GameError(
            "a game needs at least one state and one outcome", "states" if game.outcomes else "outcomes"
        )
    if game.accounts[: game.n] != game.players:
        raise GameError(f"the first {game.n} accounts must be the players; got {game.accounts}", "accounts")
    for field, names in _named(game):
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise GameError(f"'{twice}' is there twice", field)
        hidden = next((name for name in names if HIDDEN.search(name)), None)
        if hidden is not None:
            raise GameError(f"'{visible(hidden)}' holds a character that is not seen; leave it out", field)


def _named(game: Game) -> list[tuple[str, tuple[str, ...]]]:
    named = [("players", game.players), ("states", game.states), ("accounts", game.accounts)]
    return named + [(f"actions of {player}", labels) for player, labels in zip(game.players, game.actions)]


def _check_shapes(game: Game) -> None:
    n, A, S, Y = game.n, max(game.sizes), len(game.states), len(game.outcomes)
    P, b = len(game.profiles), game.batch
    wanted = {
        "start": ((b, 1), S),
        "allowed": (S, n, A),
        "ends_round": (S,),
        "probabilities": ((b, 1), (S, 1), (P, 1), Y),
        "next_state": (S, Y),
        "views": (n, Y),
        "conduct": (n, n, Y),
        "deeds": (n, Y),
        "finding": (n, Y),
        "levels": (S, n),
        "agreement": (S, n),
        "keeps": (S, n, A),
        "fallback": ((b, 1), S, n, A),
        "discount_factor": ((b, 1), S, (n, 1)),
    }
    for field, sizes in wanted.items():
        _check_shape(field, getattr(game, field), sizes)
    c = len(game.accounts)
    for line, flow in game.flows.items():
        if flow.by_profile is not None:
            _check_shape(f"flows[{line}].by_profile", flow.by_profile, ((b, 1), (S, 1), (P, 1), c))
        if flow.by_outcome is not None:
            _check_shape(f"flows[{line}].by_outcome", flow.by_outcome, ((b, 1), (S, 1), Y, c))


def _check_shape(field: str, array: NDArray[Any], sizes: tuple[int | tuple[int, ...], ...]) -> None:
    shape = array.shape
    fits = (k == size or (type(size) is tuple and k in size) for k, size in zip(shape, sizes))
    if len(shape) == len(sizes) and all(fits):
        return
    allowed = [size if isinstance(size, tuple) else (size,) for size in sizes]
    words = ", ".join(listed(str(option) for option in dict.fromkeys(options)) for options in allowed)
    raise GameError(f"has shape {shape}; its axes must have sizes ({words})", field)


def _check_indices(game: Game) -> None:
    own = np.asarray(game.sizes)[:, None]
    limits: list[tuple[str, NDArray[Any], int, Any]] = [
        ("next_state", game.next_state, 0, len(game.states)),
        ("views", game.views, 0, np.inf),
        ("conduct", game.conduct, -1, own),
        ("deeds", game.deeds, -1, own),
        ("finding", game.finding, 0, 3),
        ("levels", game.levels, -1, np.inf),
        ("agreement", game.agreement, -1, own[:, 0]),
    ]
    for field, array, low, high in limits:
        bad = (array < low) | (array >= high)
        if bad.any():
            place = tuple(int(k) for k in np.argwhere(bad)[0])
            raise GameError(f"is {array[place]} at {place}, outside what exists", field)
    if ((game.deeds >= 0).any(axis=0) != (game.deeds >= 0).all(axis=0)).any():
        raise GameError("an outcome must say what everybody really did, or of nobody", "deeds")
    if (game.views.max(axis=1) >= len(game.outcomes)).any():
        raise GameError("has more symbols than there are outcomes", "views")
    if game.rounds is not None and game.rounds < 1:
        raise GameError(f"is {game.rounds}; a game lasts at least one round", "rounds")


def _check_lotteries(game: Game) -> None:
    for field in ("start", "probabilities", "fallback"):
        array = getattr(game, field)
        if game.exact and field != "fallback":
            rows = different_rows(array)
            sums = product(rows, np.full((rows.shape[1], 1), Fraction(1)))
            if (sums == 1).all() and all(entry.numerator >= 0 for entry in rows.flat):
                continue
        total = array.sum(axis=-1)
        bad = ~(np.abs(total - 1) <= _rounding(game)) | ~(array >= 0).all(axis=-1)
        if field == "fallback":  # a state in which nobody has one is a state without
            bad &= (array != 0).any(axis=(-2, -1))[..., None]
        if bad.any():
            place = tuple(int(k) for k in np.argwhere(bad)[0])
            raise GameError(
                f"has {np.array2string(array[place], threshold=8)} at {place}: probabilities of at least 0 "
                f"that sum to 1 are needed, these sum to {float(total[place]):.10g}",
                field,
            )
    for i, size in enumerate(game.sizes):
        beyond = game.allowed[:, i, size:].any() or (game.fallback[:, :, i] > 0)[:, ~game.allowed[:, i]].any()
        if beyond:
            raise GameError(f"{game.players[i]} is given an action that is not there to take", "allowed")
    if not game.allowed.any(axis=2).all():
        state, player = np.argwhere(~game.allowed.any(axis=2))[0]
        raise GameError(f"{game.players[player]} can do nothing in state {game.states[state]}", "allowed")


def _check_rounds(game: Game) -> None:
    d = game.discount_factor
    if not ((d >= 0) & (d <= 1)).all():
        raise GameError(
            f"is {float(d[~((d >= 0) & (d <= 1))].flat[0]):g}; from 0 to 1 is allowed", "discount_factor"
        )
    if not game.ends_round.any():
        raise GameError("no state ends a round", "ends_round")
    if (d[:, ~game.ends_round] != 1).any():
        raise GameError("must be 1 in every state that does not end a round", "discount_factor")
    if (d[:, game.ends_round] != game.one_discount[:, None]).any():
        raise GameError("must be the same in all states that end a round", "discount_factor")
    if game.rounds is None and (game.one_discount >= 1).any():
        raise GameError(
            "must be below 1 in an open-ended game; give rounds, or a smaller one", "discount_factor"
        )
    if game.ends_round.all():
        return
    before, after = game.links
    reached = ~game.ends_round
    entered = np.zeros_like(reached)
    entered[after[reached[before]]] = True
    while (reached & ~entered).any():
        reached &= entered  # survives only while it can be entered inside a round
        entered = np.zeros_like(reached)
        entered[after[reached[before]]] = True
    if reached.any():
        raise GameError(
            f"a round could go on for ever at {game.states[int(np.argmax(reached))]}", "ends_round"
        )


def _check_sight(game: Game) -> None:
    for i, player in enumerate(game.players):
        seen = {"conduct": game.conduct[i], "finding": game.finding, "deeds": game.deeds[[i]]}
        seen["public record"] = game.conduct[np.arange(game.n), np.arange(game.n)] >= 0
        symbol = game.views[i]
        first = np.zeros(len(symbol), dtype=int)
        first[symbol[::-1]] = np.arange(len(symbol))[::-1]  # of several with one symbol the first stays
        for field, array in seen.items():
            differs = (array != array[:, first[symbol]]).any(axis=0)
            if differs.any():
                raise GameError(
                    f"what {player} reads is not a function of what {player} sees, "
                    f"at outcome '{game.outcomes[int(np.argmax(differs))]}'",
                    field,
                )
        shown = game.conduct[i, i] >= 0
        if (game.conduct[:, i][:, shown] != game.conduct[i, i, shown]).any():
            raise GameError(f"a public record of {player} must read the same to everybody", "conduct")


def _check_agreement(game: Game) -> None:
    for s, i in np.argwhere(game.agreement >= 0):
        action = game.agreement[s, i]
        if not game.allowed[s, i, action]:
            raise GameError(
                f"{game.players[i]} cannot do '{game.actions[i][action]}' in state {game.states[s]}",
                "agreement",
            )
        if not game.keeps[s, i, action]:
            raise GameError(f"'{game.actions[i][action]}' must itself count as keeping it", "keeps")
    waits = (game.agreement >= 0) & ~game.has_choice
    if waits.any():
        s, i = np.argwhere(waits)[0]
        raise GameError(f"{game.players[i]} has no choice in state {game.states[s]}", "agreement")


def _check_flow(game: Game, line: str, flow: Flow) -> None:
    if flow.kind not in KINDS:
        raise GameError(f"'{flow.kind}' is not a kind; write {listed(KINDS)}", f"flows[{line}]")
    if not flow.parts():
        raise GameError("pays nothing: give by_profile or by_outcome", f"flows[{line}]")
    if not game.exact and not all(np.isfinite(part).all() for part in flow.parts()):
        raise GameError("has a payoff that is not a finite number", f"flows[{line}]")
    if (flow.largest > LARGEST).any():
        raise GameError(
            f"has a payoff of more than {LARGEST:g}, which is too large to compute with", f"flows[{line}]"
        )
    for part in flow.parts() if flow.kind == "transfer" else ():
        sums = np.abs(different_rows(part).sum(axis=-1))
        if (sums > 0 if game.exact else sums > ROUNDING * (1 + np.abs(part).max())).any():
            raise GameError("a transfer must sum to zero over all accounts", f"flows[{line}]")


def _check_flows(game: Game, sound: Collection[Flow] = ()) -> None:
    for line, flow in game.flows.items():
        if flow not in sound:
            _check_flow(game, line, flow)
    sizes = [flow.largest for flow in game.flows.values()]
    most = np.max(np.broadcast_arrays(*sizes), axis=0) if sizes else np.zeros(1)
    if ((most > 0) & (most * LARGEST < 1)).any():
        raise GameError(
            f"have no payoff above {1 / LARGEST:g} in size, too small to compute with; choose a smaller unit",
            "flows",
        )


NAMES = ("players", "actions", "states", "outcomes", "accounts")
CHANCES = ("start", "probabilities", "fallback")
READINGS = ("next_state", "views", "conduct", "deeds", "finding", "levels", "agreement")
RULES: dict[Callable[..., None], tuple[str, ...]] = {
    _check_names: NAMES,
    _check_shapes: (*NAMES, *CHANCES, *READINGS, "allowed", "ends_round", "keeps", "discount_factor", "flows",
                    "shape"),
    _check_indices: (*NAMES, *READINGS, "rounds"),
    _check_lotteries: (*NAMES, *CHANCES, "allowed", "exact"),
    _check_rounds: ("actions", "states", "outcomes", "players", "allowed", "ends_round", "probabilities",
                    "next_state", "discount_factor", "rounds"),
    _check_sight: ("players", "outcomes", "views", "conduct", "deeds", "finding"),
    _check_agreement: ("players", "actions", "states", "allowed", "agreement", "keeps"),
    _check_flows: ("flows", "exact"),
}  # fmt: skip
"""Every rule, in the order in which games are checked, and the fields that it reads."""
