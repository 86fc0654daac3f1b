"""Values in fractions: what a profile pays on an exact game, per ledger line."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import fractions
from gamelab.model.game import Game
from gamelab.solve.exact_chain import ZERO, ExactChain, Numbers, exact_chain
from gamelab.solve.values import Value


def exact_value(game: Game, automata: Sequence[Automaton], *, limit_of_means: bool = False) -> Value:
    """Return what a profile pays on an exact game; see ``gamelab.solve.values.value``.

    Every number of the result is a fraction. ``cooperation`` is nan where nothing is agreed.

    Raises
    ------
    GameError
        For automata that do not fit the game, a game that is not exact, or a limit of means of finitely many
        rounds.
    """
    if limit_of_means and game.rounds is not None:
        raise GameError("the limit of means is for open-ended games; this one has rounds", "limit_of_means")
    chain = exact_chain(game, automata)
    visits = [chain.long_run()] * game.n if limit_of_means else chain.visits
    return Value(
        game.players,
        game.accounts,
        {line: fractions(_line(chain, visits, line)) for line in game.flows},
        {line: flow.kind for line, flow in game.flows.items()},
        np.asarray(_cooperation(chain, visits[int(game.most_patient[0])])),
    )


def _line(chain: ExactChain, visits: list[Numbers], line: str) -> Numbers:
    """Return what one line pays to every account; who is no player has the highest discount factor."""
    n, paid, patient = chain.game.n, chain.pay[line], int(chain.game.most_patient[0])
    total = [ZERO] * len(chain.game.accounts)
    for x, weights in enumerate(chain.weights):
        for p, chance in weights.items():
            for c, amount in enumerate(paid[x][p]):
                if amount:
                    total[c] += visits[c if c < n else patient][x] * chance * amount
    return total


def _cooperation(chain: ExactChain, visits: Numbers) -> Any:
    game = chain.game
    kept, moves = ZERO, ZERO
    for x, s in enumerate(chain.chain.state):
        for i in np.flatnonzero(game.agreement[s] >= 0):
            moves += visits[x]
            kept += visits[x] * sum(
                (chance * _keeping(game, int(s), p, int(i)) for p, chance in chain.weights[x].items()), ZERO
            )
    return kept / moves if moves else np.nan


def _keeping(game: Game, s: int, p: int, player: int) -> Fraction:
    """Return the chance that a player's deed keeps the agreement when profile p is chosen."""
    if not (game.deeds >= 0).any():
        return Fraction(bool(game.keeps[s, player, game.profiles[p, player]]))
    _, S, P, _ = game.probabilities.shape
    chances = game.probabilities[0, min(s, S - 1), min(p, P - 1)]
    deeds = np.where(game.deeds[player] >= 0, game.deeds[player], game.profiles[p, player])
    return sum(chances[game.keeps[s, player, deeds]], ZERO)
