"""A repeated game as names and settings: short to print, made into a Game, a snippet or a scenario file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.institutions import INSTITUTIONS
from gamelab.model.automaton import Automaton
from gamelab.model.game import Game
from gamelab.model.information import repeated
from gamelab.stages import STAGES
from gamelab.strategies.profile import profile_of
from gamelab.testing.bimatrix import code

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class StageDescription:
    """A stage game by its kind and settings.

    Examples
    --------
    >>> StageDescription("battle", {"high": 3, "low": 2}).build()
    <Game of player_1, player_2: 1 round, 1 states, 1 outcomes, lines material>
    """

    kind: str
    settings: Settings

    def build(self) -> Game:
        """Return the stage game."""
        return STAGES[self.kind](**self.settings)

    def code(self) -> str:
        """Return the call that makes it."""
        return _call(self.kind, self.settings)

    def snippet(self) -> str:
        """Return Python that builds it."""
        return f"{_imports(self.settings)}stage = {self.code()}\nprint(stage)\n"

    def scenario(self) -> str:
        """Return a scenario file with this stage game, played once."""
        return GameDescription(self, {"rounds": 1}, {}, {}).scenario()


@dataclass(frozen=True)
class GameDescription:
    """A game as a scenario file has it: stage game, time, information, institutions, altruism, a profile.

    Parameters
    ----------
    stage : StageDescription
    time, information : mapping
        Settings of ``gamelab.repeated``, as in the sections of these names.
    institutions : mapping of str to mapping
        Settings by institution, applied in this order.
    altruism : number, or mapping of players' names to numbers
        The weight of the others' payoffs; 0 for none.
    profile : sequence
        A strategy for each player, as a scenario file writes it; empty where no profile was drawn.

    Examples
    --------
    >>> stage = StageDescription("battle", {"high": 3, "low": 2})
    >>> described = GameDescription(stage, {"discount_factor": 0.5}, institutions={"convention": {}})
    >>> print(described.snippet())
    import gamelab as gl
    <BLANKLINE>
    stage = gl.battle(high=3, low=2)
    game = gl.repeated(stage, discount_factor=0.5)
    game = gl.convention(game)
    print(game)
    <BLANKLINE>
    """

    stage: StageDescription
    time: Settings
    information: Settings = field(default_factory=dict)
    institutions: Mapping[str, Settings] = field(default_factory=dict)
    altruism: float | Fraction | Mapping[str, float | Fraction] = 0
    profile: Sequence[Any] = ()

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names."""
        return self.stage.build().players

    def build(self) -> Game:
        """Return the game.

        Raises
        ------
        GameError
            Where a stage game, institution or order refuses.
        """
        game = repeated(self.stage.build(), **self.time, **self.information)
        for name, settings in self.institutions.items():
            game = INSTITUTIONS[name](game, **settings)
        return INSTITUTIONS["altruism"](game, weight=self.altruism) if self.altruism else game

    def automata(self, game: Game | None = None) -> list[Automaton]:
        """Return the profile's automata in this game, or in another one."""
        return profile_of(self.build() if game is None else game, list(self.profile))

    def changed(self, path: str, value: Any) -> GameDescription:
        """Return the description with another value at a path: ``institutions.monitoring.detection``."""
        section, *names = path.split(".")
        if not names:
            return dataclasses.replace(self, **{section: value})
        if section == "stage":
            stage = dataclasses.replace(self.stage, settings={**self.stage.settings, names[0]: value})
            return dataclasses.replace(self, stage=stage)
        old = dict(getattr(self, section))
        if len(names) > 1:
            value = {**old[names[0]], names[1]: value}
        changes: dict[str, Any] = {section: {**old, names[0]: value}}
        return dataclasses.replace(self, **changes)

    def without(self, institution: str) -> GameDescription:
        """Return the description without an institution."""
        kept = {name: own for name, own in self.institutions.items() if name != institution}
        return dataclasses.replace(self, institutions=kept)

    def __repr__(self) -> str:
        parts = [f"stage={self.stage!r}", f"time={code(dict(self.time))}"]
        for name in ("information", "institutions", "altruism", "profile"):
            value = getattr(self, name)
            if value:
                parts.append(f"{name}={code(dict(value) if isinstance(value, Mapping) else value)}")
        return f"GameDescription({', '.join(parts)})"

    def snippet(self) -> str:
        """Return Python that builds the game and, where there is a profile, asks whether it holds."""
        settings = [self.stage.settings, self.time, self.information, *self.institutions.values()]
        repeats = {**self.time, **self.information}
        lines = [f"stage = {self.stage.code()}", f"game = {_call('repeated', repeats, 'stage')}"]
        lines += [f"game = {_call(name, own, 'game')}" for name, own in self.institutions.items()]
        lines += [f"game = {_call('altruism', {'weight': self.altruism}, 'game')}"] if self.altruism else []
        ask = f"gl.certify(game, {code(list(self.profile))})" if self.profile else "game"
        body = "\n".join([*lines, f"print({ask})"])
        return f"{_imports(*settings, {'altruism': self.altruism})}{body}\n"

    def scenario(self) -> str:
        """Return the game as a scenario file with one arrangement, called ``drawn``."""
        lines = ["gamelab: 1", "title: A game drawn by gamelab.testing"]
        own = {**self.stage.settings}
        if "players" in own:
            lines.append(f"players: {yaml(own.pop('players'))}")
        lines += ["game:", f"  kind: {self.stage.kind}", *_block(own, 2)]
        lines += ["time:", *_block(self.time, 2)]
        lines += ["information:", *_block(self.information, 2)] if self.information else []
        lines += ["preferences:", f"  altruism: {yaml(self.altruism)}"] if self.altruism else []
        if self.institutions or self.profile:
            lines += ["arrangements:", "  drawn:"]
        if self.institutions:
            lines += ["    institutions:", *_block(self.institutions, 6)]
        if self.profile:
            lines += ["    profiles:", f"      - {yaml(list(self.profile))}"]
        return "\n".join(lines) + "\n"


def snippet(description: Any) -> str:
    """Return a description, a game of two players or a finding as Python that runs."""
    return str(description.snippet())


def scenario_text(description: Any) -> str:
    """Return a description, a game of two players or a finding as the text of a scenario file."""
    return str(description.scenario())


def yaml(value: Any) -> str:
    """Return a value as a scenario file writes it, on one line.

    >>> yaml({"limited_punishment": {"rounds": 2}, "share": Fraction(1, 3)})
    '{limited_punishment: {rounds: 2}, share: 1/3}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple | np.ndarray):
        return "[" + ", ".join(yaml(item) for item in value) + "]"
    if isinstance(value, str):
        return value if value.replace("_", "a").isalnum() and not value[0].isdigit() else f'"{value}"'
    return str(value)


def _key(key: Any) -> str:
    text = str(key)
    return f'"{text}"' if text[:1].isdigit() else text


def _block(settings: Mapping[str, Any], depth: int) -> list[str]:
    return [f"{' ' * depth}{_key(name)}: {yaml(value)}" for name, value in settings.items()]


def _call(name: str, settings: Mapping[str, Any], *first: str) -> str:
    given = [*first, *(f"{key}={code(value)}" for key, value in settings.items())]
    return f"gl.{name}({', '.join(given)})"


def _imports(*settings: Mapping[str, Any]) -> str:
    extra = "from fractions import Fraction\n\n" if "Fraction(" in code(list(settings)) else ""
    return f"{extra}import gamelab as gl\n\n"


@dataclass(frozen=True, eq=False)
class DrawnPlay:
    """A described game, and the automata that play it.

    A scenario file names strategies and holds no automata: its text is that of the game alone.
    """

    game: GameDescription
    automata: tuple[Automaton, ...]

    def snippet(self) -> str:
        """Return Python that builds the game and asks whether the automata are in equilibrium."""
        made = ",\n    ".join(automaton_code(automaton) for automaton in self.automata)
        body = self.game.snippet().rpartition("print(")[0]
        return f"{body}profile = [\n    {made},\n]\nprint(gl.certify(game, profile))\n"

    def scenario(self) -> str:
        """Return the game as a scenario file."""
        return "# the automata that were drawn are not in this file\n" + self.game.scenario()

    def __repr__(self) -> str:
        made = ", ".join(automaton_code(automaton) for automaton in self.automata)
        return f"DrawnPlay({self.game!r}, ({made},))"


def automaton_code(automaton: Automaton) -> str:
    """Return an automaton as Python that makes it again."""
    return (
        f"gl.Automaton(name={automaton.name!r}, states={automaton.states!r}, start={automaton.start}, "
        f"action={automaton.action.tolist()}, next={automaton.next.tolist()})"
    )


@dataclass(frozen=True)
class Comparison:
    """A described game at several values of one setting, the ones that should do better later.

    Parameters
    ----------
    game : GameDescription
        At the first value.
    path : str
        As in ``GameDescription.changed``.
    values : tuple of numbers
    """

    game: GameDescription
    path: str
    values: tuple[float, ...]

    def each(self) -> list[GameDescription]:
        """Return the game at each value."""
        return [self.game.changed(self.path, value) for value in self.values]

    def snippet(self) -> str:
        """Return Python for the game at each value."""
        return "\n".join(
            f"# {self.path}: {v}\n{g.snippet()}" for v, g in zip(self.values, self.each(), strict=True)
        )

    def scenario(self) -> str:
        """Return the game at the first value as a scenario file."""
        others = ", ".join(str(value) for value in self.values[1:])
        return f"# {self.path}: here {self.values[0]}, compared with {others}\n{self.each()[0].scenario()}"
