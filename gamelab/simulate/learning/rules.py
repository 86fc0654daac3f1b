"""Rules of learning by name: each a function from an arena and a player to a learner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gamelab.errors import GameError, nearest
from gamelab.model.arguments import takes_arguments
from gamelab.model.game import Floats, Ints
from gamelab.model.settings import Number, settings_of, settled, shown
from gamelab.simulate.learning.arena import Arena
from gamelab.simulate.learning.attractions import (
    experience_weighted_attraction,
    fictitious_play,
    reinforcement,
    single,
    stochastic_fictitious_play,
)
from gamelab.simulate.learning.learner import Learner, Memory, Seen
from gamelab.simulate.learning.trust import trust

Rule = str | Mapping[str, Mapping[str, Any]] | Callable[..., Learner]


@dataclass(frozen=True, eq=False)
class Fixed:
    """A player who does not learn.

    Parameters
    ----------
    mixture : array (A,)
    """

    mixture: Floats

    def start(self, groups: int) -> Memory:
        """Return one empty row for each group."""
        return (np.zeros((groups, 0)),)

    def weights(self, memory: Memory, state: Ints) -> Floats:
        """Return the mixture for each group, (g, A)."""
        return np.broadcast_to(self.mixture, (len(memory[0]), len(self.mixture)))

    def learn(self, memory: Memory, seen: Seen) -> Memory:
        """Return what was remembered before: nothing."""
        return memory

    def trust(self, memory: Memory) -> None:
        """Return None: there is no belief."""


@settled
def fixed(arena: Arena, player: int, *, mixture: Sequence[Number]) -> Fixed:
    """Plays a fixed mixture, whatever happens: somebody for others to learn about.

    Parameters
    ----------
    mixture : list of numbers
        Probabilities of the player's actions.
    """
    chances = np.array([single(chance, "mixture") for chance in mixture])
    if len(chances) != arena.sizes[player]:
        raise GameError(f"{len(chances)} numbers given for {arena.sizes[player]} actions", "mixture")
    if (chances < 0).any() or abs(chances.sum() - 1) > 1e-9:
        raise GameError(f"{shown(chances)} are no probabilities: none below 0, and their sum is 1", "mixture")
    return Fixed(chances)


RULES: dict[str, Callable[..., Learner]] = {
    "reinforcement": reinforcement,
    "experience_weighted_attraction": experience_weighted_attraction,
    "fictitious_play": fictitious_play,
    "stochastic_fictitious_play": stochastic_fictitious_play,
    "trust": trust,
    "fixed": fixed,
}


def learners_of(arena: Arena, rules: Rule | Sequence[Rule]) -> tuple[list[Learner], list[str]]:
    """Return a learner for each player, and what its rule is called.

    Parameters
    ----------
    rules : one rule for everybody, or a sequence with one for each player
        A name (``"reinforcement"``), a name with settings (``{"trust": {"prior": 0.3}}``), or a function
        ``(arena, player) -> learner``.

    Raises
    ------
    GameError
        For an unknown name, a wrong number of rules, or settings that a rule does not take.
    """
    if isinstance(rules, str | Mapping) or callable(rules):
        each: list[Any] = [rules] * arena.n
    elif isinstance(rules, Sequence):
        each = list(rules)
    else:
        raise GameError(f"{shown(rules)} given; write one rule, or one for each player", "rule")
    if len(each) != arena.n:
        raise GameError(f"{len(each)} rules given for {arena.n} players ({', '.join(arena.players)})", "rule")
    made = [_learner(arena, player, rule) for player, rule in enumerate(each)]
    return [learner for learner, _ in made], [name for _, name in made]


def _learner(arena: Arena, player: int, rule: Any) -> tuple[Learner, str]:
    if callable(rule):
        if not takes_arguments(rule, arena, player):
            message = f"{shown(rule)} given; a function must take an arena and a player's number"
            raise GameError(message, "rule")
        learner = rule(arena, player)
        if not all(callable(getattr(learner, part, None)) for part in ("start", "weights", "learn", "trust")):
            raise GameError(f"{shown(rule)} returned {type(learner).__name__}, not a learner", "rule")
        return learner, str(getattr(rule, "__name__", type(learner).__name__))
    settings: Any = {}
    if isinstance(rule, Mapping):
        if len(rule) != 1:
            raise GameError("write one rule name with its settings", "rule")
        ((rule, settings),) = rule.items()
    if not isinstance(rule, str) or rule not in RULES:
        raise GameError(f"no rule of learning is called {shown(rule)}{nearest(str(rule), RULES)}", "rule")
    if not isinstance(settings, Mapping | None) or not all(isinstance(key, str) for key in settings or ()):
        raise GameError(f"{shown(settings)} given; write the settings of {rule} as a mapping", "rule")
    settings = settings or {}
    for setting in settings_of(RULES[rule]):
        if setting.kind == "number" and np.ndim(settings.get(setting.name, 0)):
            raise GameError(f"{shown(settings[setting.name])} given; write one number", setting.name)
    return RULES[rule](arena, player, **settings), rule
