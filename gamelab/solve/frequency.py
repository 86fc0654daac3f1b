"""Frequency: how often a round brings an action, a finding or an outcome, when a profile is played."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from gamelab.errors import GameError, listed, nearest
from gamelab.expressions import shortened
from gamelab.model.automaton import Automaton
from gamelab.model.findings import CLEAN, OFFENCE
from gamelab.model.game import Floats, Game
from gamelab.solve.exact_chain import ZERO, exact_chain
from gamelab.solve.joint import chains
from gamelab.solve.values import common_occupancy

FINDINGS = {"clean": CLEAN, "offence": OFFENCE}
MOST_LISTED = 6


def events_of(game: Game) -> list[str]:
    """Return what a frequency can be of: actions, then findings, then outcomes, by name."""
    actions = [label for labels in game.actions for label in labels]
    findings = [name for name, code in FINDINGS.items() if (game.finding == code).any()]
    return list(dict.fromkeys([*actions, *findings, *filter(None, game.outcomes)]))


def unknown_event(game: Game, name: str | None) -> str:
    """Return why there is no frequency of this name, or what there could be; empty where there is one."""
    events = events_of(game)
    if name in events:
        return ""
    few = events[:MOST_LISTED]
    more = f" and {len(events) - len(few)} more outcomes" if len(events) > len(few) else ""
    if name is None:
        return f"{listed(few)}{more}"
    known = f"there are {listed(few)}{more}{nearest(name, events)}"
    return f"no action, finding or outcome is called '{shortened(name)}'; {known}"


def frequency(game: Game, automata: Sequence[Automaton], event: str) -> Floats:
    """Return how often a round brings this, discounted with the highest factor, (b,).

    Parameters
    ----------
    event : str
        An action: how often it is really done, on average of the players who have it; moves without a
        choice do not count. A finding (``clean``, ``offence``): on average of the players who are judged.
        An outcome.

    Raises
    ------
    GameError
        For an unknown name.
    """
    counted = _counted(game, event)
    shares = np.empty(game.batch)
    for points, chain in chains(game, automata):
        here = counted if len(counted) == 1 else counted[points]
        visits = common_occupancy(chain)
        shares[points] = (visits * (chain.weights * chain.at_states(here)).sum(axis=2)).sum(axis=1)
    return shares


def exact_frequency(game: Game, automata: Sequence[Automaton], event: str) -> Fraction:
    """Return the same on an exact game, as a fraction."""
    counted, chain = _counted(game, event)[0], exact_chain(game, automata)
    total = ZERO
    every = chain.visits[int(game.most_patient[0])]
    for s, visits, weights in zip(chain.chain.state, every, chain.weights):
        row = counted[min(s, len(counted) - 1)]
        total += visits * sum((chance * Fraction(row[p]) for p, chance in weights.items()), ZERO)
    return total


def _counted(game: Game, event: str) -> Floats:
    """Return how often a move brings the event on average, by state and profile chosen, (b, S, P)."""
    if refusal := unknown_event(game, event):
        raise GameError(refusal, "of")
    having = [i for i, labels in enumerate(game.actions) if event in labels]
    if having:
        done = [game.has_choice[None, :, i, None] * _done(game, i, event) for i in having]
        return np.asarray(sum(done[1:], done[0]) / _whole(game, len(having)))
    if event in FINDINGS:
        judged = game.finding[(game.finding > 0).any(axis=1)]
        count = (judged == FINDINGS[event]).sum(axis=0)
        shared = count / _whole(game, len(judged))
    else:
        shared = np.array([name == event for name in game.outcomes]).astype(int)
    S, P = len(game.states), len(game.profiles)
    chance = (game.probabilities * shared).sum(axis=-1)
    return np.broadcast_to(chance, (len(chance), S, P))


def _done(game: Game, player: int, label: str) -> Floats:
    """Return the chance that a player really does an action, by profile chosen, (b, S, P)."""
    action, chosen = game.actions[player].index(label), game.profiles[:, player]
    if not (game.deeds[player] >= 0).any():
        return (chosen == action)[None, None].astype(int)
    deed = np.where(game.deeds[player] >= 0, game.deeds[player], chosen[:, None])
    return np.asarray((game.probabilities * (deed == action)).sum(axis=-1))


def _whole(game: Game, count: int) -> Fraction | int:
    return Fraction(count) if game.exact else count
