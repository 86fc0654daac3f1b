"""Trust: a belief about whether the others reciprocate, raised by kept agreements, and conduct after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gamelab.errors import GameError
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.model.settings import NonNegative, Probability, Weight, settled
from gamelab.model.stage import fallback_of
from gamelab.simulate.learning.arena import Arena
from gamelab.simulate.learning.learner import Memory, Seen
from gamelab.solve.values import value
from gamelab.strategies.profile import profile_of

UNSEEN, CHANNELS = 0, 3
"""What can be read of somebody: nothing, or in each channel (record, finding, own reading) kept or broken."""
LEAST = 1e-300
TIE = 1e-12


@dataclass(frozen=True, eq=False)
class Truster:
    """A learner who keeps the agreement where trust in the others makes that worth it.

    Parameters
    ----------
    player : int
    others : bool array (n,)
        Whom the belief is about.
    read : int array (S, n, Y)
        What each outcome shows of each person: 0 nothing, 1 + 2 c kept, 2 + 2 c broken, by channel c.
    deeds_kept : bool array (S, A, Y)
        Whether the own action was kept to, as the others see it.
    evidence : array (S, n, 7)
        Logarithm of how much likelier a reciprocator shows this than a selfish person.
    belief : str
        ``types`` (Bayes between two types) or ``rate`` (Beta belief about the rate of keeping).
    prior, weight : float
    gain, loss : float
        What keeping brings where all others reciprocate, and costs where none does.
    agreed, broken : array (S, A)
        The mixtures of somebody who keeps the agreement and of somebody who does not.
    precision : float or None
    """

    player: int
    others: Bools
    read: Ints
    deeds_kept: Bools
    evidence: Floats
    belief: str
    prior: float
    weight: float
    gain: float
    loss: float
    agreed: Floats
    broken: Floats
    precision: float | None

    @property
    def needed(self) -> float:
        """The trust from which on keeping the agreement is worth it; nan where no trust would do."""
        if self.loss <= 0:
            return 0.0 if self.gain >= 0 else float("nan")
        return self.loss / (self.gain + self.loss) if self.gain >= 0 else float("nan")

    def start(self, groups: int) -> Memory:
        """Return log odds, rounds read as kept and broken, each (g, n), and good standing, (g,)."""
        n = len(self.others)
        certain = np.log(max(self.prior, LEAST)) - np.log(max(1 - self.prior, LEAST))
        counts = np.zeros((groups, n))
        return np.full((groups, n), certain), counts, counts, np.ones(groups)

    def beliefs(self, memory: Memory) -> Floats:
        """Return the trust in each person, (g, n)."""
        odds, kept, broken, _ = memory
        if self.belief == "rate":
            return np.asarray((self.prior * self.weight + kept) / (self.weight + kept + broken))
        return np.asarray(np.exp(-np.logaddexp(0.0, -odds)))

    def trust(self, memory: Memory) -> Floats:
        """Return the believed probability that all the others reciprocate, (g,)."""
        return np.asarray(np.where(self.others, self.beliefs(memory), 1.0).prod(axis=1))

    def weights(self, memory: Memory, state: Ints) -> Floats:
        """Return the chance of each action, (g, A)."""
        believed = self.trust(memory)
        advantage = believed * self.gain - (1 - believed) * self.loss
        if self.precision is None:
            keeps = np.asarray(advantage >= -TIE * (abs(self.gain) + abs(self.loss)), dtype=np.float64)
        else:
            keeps = np.exp(-np.logaddexp(0.0, -self.precision * advantage))
        return keeps[:, None] * self.agreed[state] + (1 - keeps[:, None]) * self.broken[state]

    def learn(self, memory: Memory, seen: Seen) -> Memory:
        """Return what is believed after a round: conduct is evidence where one was in good standing."""
        odds, kept, broken, standing = memory
        shown = self.read[seen.state, :, seen.outcome]
        shown = np.where((standing > 0)[:, None], shown, UNSEEN)
        people = np.arange(len(self.others))
        odds = odds + self.evidence[seen.state[:, None], people, shown]
        kept = kept + (shown % 2 == 1)
        broken = broken + ((shown > UNSEEN) & (shown % 2 == 0))
        own = self.deeds_kept[seen.state, seen.action, seen.outcome]
        return odds, kept, broken, own.astype(np.float64)


@settled
def trust(
    arena: Arena,
    player: int,
    *,
    prior: Probability = 0.5,
    belief: Literal["types", "rate"] = "types",
    reciprocator_keeps: Probability = 0.95,
    selfish_keeps: Probability = 0.05,
    weight: NonNegative = 2,
    precision: Weight | None = None,
    reciprocator: Any = "tit_for_tat",
    selfish: Any = "always_defect",
) -> Truster:
    """Trust: keeps the agreement where it is believable enough that the others reciprocate.

    Each of the others is believed to be a reciprocator or selfish. What the player sees of them (public
    record, then finding, then own reading) changes the belief after each round that followed one in which
    the player was seen to keep the agreement; after another round a reciprocator would have answered in
    kind, and conduct says nothing. Keeping is worth it where ``p * gain >= (1 - p) * loss``: p is the
    believed probability that all others reciprocate; gain is what the reciprocator's strategy earns among
    reciprocators over what the selfish one earns there, and loss the reverse among the selfish, as exact
    values of the game with all its noise, costs and institutions. Who does not trust does what the fallback
    says, and learns nothing more.

    Parameters
    ----------
    prior : float
        Believed probability, at the start, that somebody reciprocates.
    belief : str
        ``types``: Bayes' rule between the two types, misreadings allowed for. ``rate``: a Beta belief about
        how often the agreement is kept, readings taken at their word; its mean is the trust.
    reciprocator_keeps : float
        How likely a reciprocator is believed to keep the agreement with somebody in good standing.
    selfish_keeps : float
        How likely a selfish person is.
    weight : float
        Rounds that the prior of the rate is worth.
    precision : float
        The choice is logit in the advantage of keeping, in units of 1 / payoff; without it a threshold.
    reciprocator, selfish : strategies
        What the two types play, for what keeping is worth.

    References
    ----------
    Kreps, Milgrom, Roberts and Wilson (1982), Journal of Economic Theory 27, for the two types; Fudenberg and
    Levine (1998), chapter 2, for the Beta belief.
    """
    game = _game_of(arena)
    if belief == "rate" and float(weight) == 0:
        raise GameError("0 leaves the belief about a rate without a start; write a number above 0", "weight")
    read = what_is_read(game, player)
    gain, loss = _worth(game, player, reciprocator, selfish)
    others = (np.arange(game.n) != player) & game.has_choice.any(axis=0)
    chances = float(reciprocator_keeps), float(selfish_keeps)
    return Truster(
        player,
        others,
        read,
        _own_deeds_kept(game, player),
        np.where(others[:, None], _evidence(game, read, *chances), 0.0),
        belief,
        float(prior),
        float(weight),
        gain,
        loss,
        np.eye(game.allowed.shape[2])[game.agreement[:, player]],
        np.broadcast_to(fallback_of(game)[0, :, player], (len(game.states), game.allowed.shape[2])),
        None if precision is None else float(precision),
    )


def _game_of(arena: Arena) -> Game:
    game = arena.game
    if game is None:
        raise GameError(
            "trust is about keeping an agreement round by round; give a game, not a table or strategies",
            "rule",
        )
    if (game.agreement < 0).any():
        raise GameError(
            "trust needs an agreement to keep, and this game has none "
            "(a convention makes one; normal_form takes one)",
            "rule",
        )
    if not ((game.conduct >= 0).any() or (game.finding > 0).any()):
        raise GameError(
            "trust grows with what is seen of the others, and this game shows nothing; gl.repeated(stage, "
            "discount_factor=...) with observe public or private, transparency, monitoring or "
            "public_signal would",
            "rule",
        )
    return game


def what_is_read(game: Game, player: int) -> Ints:
    """Return what each outcome shows a player of each person, (S, n, Y); see ``Truster``."""
    S, Y = len(game.states), len(game.outcomes)
    read = np.zeros((S, game.n, Y), dtype=np.int64)
    for j in range(game.n):
        record, own = game.conduct[j, j], game.conduct[player, j]
        signals = np.broadcast_to(game.finding[j], (S, Y))
        channels = [
            (np.broadcast_to(record >= 0, (S, Y)), game.keeps[:, j][:, record]),
            (signals > 0, signals == 1),
            (np.broadcast_to(own >= 0, (S, Y)), game.keeps[:, j][:, own]),
        ]
        for channel, (there, kept) in reversed(list(enumerate(channels))):
            read[:, j] = np.where(there, np.where(kept, 1, 2) + 2 * channel, read[:, j])
    return read


def _own_deeds_kept(game: Game, player: int) -> Bools:
    """Return whether the player is seen to have kept the agreement, (S, A, Y): by record, else in truth."""
    read = what_is_read(game, player)[:, player]
    deed, A = game.deeds[player], game.allowed.shape[2]
    done = np.where(deed[None] >= 0, deed[None], np.arange(A)[:, None])
    public = np.broadcast_to((read[:, None] > 0) & (read[:, None] <= 4), (len(game.states), *done.shape))
    return np.asarray(np.where(public, read[:, None] % 2 == 1, game.keeps[:, player][:, done]))


def _evidence(game: Game, read: Ints, reciprocator_keeps: float, selfish_keeps: float) -> Floats:
    """Return the log likelihood ratio of everything that can be read of each person, (S, n, 7)."""
    S, kinds = len(game.states), 1 + 2 * CHANNELS
    probabilities = np.broadcast_to(
        game.probabilities[0], (S, len(game.profiles), game.probabilities.shape[-1])
    )
    ratio = np.zeros((S, game.n, kinds))
    for s in range(S):
        for j in range(game.n):
            actions = np.tile(game.agreement[s], (game.allowed.shape[2], 1))
            actions[:, j] = np.arange(len(actions))
            rows = [np.ravel_multi_index(tuple(row), game.sizes, mode="clip") for row in actions]
            kind = np.eye(kinds)[read[s, j]]
            by_action = probabilities[s, rows] @ kind
            kept, broken = by_action[game.agreement[s, j]], fallback_of(game)[0, s, j] @ by_action
            likely = [chance * kept + (1 - chance) * broken for chance in (reciprocator_keeps, selfish_keeps)]
            ratio[s, j] = np.log(np.maximum(likely[0], LEAST)) - np.log(np.maximum(likely[1], LEAST))
    return ratio


def _worth(game: Game, player: int, reciprocator: Any, selfish: Any) -> tuple[float, float]:
    """Return what keeping gains among reciprocators and loses among the selfish."""

    def worth(own: Any, other: Any) -> float:
        profile = [own if i == player else other for i in range(game.n)]
        return float(value(game, profile_of(game, profile)).utilities[player])

    gain = worth(reciprocator, reciprocator) - worth(selfish, reciprocator)
    return gain, worth(selfish, selfish) - worth(reciprocator, selfish)
