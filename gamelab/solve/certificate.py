"""Certificates: the largest gain from deviating, where it is, and the verdict that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats, Game, Ints
from gamelab.solve.best_response import best_response
from gamelab.solve.continuation import Continuation, continuation
from gamelab.solve.inference import infers_others, monitors_perfectly
from gamelab.solve.joint import Chain, chains
from gamelab.solve.judgement import FAILS, HOLDS, UNDECIDED, judge
from gamelab.solve.private_bounds import best_memory_one
from gamelab.solve.values import normaliser, occupancy
from gamelab.ties import TOLERANCE

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("verdict", "concept", "max_gain", "best_response_gain", "nash", "lower", "upper")


@frozen_result
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
        A gain of up to this times the largest number in its comparison counts as none.
    eps : array
        What that comes to, normalised per round: the gain up to which a deviation counts as none where the
        largest gain is, or in the comparison with the largest gain that was taken for none. An exact gain
        above it is never taken for none.
    error : array
        How far rounding of the solved values may reach there, normalised per round. Where it exceeds ``eps``
        and the gain does not exceed it, the verdict is ``undecided``.
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
    eps: Floats
    error: Floats
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
            "eps": number(self.eps),
            "error": number(self.error),
        }
        if report["concept"] == "Nash":
            report["bounds"] = [number(self.lower), number(self.upper)]
        if self.values is not None and self.joint_states is not None:
            report["value_function"] = [
                {
                    "state": self.game.states[row[0]],
                    "automaton_states": [a.states[q] for a, q in zip(self.automata, row[1:])],
                    "values": dict(zip(self.game.players, map(float, values))),
                }
                for row, values in zip(self.joint_states.tolist(), self.values)
            ]
        return report


@dataclass(eq=False)
class _Draft:
    """The arrays of a certificate in the making, along the batch axis."""

    batch: int
    n: int
    verdict: Any = field(init=False)

    def __post_init__(self) -> None:
        self.verdict = np.full(self.batch, UNDECIDED, dtype="<U9")
        self.concept = np.full(self.batch, "Nash", dtype="<U15")
        self.nash = np.full(self.batch, "unknown", dtype="<U9")
        self.max_gain, self.best_response_gain = np.full(self.batch, np.nan), np.full(self.batch, np.nan)
        self.lower, self.upper = np.full(self.batch, -np.inf), np.full(self.batch, np.inf)
        self.eps, self.error = np.full(self.batch, np.nan), np.full(self.batch, np.nan)
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
        Relative to the largest number in a comparison: what the two branches of a deviation pay, and what
        the values that follow differ by.

    Raises
    ------
    GameError
        For automata that do not fit the game.
    """
    draft = _Draft(game.batch, game.n)
    carried: tuple[Ints | None, Floats | None] = (None, None)
    for points, chain in chains(game, automata):
        values = None if game.rounds is not None else continuation(chain)
        if infers_others(chain):
            _perfect(chain, draft, points, values, tolerance)
            _nash(chain, draft, points, values, tolerance, always=best_response_gain)
            if game.batch == 1 and values is not None:
                carried = _carried(chain, values)
        elif infers_others(chain, after_deviations=False):
            _nash(chain, draft, points, values, tolerance, always=True)
            draft.verdict[points] = draft.nash[points]
        else:
            _bounded(chain, draft, points, values, tolerance)
    return Certificate(
        game,
        tuple(automata),
        **{name: getattr(draft, name).reshape(game.shape) for name in (*NUMBERS, "eps", "error")},
        place={key: entry.reshape(game.shape + entry.shape[1:]) for key, entry in draft.place.items()},
        tolerance=tolerance,
        joint_states=carried[0],
        values=carried[1],
    )


def _perfect(
    chain: Chain, draft: _Draft, points: Ints, values: Continuation | None, tolerance: float
) -> None:
    """Settle perfect equilibrium by one-shot gains."""
    judgement = judge(chain, values, tolerance=tolerance)
    draft.concept[points] = "subgame perfect" if monitors_perfectly(chain) else "public perfect"
    for name in ("verdict", "max_gain", "eps", "error"):
        getattr(draft, name)[points] = getattr(judgement, name)
    there = points[judgement.place["joint"] >= 0]
    joint, *rest = (
        judgement.place[key][judgement.place["joint"] >= 0] for key in ("joint", "player", "action", "round")
    )
    draft.place["state"][there] = chain.state[joint]
    draft.place["automaton_states"][there] = chain.inner[joint]
    for key, entry in zip(("player", "action", "round"), rest, strict=True):
        draft.place[key][there] = entry


def _nash(
    chain: Chain, draft: _Draft, points: Ints, values: Continuation | None, tolerance: float, *, always: bool
) -> None:
    """Settle Nash equilibrium by best responses at the start; a perfect equilibrium is one."""
    perfect = (draft.verdict[points] == HOLDS) & (draft.concept[points] != "Nash")
    draft.nash[points] = np.where(perfect, HOLDS, "unknown")
    if not always:
        return
    responses = [best_response(chain, i, values, tolerance=tolerance) for i in range(chain.game.n)]
    verdict = _worst([response.verdict for response in responses])
    draft.nash[points] = np.where(perfect, HOLDS, verdict)
    norm = np.broadcast_to(normaliser(chain), (len(points), chain.game.n))
    gains = np.stack([response.gain for response in responses], axis=-1) * norm
    for name in ("best_response_gain", "lower", "upper"):
        getattr(draft, name)[points] = gains.max(axis=1)
    # of a verdict for Nash that only forgives a gain, or of the only verdict, the eps is the one to state
    eps = (np.stack([response.eps for response in responses], axis=-1) * norm).max(axis=1)
    forgiven = (draft.nash[points] == HOLDS) & (gains > 0).any(axis=1)
    only = draft.concept[points] == "Nash"
    draft.eps[points] = np.where(only | forgiven, np.fmax(eps, draft.eps[points]), draft.eps[points])


def _worst(verdicts: Sequence[Any]) -> Any:
    """Return ``fails`` where one verdict is that, else ``undecided`` where one is, else ``holds``."""
    fails = np.logical_or.reduce([verdict == FAILS for verdict in verdicts])
    open_ = np.logical_or.reduce([verdict == UNDECIDED for verdict in verdicts])
    return np.where(fails, FAILS, np.where(open_, UNDECIDED, HOLDS))


def _bounded(
    chain: Chain, draft: _Draft, points: Ints, values: Continuation | None, tolerance: float
) -> None:
    """Bound the best deviation of players who cannot tell the others' automaton states."""
    responses = [best_response(chain, i, values, tolerance=tolerance) for i in range(chain.game.n)]
    norm = np.broadcast_to(normaliser(chain), (len(points), chain.game.n))
    above = np.stack([response.gain for response in responses], axis=-1) * norm
    limit = np.stack([response.eps for response in responses], axis=-1) * norm
    draft.upper[points] = above.max(axis=1)
    draft.eps[points] = limit.max(axis=1)
    informed = _worst([response.verdict for response in responses])
    for k, point in enumerate(points):
        here = chain.at_point(k)
        lower = [max(best_memory_one(here, i) - _at_start(here, i), 0.0) for i in range(chain.game.n)]
        draft.lower[point] = max(lower)
        if informed[k] == HOLDS:
            draft.nash[point] = HOLDS
        else:
            draft.nash[point] = FAILS if (np.asarray(lower) > limit[k]).any() else UNDECIDED
        if max(lower) >= above[k].max() - limit[k].min():
            draft.best_response_gain[point] = above[k].max()
    draft.verdict[points] = draft.nash[points]


def _at_start(chain: Chain, player: int) -> float:
    """Return what the profile pays a player at the start, normalised, less the base of all payoffs."""
    if chain.game.rounds is None:
        now = continuation(chain).normalised(chain)[0]
        return float(chain.start[0] @ now[:, player])
    visits = occupancy(chain, player)[0]
    return float(visits @ (chain.weights[0] * chain.utility[0, ..., player]).sum(axis=1))


def _carried(chain: Chain, values: Continuation) -> tuple[Ints, Floats]:
    base: Floats = np.zeros((1, chain.game.n))
    for amounts in chain.moves.base.values():
        base = base + amounts[:, : chain.game.n]
    payoffs = values.normalised(chain) + base[:, None]
    return np.column_stack([chain.state, chain.inner]), payoffs[0]
