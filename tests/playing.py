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
    came: str = ""  # what came of it in the stage game
    turn: str | None = None  # whose turn is drawn next
    state: int = 0  # of the game, before the move

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
        parts += [self.came] if self.came else []
        parts += [f"read {label(self.record)}"] if self.record is not None else []
        if self.readings is not None:
            words = (
                f"{game.players[i]} reads {game.actions[j][a]} of {game.players[j]}"
                for i, j, a in self.readings
            )
            parts.append(", ".join(words))
        if self.found is not None:
            words = (f"{FINDINGS[k]} on {who}" for k, who in zip(self.found, game.players, strict=True) if k)
            parts.append(", ".join(words) or "no finding")
        if self.coins is not None:
            parts.append(", ".join(("tails", "heads")[k] for k in self.coins))
        if self.published is not None:
            parts.append(
                self.published if isinstance(self.published, str) else f"read {label(self.published)}"
            )
        if self.turn is not None:
            parts.append(f"next {self.turn}'s turn")
        name = "; ".join(parts)
        if name in game.outcomes:
            return name

        def told(outcome):
            return [part for part in outcome.split("; ") if " reads " not in part]

        # readings that a record replaces are one outcome, named for the first of them
        (name,) = [outcome for outcome in game.outcomes if "alike" in outcome and told(outcome) == told(name)]
        return name


def deviated(event, viewer, agreed, own_if_unseen=False):
    """Return who is seen to deviate: the public channel first, a private reading last; unseen counts as kept.

    One's own deviation counts as the public channel shows it. Where it shows nothing, it counts with private
    readings, or with ``own_if_unseen``; then findings on oneself say nothing.
    """
    record = event.on_record()
    seen = []
    for j, kept in enumerate(agreed):
        own = j == viewer
        if kept is None:
            seen.append(False)
        elif record is not None:
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


def moved(game, state, event):
    """Return the state that follows a round in a state."""
    return int(game.next_state[state, game.outcomes.index(event.name(game))])


def states_of(game, history):
    """Return the state of the game before each move of a history, and the one after all of it."""
    states = [int(np.argmax(game.start[0] > 0)) if not history else history[0].state]
    for event in history:
        states.append(moved(game, states[-1], event))
    return states


def played(game, player, automaton, history):
    """Return the probabilities of the automaton's actions after a history, and the state of the game."""
    states = states_of(game, history)
    q = automaton.start
    for s, event in zip(states, history, strict=False):
        v = game.views[player, game.outcomes.index(event.name(game))]
        q = automaton.next[s if automaton.next.shape[0] > 1 else 0, q, event.chosen[player], v]
    s = states[-1]
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
    "rotation": {"record"},
    "lottery": {"done", "record", "exactly", "turn"},
}
"""What happens in a move of each of the example games beyond what is chosen."""


def rounds_of(stage, ground):
    """Draw moves of an example game, one after the other from its first state on."""
    channels = CHANNELS[ground]
    game = examples.ground(stage, ground)
    pairs = [(i, j) for i in range(game.n) for j in range(game.n) if i != j]

    @st.composite
    def walk(draw):
        history = []
        state = draw(st.sampled_from(np.flatnonzero(game.start[0] > 0).tolist()))
        for _ in range(draw(st.integers(0, 8))):
            can = [st.sampled_from(np.flatnonzero(own).tolist()) for own in game.allowed[state]]
            profile = st.tuples(*can)
            chosen = draw(profile)
            done = draw(profile) if "done" in channels else None
            came = ""
            if stage == "trust":
                came = "not joined" if (done or chosen)[0] else "joined"
            readings = None
            if "readings" in channels:
                readings = tuple((i, j, draw(can[j])) for i, j in pairs)
            if "exact" in channels:
                readings = tuple((i, j, done[j]) for i, j in pairs)
            found = None
            if "found" in channels:
                choice = game.has_choice[state]
                found = tuple(draw(st.sampled_from((1, 2))) if own else 0 for own in choice)
            published = None
            if "published" in channels:
                published = draw(profile | st.just("unpublished"))
                if ground == "published" and published != "unpublished":
                    published = chosen  # this publication never misreads
            coins = tuple(draw(st.integers(0, 1)) for _ in game.players) if "coins" in channels else None
            record = draw(profile) if "record" in channels else None
            if "exactly" in channels:
                record = done
            turn = draw(st.sampled_from(game.players)) if "turn" in channels else None
            history.append(Round(chosen, done, record, readings, found, published, coins, came, turn, state))
            state = moved(game, state, history[-1])
        return history

    return walk()


def agreed_in(game, state=0):
    """Return the agreed action of each player in a state, None where nothing is agreed."""
    return [None if action < 0 else action for action in game.agreement[state].tolist()]


def certain(size, action):
    """Return an action as probabilities."""
    return np.eye(size)[action]


SITUATIONS = [
    (stage, ground)
    for stage, ground in examples.PAIRS
    if ground in CHANNELS and (examples.ground(stage, ground).agreement >= 0).any()
]
"""The example games with an agreement whose moves can be drawn."""


def mixture(game, player, keep, state=0):
    """Return the agreed action with probability ``keep``, else the fallback; or the only thing there is."""
    size = game.allowed.shape[2]
    if not game.has_choice[state, player]:
        return certain(size, int(np.argmax(game.allowed[state, player])))
    kept = certain(size, game.agreement[state, player])
    return keep * kept + (1 - keep) * game.fallback[0, state, player]


def rows_of(game, player, history, *, at_once=False, own_if_unseen=False):
    """Return for each round that is over who was seen to deviate in any of its moves, oldest first.

    With ``at_once`` also for the round under way.
    """
    rows, now = [], [False] * game.n
    for state, event in zip(states_of(game, history), history, strict=False):
        here = deviated(event, player, agreed_in(game, state), own_if_unseen)
        now = [before or later for before, later in zip(now, here, strict=True)]
        if game.ends_round[state]:
            rows.append(now)
            now = [False] * game.n
    return [*rows, now] if at_once else rows


def others_deviated(seen, player):
    """Return for each round whether anybody else was seen to deviate."""
    return [any(off for j, off in enumerate(row) if j != player) for row in seen]


def check_rule(data, name, rule, *, at_once=False, **chosen):
    """Play a drawn history and compare what the strategy then does with its rule.

    The rule takes what was seen, oldest first - for each round, who was seen to deviate - and the own place.
    It returns the probability of keeping the agreement; with the rest of it the fallback is played. What was
    seen in a round of several moves counts from the next round on, or ``at_once``.
    """
    stage, ground = data.draw(st.sampled_from(SITUATIONS), label="game")
    game = examples.ground(stage, ground)
    player = data.draw(st.integers(0, game.n - 1), label="player")
    history = data.draw(rounds_of(stage, ground), label="history")
    automaton = STRATEGIES[name](game, player, **chosen)
    action, state = played(game, player, automaton, history)
    seen = rows_of(game, player, history, at_once=at_once)
    wanted = mixture(game, player, rule(seen, player, **chosen), state)
    np.testing.assert_allclose(action, wanted, atol=1e-15)
