"""Certificates: the largest gain from departing, where it is, and the verdict that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Floats, Game, Ints
from gamelab.solve.continuation import backwards, best_response, continuation, one_shot_gains
from gamelab.solve.inference import infers_others, monitors_perfectly
from gamelab.solve.joint import Chain, chains
from gamelab.solve.moves import material_spread
from gamelab.solve.private_bounds import best_memory_one
from gamelab.solve.values import round_weights

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-9
HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"
NUMBERS = ("verdict", "concept", "max_gain", "best_response_gain", "nash", "lower", "upper")


@dataclass(frozen=True, eq=False)
class Certificate:
    """Whether a profile is an equilibrium, with what is needed to check it.

    Every array has the shape of the game's grid; for a single game read ``certificate.to_dict()``.

    Parameters
    ----------
    verdict : array of str
        ``holds``, ``fails`` or ``undecided``, for the concept named.
    concept : array of str
        ``subgame perfect``, ``public perfect``, or ``Nash`` where nobody can tell the others' states.
    max_gain : array
        Largest one-shot gain over all histories, normalised per round; negative: slack. nan for ``Nash``.
    best_response_gain : array
        What the best deviation gains from the start, normalised; nan where only bounds are known, or where
        it was not asked for.
    nash : array of str
        The verdict for Nash equilibrium; ``unknown`` where it was not asked for.
    lower, upper : array
        Bounds on the best response's gain.
    place : mapping of str to int array
        Where the largest gain is: state, automaton states (..., n), player, action, round (-1 open-ended).
    tolerance : float
        A gain of up to this times the spread of material payoffs, in its own round, counts as none.
    joint_states, values
        For a single open-ended game: every joint state (X, 1 + n) and what each player gets from there
        on, (X, n), normalised: all that is needed to check the verdict without the solver.
    """

    game: Game
    automata: tuple[Automaton, ...]
    verdict: Any
    concept: Any
    max_gain: Floats
    best_response_gain: Floats
    nash: Any
    lower: Floats
    upper: Floats
    place: dict[str, Ints]
    tolerance: float
    joint_states: Ints | None = None
    values: Floats | None = None

    @property
    def holds(self) -> Any:
        """Where the verdict is ``holds``."""
        return self.verdict == HOLDS

    @property
    def where(self) -> dict[str, Any] | None:
        """The place of the largest gain of a single game, in words; None where nobody has a choice."""
        if self.verdict.size != 1 or not np.isfinite(self.max_gain).all():
            return None
        at = {key: entry.reshape(-1) for key, entry in self.place.items()}
        player = int(at["player"][0])
        inner = [a.states[q] for a, q in zip(self.automata, at["automaton_states"])]
        return {
            "state": self.game.states[int(at["state"][0])],
            "automaton_states": inner,
            "player": self.game.players[player],
            "action": self.game.actions[player][int(at["action"][0])],
            "round": None if self.game.rounds is None else int(at["round"][0]),
        }

    def __repr__(self) -> str:
        names = ", ".join(automaton.name for automaton in self.automata)
        if self.verdict.size > 1:
            return f"<Certificate of {names}: {int(self.holds.sum())} of {self.verdict.size} hold>"
        verdict, concept, most, _, _, low, high = (getattr(self, name).reshape(-1)[0] for name in NUMBERS)
        gain = f"gain between {low:.4g} and {high:.4g}" if concept == "Nash" else f"largest gain {most:.4g}"
        return f"<Certificate of {names}: {concept} {verdict}, {gain}>"

    def to_frame(self) -> pd.DataFrame:
        """Return the certificate as a table: one row per grid point."""
        import pandas as pd

        frame = pd.DataFrame({name: np.ravel(getattr(self, name)) for name in NUMBERS})
        if self.game.shape:
            frame.index = pd.MultiIndex.from_tuples(list(np.ndindex(self.game.shape)))
        return frame

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html())

    def to_dict(self) -> dict[str, Any]:
        """Return the certificate of a single game as plain numbers and words."""

        def number(array: Floats) -> float | None:
            return float(array.reshape(-1)[0]) if np.isfinite(array).all() else None

        report: dict[str, Any] = {
            "verdict": str(self.verdict.reshape(-1)[0]),
            "concept": str(self.concept.reshape(-1)[0]),
            "max_gain": number(self.max_gain),
            "where": self.where,
            "best_response_gain": number(self.best_response_gain),
            "nash": str(self.nash.reshape(-1)[0]),
            "tolerance": self.tolerance,
        }
        if report["concept"] == "Nash":
            report["bounds"] = [number(self.lower), number(self.upper)]
        if self.values is not None and self.joint_states is not None:
            report["value_function"] = [
                {
                    "state": self.game.states[row[0]],
                    "automaton_states": [a.states[q] for a, q in zip(self.automata, row[1:])],
                    "values": dict(zip(self.game.players, map(float, worth))),
                }
                for row, worth in zip(self.joint_states.tolist(), self.values)
            ]
        return report


@dataclass(eq=False)
class _Found:
    """The arrays of a certificate under way, along the batch axis."""

    batch: int
    n: int
    verdict: Any = field(init=False)

    def __post_init__(self) -> None:
        self.verdict = np.full(self.batch, UNDECIDED, dtype="<U9")
        self.concept = np.full(self.batch, "Nash", dtype="<U15")
        self.nash = np.full(self.batch, "unknown", dtype="<U9")
        self.max_gain, self.best_response_gain = np.full(self.batch, np.nan), np.full(self.batch, np.nan)
        self.lower, self.upper = np.full(self.batch, -np.inf), np.full(self.batch, np.inf)
        self.place = {key: np.full(self.batch, -1) for key in ("state", "player", "action", "round")}
        self.place["automaton_states"] = np.full((self.batch, self.n), -1)


def certify(
    game: Game,
    automata: Sequence[Automaton],
    *,
    best_response_gain: bool = True,
    tolerance: float = TOLERANCE,
) -> Certificate:
    """Return the certificate of a profile.

    Perfect equilibrium is tested by one-shot gains in every joint state that some history reaches, Nash
    equilibrium by a best response at the start. Where the deviator cannot tell the others' automaton
    states (private readings), the gain is bounded: above by a deviator who can, below by the best
    deviation with memory one.

    Parameters
    ----------
    game : Game
    automata : sequence of Automaton, one per player
    best_response_gain : bool
        Whether to compute it also where the one-shot test settles the verdict.
    tolerance : float
        Relative to the spread of the material payoffs.

    Raises
    ------
    GameError
        For automata that do not fit the game.
    """
    found = _Found(game.batch, game.n)
    carried: tuple[Ints | None, Floats | None] = (None, None)
    for points, chain in chains(game, automata):
        slack = tolerance * material_spread(chain.game)
        if infers_others(chain):
            values = _perfect(chain, found, points, slack)
            _nash(chain, found, points, values, slack, always=best_response_gain)
            if game.batch == 1 and values is not None:
                carried = _carried(chain, values)
        elif infers_others(chain, after_deviations=False):
            values = None if game.rounds is not None else continuation(chain)
            _nash(chain, found, points, values, slack, always=True)
            found.verdict[points] = found.nash[points]
        else:
            _bounded(chain, found, points, slack)
    return Certificate(
        game,
        tuple(automata),
        **{name: getattr(found, name).reshape(game.shape) for name in NUMBERS},
        place={key: entry.reshape(game.shape + entry.shape[1:]) for key, entry in found.place.items()},
        tolerance=tolerance,
        joint_states=carried[0],
        values=carried[1],
    )


def _perfect(chain: Chain, found: _Found, points: Ints, slack: Floats) -> Floats | None:
    """Settle perfect equilibrium by one-shot gains; return the values (b, X, n) of an open-ended game."""
    found.concept[points] = "subgame perfect" if monitors_perfectly(chain) else "public perfect"
    norm = normaliser(chain)
    if chain.game.rounds is None:
        values = continuation(chain)
        gains = one_shot_gains(chain, values)
        _record(chain, found, points, gains, norm, -1)
        most = gains.max(axis=(1, 2, 3))
    else:
        values, most = None, np.full(1, -np.inf)
        for t, _, gains in backwards(chain):
            gains = np.where(chain.layers[t][:, None, None], gains, -np.inf)
            _record(chain, found, points, gains, norm, t)
            most = np.maximum(most, gains.max(axis=(1, 2, 3)))
    found.verdict[points] = np.where(most <= slack, HOLDS, FAILS)
    return values


def _record(chain: Chain, found: _Found, points: Ints, gains: Floats, norm: Floats, t: int) -> None:
    """Keep the largest normalised gain and its place, where it beats what was found so far."""
    scaled = gains * norm[:, None, :, None]
    flat = scaled.reshape(len(scaled), -1)
    rounding = 1e-12 * material_spread(chain.game)[:, None]
    at = (flat >= flat.max(axis=1, keepdims=True) - rounding).argmax(axis=1)  # of equals the first
    most = np.broadcast_to(flat[np.arange(len(flat)), at], points.shape)
    x, i, a = np.unravel_index(np.broadcast_to(at, points.shape), scaled.shape[1:])
    old = found.max_gain[points]
    better = np.isnan(old) | (most > old + rounding[:, 0])  # of equal rounds the last
    found.max_gain[points] = np.fmax(old, most)
    for key, entry in {
        "state": chain.state[x],
        "player": i,
        "action": a,
        "round": np.full(len(points), t),
    }.items():
        found.place[key][points[better]] = entry[better]
    found.place["automaton_states"][points[better]] = chain.inner[x][better]


def _nash(
    chain: Chain, found: _Found, points: Ints, values: Floats | None, slack: Floats, *, always: bool
) -> None:
    """Settle Nash equilibrium by best responses at the start."""
    if not always:
        found.nash[points] = np.where(found.verdict[points] == HOLDS, HOLDS, "unknown")
        return
    gain = informed_gains(chain, values)
    found.nash[points] = np.where((gain <= slack[:, None]).all(axis=1), HOLDS, FAILS)
    most = (gain * normaliser(chain)).max(axis=1)
    for name in ("best_response_gain", "lower", "upper"):
        getattr(found, name)[points] = most


def informed_gains(chain: Chain, values: Floats | None) -> Floats:
    """Return what the best response gains at the start, (b, n), seeing the others' automaton states."""
    gains = []
    for i in range(chain.game.n):
        now = list(backwards(chain))[-1][1][..., i] if values is None else values[..., i]
        best = best_response(chain, i, now)
        gains.append((chain.start * (best - now)).sum(axis=1))
    return np.stack(np.broadcast_arrays(*gains), axis=-1)


def _bounded(chain: Chain, found: _Found, points: Ints, slack: Floats) -> None:
    """Bound the best deviation of players who cannot tell the others' automaton states."""
    values = None if chain.game.rounds is not None else continuation(chain)
    norm = normaliser(chain)
    above = informed_gains(chain, values)
    upper = np.broadcast_to((above * norm).max(axis=1), points.shape)
    found.upper[points] = upper
    for k, point in enumerate(points):
        here = chain.at_point(k)
        own = None if values is None else values[min(k, len(values) - 1)]
        lower = [max(best_memory_one(here, i) - _at_start(here, own, i), 0.0) for i in range(chain.game.n)]
        limit = slack[min(k, len(slack) - 1)] * norm[min(k, len(norm) - 1)]
        found.lower[point] = max(lower)
        informed = above[min(k, len(above) - 1)] * norm[min(k, len(norm) - 1)]
        if (informed <= limit).all():
            found.nash[point] = HOLDS
        else:
            found.nash[point] = FAILS if (np.asarray(lower) > limit).any() else UNDECIDED
        if max(lower) >= upper[k] - limit.min():
            found.best_response_gain[point] = upper[k]
    found.verdict[points] = found.nash[points]


def _at_start(chain: Chain, values: Floats | None, player: int) -> float:
    now = list(backwards(chain))[-1][1][0] if values is None else values
    norm = normaliser(chain)[0]
    return float(chain.start[0] @ now[:, player] * norm[min(player, len(norm) - 1)])


def normaliser(chain: Chain) -> Floats:
    """Return what turns a discounted sum into an average per round, (b, n) or (b, 1)."""
    d = chain.game.one_discount
    return 1 - d if chain.game.rounds is None else 1 / round_weights(d, chain.game.rounds)


def _carried(chain: Chain, values: Floats) -> tuple[Ints, Floats]:
    base: Floats = np.zeros((1, chain.game.n))
    for amounts in chain.moves.base.values():
        base = base + amounts[:, : chain.game.n]
    worth = normaliser(chain)[:, None] * values + base[:, None]
    return np.column_stack([chain.state, chain.inner]), worth[0]
