"""The replay of matches: the same seed gives the same moves again, as records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gamelab.model.game import Floats, Game, Ints
from gamelab.model.records import VERDICTS, Labels, Records
from gamelab.simulate.matches.columns import amounts
from gamelab.simulate.matches.match_play import Play
from gamelab.simulate.matches.table import Events


def moves_of(play: Play, first: int, last: int, most: int) -> Iterator[Ints]:
    """Yield the moves of matches ``first`` to ``last`` less one, at most so many at a time.

    Returns
    -------
    iterator of int arrays (moves, 4)
        Match, round and move, from 0, and the event.
    """
    from gamelab.simulate.matches.kernel import trace

    cursor = np.array([first, 0, -1, 0, 0])
    generator = np.zeros(4, dtype=np.uint64)
    table, ending = play.table, play.ending
    while cursor[0] < last:
        moves = np.empty((most, 4), dtype=np.int64)
        setting = (table.words, table.bits, table.start, ending.digits, ending.most)
        count = trace(play.key, last, *setting, cursor, generator, moves)
        moves = moves[:count]
        moves[:, 3] = table.event[moves[:, 3]]
        yield moves


@dataclass(frozen=True, eq=False)
class Script:
    """What records say of each event, by player.

    Parameters
    ----------
    words : mapping of str to Labels
        For each column of words the codes (E * n,), event by event.
    numbers : mapping of str to int array (E, n)
    payoffs : mapping of str to array (E, n)
    """

    words: dict[str, tuple[Ints, tuple[str, ...]]]
    numbers: dict[str, Ints]
    payoffs: dict[str, Floats]

    def records(self, moves: Ints) -> Records:
        """Return the records of some moves (moves, 4)."""
        n = self.numbers["seen"].shape[1]
        match, number, move, event = moves.T
        columns: dict[str, Any] = {
            name: Labels(codes[event].reshape(-1), names) for name, (codes, names) in self.words.items()
        }
        columns |= {name: column[event].reshape(-1) for name, column in self.numbers.items()}
        return Records(
            match=np.repeat(match + 1, n),
            round=np.repeat(number + 1, n),
            move=np.repeat(move + 1, n),
            payoffs={line: column[event].reshape(-1) for line, column in self.payoffs.items()},
            **columns,
        )


def script_of(game: Game, events: Events) -> Script:
    """Return what records say of the events of a single game."""
    n, players = game.n, np.arange(game.n)
    actions = tuple(dict.fromkeys(label for labels in game.actions for label in labels))
    own = np.full((n, max(game.sizes)), -1)
    for i, labels in enumerate(game.actions):
        own[i, : len(labels)] = [actions.index(label) for label in labels]
    deeds = game.profiles[game.deed_profile[events.profile, events.outcome]]
    read, read_words = _readings(game)
    named = np.array([k if name else -1 for k, name in enumerate(game.states)])
    words = {
        "player": (np.broadcast_to(players, deeds.shape), game.players),
        "state": (np.repeat(named[events.state][:, None], n, axis=1), game.states),
        "intended": (own[players, game.profiles[events.profile]], actions),
        "realised": (own[players, deeds], actions),
        "read": (read[events.outcome], read_words),
        "verdict": (game.finding.T[events.outcome] - 1, VERDICTS),
    }
    numbers = {"seen": game.views.T[events.outcome], "level": game.levels[events.state]}
    payoffs = {
        line: amounts(game, line, events.state, events.profile, events.outcome)[:, :n] for line in game.flows
    }
    return Script(words, numbers, payoffs)


def _readings(game: Game) -> tuple[Ints, tuple[str, ...]]:
    """Return what the others read of each player's deed by outcome, (Y, n), and the words for it."""
    words: dict[str, int] = {}
    codes = np.full((len(game.outcomes), game.n), -1)
    for i, labels in enumerate(game.actions):
        others = [j for j in range(game.n) if j != i]
        seen = np.where(game.conduct[i, i] >= 0, game.conduct[i, i], game.conduct[others, i]).T
        for y, row in enumerate(seen.tolist()):
            read = list(dict.fromkeys(row))
            if not read or read == [-1]:
                continue
            signals = read if len(read) == 1 else row
            word = "/".join("-" if action < 0 else labels[action] for action in signals)
            codes[y, i] = words.setdefault(word, len(words))
    return codes, tuple(words)
