"""Draws of scenario files as text: valid ones, and ones that are broken in one way that has a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gamelab.testing.descriptions import GameDescription
from gamelab.testing.draws import repeated_games, stage_games
from gamelab.testing.draws.drawing import Draw, st

CLAIMS = """\
claims:
  - says: Nobody gets more than there is
    arrangement: drawn
    quantity: efficiency
    at_most: 1000
"""


@dataclass(frozen=True)
class BrokenScenario:
    """The text of a scenario file with one mistake.

    Parameters
    ----------
    text : str
    mistake : str
        The name of what is wrong; a key of ``MISTAKES``.
    told : str
        What some message about it must say.
    """

    text: str
    mistake: str
    told: str

    def __repr__(self) -> str:
        return f"<{self.mistake}; to be told: {self.told}>\n{self.text}"


def scenarios() -> Draw[str]:
    """Draw the text of a valid scenario file; it says what it is about, and may state a claim."""
    ends = st.sampled_from(["", CLAIMS])
    with_profile = repeated_games.games(open_ended=True)
    return st.builds(
        lambda described, end: described.scenario() + _fitting(described, end), with_profile, ends
    )


def _fitting(described: GameDescription, claims: str) -> str:
    """Leave the claim out where what it asks about has no sure answer."""
    return claims if described.stage.kind == "prisoners_dilemma" else ""


@st.composite
def _complete(draw: Any) -> str:
    """Draw a valid file that has every section, so that each can be broken."""
    stage = draw(stage_games.prisoners_dilemmas())
    information = {"observe": "public", "misreading": draw(st.sampled_from([0.1, 0.25]))}
    institutions = {
        "monitoring": {
            "detection": draw(repeated_games.chances(0.5, 1)),
            "cost": draw(repeated_games.amounts(1)),
        }
    }
    described = GameDescription(
        stage, {"discount_factor": 0.9}, information, institutions, 0.25, ["grim"] * 2
    )
    text = described.scenario().replace("game:\n", "parameters:\n  accuracy: 0.9\ngame:\n", 1)
    return text + CLAIMS


Edit = Callable[[str], str]


def _line(key: str, value: str) -> Edit:
    """Return the edit that gives the first line with this key another value."""
    return lambda text: re.sub(rf"^( *){key}:.*$", rf"\g<1>{key}: {value}", text, count=1, flags=re.M)


def _swap(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new, 1)


def _dropped(key: str) -> Edit:
    return lambda text: re.sub(rf"^ *{key}:.*\n", "", text, count=1, flags=re.M)


def _section_dropped(key: str) -> Edit:
    return lambda text: re.sub(rf"^{key}:\n(  .*\n)+", "", text, count=1, flags=re.M)


MISTAKES: dict[str, tuple[Edit, str]] = {
    "empty file": (lambda _: "", "the file is empty"),
    "no version": (_dropped("gamelab"), "needs 'gamelab'"),
    "unknown version": (_line("gamelab", "7"), "format version '7' is not known"),
    "misspelt section": (_swap("title:", "titel:"), "'titel' is not a known key"),
    "key twice": (_swap("time:\n", "title: again\ntime:\n"), "is there twice"),
    "no game": (_section_dropped("game"), "needs 'game'"),
    "no time": (_section_dropped("time"), "needs 'time'"),
    "unknown kind": (_line("kind", "prisoners_dilema"), "did you mean 'prisoners_dilemma'?"),
    "setting missing": (_dropped("sucker"), "needs 'sucker'"),
    "setting misspelt": (_swap("temptation:", "temptaton:"), "did you mean 'temptation'?"),
    "setting without value": (_line("reward", ""), "nothing is given"),
    "payoffs out of order": (_line("temptation", "-1000"), "make no prisoner's dilemma"),
    "text for a number": (_line("reward", '"three"'), "reward"),
    "list for a number": (_line("reward", "[3, 4]"), "reward"),
    "decimal comma": (_line("discount_factor", "0,9"), "a comma in a number"),
    "not a finite number": (_line("discount_factor", ".nan"), "is not a finite number"),
    "unknown player": (
        _line("discount_factor", "{player_1: 0.9, plaxer_2: 0.8}"),
        "did you mean 'player_2'?",
    ),
    "player left out": (_line("discount_factor", "{player_1: 0.9}"), "has nothing for player_2"),
    "players who cannot differ": (
        _swap("  discount_factor: 0.9", "  continuation_probability: {player_1: 0.9, player_2: 0.8}"),
        "players cannot differ in this",
    ),
    "discount factor of one": (_line("discount_factor", "1"), "1 leaves"),
    "rounds not whole": (_swap("  discount_factor: 0.9", "  rounds: 2.5"), "is not a whole number"),
    "probability above one": (_swap("detection: ", "detection: 1 + "), "is not a number from 0 to 1"),
    "negative cost": (_swap("cost: ", "cost: -1 - "), "is not a number of at least 0"),
    "division by zero": (_line("misreading", "1/(2 - 2)"), "division by zero"),
    "unknown name": (_line("misreading", "1 - acuracy"), "did you mean 'accuracy'?"),
    "parameter in a circle": (_line("accuracy", "accuracy + 1"), "depends on itself"),
    "unknown choice": (_line("observe", "publik"), "did you mean 'public'?"),
    "unknown preference": (_swap("  altruism:", "  altruismus:"), "did you mean 'altruism'?"),
    "unknown institution": (_swap("monitoring:", "monitorng:"), "did you mean 'monitoring'?"),
    "unknown setting of an institution": (_swap("detection:", "detektion:"), "did you mean 'detection'?"),
    "sanctions without findings": (
        lambda text: re.sub(r"monitoring: \{.*\}", "graduated_sanctions: {fines: [1]}", text),
        "graduated_sanctions needs findings",
    ),
    "unknown strategy": (_swap("[grim, grim]", "[grimm, grim]"), "'grimm' is not a strategy"),
    "too many strategies": (_swap("[grim, grim]", "[grim, grim, grim]"), "3 strategies for 2 players"),
    "bracket left open": (_swap("[grim, grim]", "[grim, grim"), "no ']' closes it"),
    "tab": (_swap("  sucker", "\tsucker"), "a tab stands here"),
    "anchor": (_swap("  kind: ", "  kind: &name "), "is an anchor"),
    "tag": (_line("reward", "!!python/name:os.system 3"), "is a tag"),
    "unknown quantity": (_line("quantity", "eficiency"), "did you mean 'efficiency'?"),
    "unknown arrangement": (_swap("arrangement: drawn", "arrangement: drawm"), "did you mean 'drawn'?"),
    "claim without comparison": (_dropped("at_most"), "needs a comparison"),
}
"""What can be wrong: how to break a valid file so, and what some message must then say."""


@st.composite
def _broken(draw: Any, mistake: str | None) -> BrokenScenario:
    name = draw(st.sampled_from(sorted(MISTAKES))) if mistake is None else mistake
    edit, told = MISTAKES[name]
    valid = draw(_complete())
    text = edit(valid)
    if text == valid:
        raise ValueError(f"the mistake '{name}' changes nothing in a valid file")
    return BrokenScenario(text, name, told)


def broken_scenarios(mistake: str | None = None) -> Draw[BrokenScenario]:
    """Draw the text of a scenario file with exactly one mistake.

    Parameters
    ----------
    mistake : str, optional
        A key of ``MISTAKES``; without it any.
    """
    return _broken(mistake)


def complete_scenarios() -> Draw[str]:
    """Draw the text of a valid scenario file that has every section."""
    return _complete()


__all__ = ["MISTAKES", "BrokenScenario", "broken_scenarios", "complete_scenarios", "scenarios"]
