"""A strategy for each player, from names, settings, functions or automata."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gamelab.errors import GameError, nearest
from gamelab.model.arguments import takes_arguments
from gamelab.model.automaton import Automaton
from gamelab.model.exactness import exactly
from gamelab.model.game import Game
from gamelab.model.plug_ins import WithOthers
from gamelab.model.settings import shown
from gamelab.strategies import ALIASES, STRATEGIES

ALL = WithOthers("strategies", STRATEGIES, ALIASES)
"""Our strategies and those of other packages."""

Strategy = str | Mapping[str, Mapping[str, Any]] | Callable[[Game, int], Automaton] | Automaton


def profile_of(game: Game, strategies: Strategy | Sequence[Strategy]) -> list[Automaton]:
    """Return one automaton for each player, in the players' order.

    Parameters
    ----------
    strategies : one strategy for everybody, or a sequence with one for each player
        A strategy is a name (``"grim"``), a name with settings (``{"limited_punishment": {"rounds": 2}}``),
        a function ``(game, player) -> Automaton``, or an Automaton.

    Raises
    ------
    GameError
        For an unknown name, a wrong number of strategies, or a strategy that the game does not allow.

    Examples
    --------
    >>> import gamelab as gl
    >>> stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> [automaton.name for automaton in profile_of(gl.repeated(stage, discount_factor=0.9), "grim")]
    ['grim', 'grim']
    """
    if not (isinstance(strategies, str | Mapping | Automaton | Sequence) or callable(strategies)):
        raise GameError(f"{shown(strategies)} given; write one strategy, or one for each player", "profile")
    single = isinstance(strategies, str | Mapping | Automaton) or callable(strategies)
    each: list[Any] = [strategies] * game.n if single else list(strategies)  # type: ignore[arg-type]
    if len(each) != game.n:
        raise GameError(
            f"{len(each)} strategies given for {game.n} players ({', '.join(game.players)})", "profile"
        )
    automata = [automaton_of(game, player, strategy) for player, strategy in enumerate(each)]
    for player, automaton in enumerate(automata):
        automaton.fits(game, player)
    return automata


def automaton_of(game: Game, player: int, strategy: Strategy) -> Automaton:
    """Return one player's automaton; see :func:`profile_of`."""
    if isinstance(strategy, Automaton):
        return strategy
    if callable(strategy):
        if not takes_arguments(strategy, game, player):
            message = f"{shown(strategy)} given; a function must take a game and a player's number"
            raise GameError(message, "profile")
        with exactly(bool(game.exact)):
            made = strategy(game, player)
        if not isinstance(made, Automaton):
            raise GameError(f"{shown(strategy)} returned {type(made).__name__}, not an Automaton", "profile")
        return made
    settings: Mapping[str, Any] = {}
    if isinstance(strategy, Mapping):
        if len(strategy) != 1:
            raise GameError("write one strategy name with its settings", "profile")
        ((strategy, settings),) = strategy.items()
    name = strategy if isinstance(strategy, str) else ""
    if name not in ALL and name not in ALIASES:
        called = shown(strategy) if isinstance(strategy, str) else f"'{shown(strategy)}'"
        hint = nearest(name, [*ALL.names, *ALIASES]) if name else ""
        raise GameError(f"no strategy is called {called}{hint}", "profile")
    name = ALIASES.get(name, name)
    if not isinstance(settings, Mapping | None) or not all(isinstance(key, str) for key in settings or ()):
        raise GameError(f"{shown(settings)} given; write the settings of {name} as a mapping", "profile")
    return ALL[name](game, player, **(settings or {}))


def strategy_name(strategy: Any) -> str:
    """Return what a strategy is called, with its settings.

    >>> strategy_name({"limited_punishment": {"rounds": 2}})
    'limited_punishment(rounds=2)'
    """
    if isinstance(strategy, Mapping):
        name, settings = next(iter(strategy.items()), ("", None))
        settings = settings if isinstance(settings, Mapping) else {}
        written = ", ".join(f"{key}={_shown(entry)}" for key, entry in settings.items())
        return f"{name}({written})" if written else str(name)
    if isinstance(strategy, Automaton):
        return strategy.name
    if callable(strategy):
        return str(getattr(strategy, "__name__", type(strategy).__name__))
    return strategy if isinstance(strategy, str) else shown(strategy)


def _shown(entry: Any) -> str:
    return f"{entry:.4g}" if isinstance(entry, float) else str(entry)
