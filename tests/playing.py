"""A tiny interpreter: what happened in a round, what a player sees of it, and what an automaton then does."""

from __future__ import annotations

from dataclasses import dataclass

import example_games as examples
import numpy as np
from hypothesis import strategies as st

from gamelab.strategies import STRATEGIES

FINDINGS = {1: "clean", 2: "offence"}


@dataclass(frozen=True)
class Round:
    """One round: what was chosen, really done, privately read, found, and published."""

    chosen: tuple
    done: tuple | None = None  # where players tremble
    record: tuple | None = None  # public record
    readings: tuple | None = None  # ((viewer, subject, action), ...)
    found: tuple | None = None  # 1 clean, 2 offence
    published: tuple | str | None = None  # a record, or "unpublished", where there is transparency
    coins: tuple | None = None  # of the ladder

    def deed(self, player):
        """Return what a player really did."""
        return (self.done or self.chosen)[player]

    def on_record(self):
        """Return the public record of the round, None where there is none."""
        return self.published if isinstance(self.published, tuple) else self.record

    def reading(self, viewer, subject):
        """Return the viewer's own reading, None where there is none."""
        return next((a for i, j, a in self.readings or () if (i, j) == (viewer, subject)), None)

    def name(self, game):
        """Return the name of the outcome in a game."""

        def label(profile):
            return f"({', '.join(game.actions[i][a] for i, a in enumerate(profile))})"

        parts = [f"done {label(self.done)}"] if self.done is not None else []
        parts += [f"read {label(self.record)}"] if self.record is not None else []
        if self.readings is not None:
            words = (
                f"{game.players[i]} reads {game.actions[j][a]} of {game.players[j]}"
                for i, j, a in self.readings
            )
            parts.append(", ".join(words))
        if self.found is not None:
            parts.append(
                ", ".join(f"{FINDINGS[k]} on {who}" for k, who in zip(self.found, game.players, strict=True))
            )
        if self.coins is not None:
            parts.append(", ".join(("tails", "heads")[k] for k in self.coins))
        if self.published is not None:
            parts.append(
                self.published if isinstance(self.published, str) else f"read {label(self.published)}"
            )
        return "; ".join(parts)


def departed(event, viewer, agreed, own_if_unseen=False):
    """Return who is seen to depart: the public channel first, a private reading last; unseen counts as kept.

    One's own departure counts as the public channel shows it. Where it shows nothing, it counts with private
    readings, or with ``own_if_unseen``; then findings on oneself say nothing.
    """
    record = event.on_record()
    seen = []
    for j, kept in enumerate(agreed):
        own = j == viewer
        if record is not None:
            seen.append(record[j] != kept)
        elif event.found is not None and not (own and own_if_unseen):
            seen.append(event.found[j] == 2)
        elif own:
            seen.append((event.readings is not None or own_if_unseen) and event.deed(j) != kept)
        else:
            reading = event.reading(viewer, j)
            seen.append(reading is not None and reading != kept)
    return seen


def actions_seen(event, viewer, n):
    """Return the action seen of each player, None where nothing shows it; findings show no action."""
    record = event.on_record()
    return [
        record[j] if record is not None else event.deed(j) if j == viewer else event.reading(viewer, j)
        for j in range(n)
    ]


def played(game, player, automaton, history, state=0):
    """Return the probabilities of the automaton's actions after a history, and the state of the game."""
    q, s = automaton.start, state
    for event in history:
        y = game.outcomes.index(event.name(game))
        v = game.views[player, y]
        q = automaton.next[s if automaton.next.shape[0] > 1 else 0, q, event.chosen[player], v]
        s = game.next_state[s, y]
    return automaton.action[0, s if automaton.action.shape[1] > 1 else 0, q], s


CHANNELS = {
    "public noise": {"record"},
    "private noise": {"readings"},
    "tremble": {"done", "record"},
    "private tremble": {"done", "exact"},
    "findings": {"found"},
    "private findings": {"readings", "found"},
    "transparent": {"published"},
    "published": {"readings", "published"},
    "ladder": {"found", "coins"},
}
"""What happens in a round of each of the example games beyond what is chosen."""


def rounds_of(stage, ground):
    """Draw rounds of an example game."""
    channels = CHANNELS[ground]
    game = examples.ground(stage, ground)
    profile = st.tuples(*(st.sampled_from(range(size)) for size in game.sizes))
    pairs = [(i, j) for i in range(game.n) for j in range(game.n) if i != j]

    @st.composite
    def one(draw):
        chosen = draw(profile)
        done = draw(profile) if "done" in channels else None
        readings = None
        if "readings" in channels:
            readings = tuple((i, j, draw(st.sampled_from(range(game.sizes[j])))) for i, j in pairs)
        if "exact" in channels:
            readings = tuple((i, j, done[j]) for i, j in pairs)
        found = tuple(draw(st.sampled_from((1, 2))) for _ in range(game.n)) if "found" in channels else None
        published = None
        if "published" in channels:
            published = draw(profile | st.just("unpublished"))
            if ground == "published" and published != "unpublished":
                published = chosen  # this publication never misreads
        coins = tuple(draw(st.sampled_from((0, 1))) for _ in range(game.n)) if "coins" in channels else None
        record = draw(profile) if "record" in channels else None
        return Round(chosen, done, record, readings, found, published, coins)

    return st.lists(one(), max_size=8)


def agreed_in(game):
    """Return the agreed action of each player in the first state."""
    return game.agreement[0].tolist()


def certain(size, action):
    """Return an action as probabilities."""
    return np.eye(size)[action]


SITUATIONS = [(stage, ground) for stage in examples.STAGES for ground in CHANNELS]


def mixture(game, player, keep):
    """Return the agreed action with probability ``keep``, else the fallback."""
    size = game.allowed.shape[2]
    return keep * certain(size, game.agreement[0, player]) + (1 - keep) * game.fallback[0, 0, player]


def others_departed(seen, player):
    """Return for each round whether anybody else was seen to depart."""
    return [any(off for j, off in enumerate(row) if j != player) for row in seen]


def check_rule(data, name, rule, **chosen):
    """Play a drawn history and compare what the strategy then does with its rule.

    The rule takes what was seen, oldest first - for each round, who was seen to depart - and the own place.
    It returns the probability of keeping the agreement; with the rest of it the fallback is played.
    """
    stage, ground = data.draw(st.sampled_from(SITUATIONS), label="game")
    game = examples.ground(stage, ground)
    player = data.draw(st.integers(0, game.n - 1), label="player")
    history = data.draw(rounds_of(stage, ground), label="history")
    automaton = STRATEGIES[name](game, player, **chosen)
    action, _ = played(game, player, automaton, history)
    seen = [departed(event, player, agreed_in(game)) for event in history]
    np.testing.assert_allclose(action, mixture(game, player, rule(seen, player, **chosen)))
