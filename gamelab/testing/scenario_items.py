"""Scenario files for pytest: a file is solved once, as far as its claims ask, and each claim is a test."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

import pytest

from gamelab.errors import GamelabError, GamelabWarning
from gamelab.experiment import ScenarioResult, check
from gamelab.experiment.advice import advice as advice_on
from gamelab.model.payoff_text import as_text
from gamelab.scenario import Claim, Scenario, load

WORDS = {"above": "above", "below": "below", "at_least": "at least", "at_most": "at most"}
STRICT = ("above", "below")


class ScenarioFile(pytest.File):
    """A scenario file; a broken one is one failure, with all its mistakes in words."""

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario."""
        return load(self.path)

    @cached_property
    def result(self) -> ScenarioResult:
        """Its results, solved when a claim asks and shared by all its claims."""
        return check(self.scenario)

    @property
    def shown(self) -> str:
        """The file as seen from where pytest was started."""
        try:
            return os.path.relpath(self.path, self.config.invocation_params.dir)
        except ValueError:  # on another drive
            return str(self.path)

    def collect(self) -> Iterator[ClaimItem]:
        """Yield one test for each claim, named by its sentence.

        Raises
        ------
        CollectError
            With every mistake of the file.
        """
        try:
            claims = self.scenario.claims
        except GamelabError as error:
            raise self.CollectError(located(self, error)) from None
        for name, claim in zip(named(claims), claims, strict=True):
            yield ClaimItem.from_parent(self, name=name, claim=claim)


class ClaimItem(pytest.Item):
    """One claim of a scenario file, as a test."""

    parent: ScenarioFile

    def __init__(self, *, claim: Claim, **rest: Any):
        super().__init__(**rest)
        self.claim = claim

    def runtest(self) -> None:
        """Solve what the claim needs and compare.

        Raises
        ------
        ClaimError
            With what came out.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GamelabWarning)  # they stand in the results' notes
            checked = self.parent.result.checked(self.claim)
        if not checked["holds"]:
            raise ClaimError(checked)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what failed in words; a traceback only where gamelab itself is at fault."""
        if isinstance(excinfo.value, ClaimError):
            return "\n".join(self.told(excinfo.value.checked))
        if isinstance(excinfo.value, GamelabError):
            return located(self.parent, excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Return file, line (from 0) and sentence."""
        return self.path, (self.claim.line or 1) - 1, self.name

    def told(self, checked: dict[str, Any]) -> Iterator[str]:
        """Yield the lines of a failure."""
        claim = self.claim
        value, expected = text_of(checked["value"], _digits(checked)), _expected(claim, checked)
        yield f"{self.parent.shown}:{claim.line}: {claim.quantity} is {value}, and claimed was {expected}"
        yield ""
        rows = {
            "claim": " ".join(claim.says.split()),
            "quantity": _quantity(claim),
            "value": value,
            "expected": expected,
            "exactly": _exactly(checked),
            "with": ", ".join(f"{path}: {_setting(value)}" for path, value in claim.overrides.items()),
        }
        yield from (f"  {name:<9} {row}" for name, row in rows.items() if row)
        with contextlib.suppress(Exception):  # what failed is told above, whatever else goes wrong
            yield from self.background()

    def background(self) -> Iterator[str]:
        """Yield advice on the arrangements that the claim is about, and the payoff table of its game."""
        there = self.parent.result.where(self.claim)
        names = [self.claim.arrangement] if self.claim.arrangement else list(there.arrangements)
        for name in names:
            advice = advice_on(there.arrangements[name])
            if advice:
                yield f"  advice    {name}: {advice}"
        game = there.arrangements[names[0]].game
        yield from ("", *(f"  {line}" for line in as_text(game).split("\n")))


class ClaimError(Exception):
    """A claim that does not hold."""

    def __init__(self, checked: dict[str, Any]):
        self.checked = checked
        super().__init__(checked["says"])


def located(file: ScenarioFile, error: GamelabError) -> str:
    """Return mistakes in words, each with its file as seen from where pytest was started."""
    lines = str(error).replace(str(file.path), file.shown)
    return lines if file.shown in lines else f"{file.shown}: {lines}"


def named(claims: Iterable[Claim]) -> list[str]:
    """Return a name for each claim: its sentence on one line, with the line number where two are the same.

    Two colons in a row would part the names of pytest, and become one.
    """
    known = list(claims)
    plain = [" ".join(claim.says.replace("::", ":").split()) for claim in known]
    counts = Counter(plain)
    return [
        f"{name} (line {claim.line})" if counts[name] > 1 or not name else name
        for name, claim in zip(plain, known, strict=True)
    ]


def text_of(value: Any, digits: int = 6) -> str:
    """Return a value of a claim or a setting as text.

    >>> text_of(True), text_of(None), text_of(1 / 3), text_of(["a", "b"]), text_of([])
    ('yes', 'null', '0.333333', '[a, b]', '[]')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "yes", False: "no"}[value]
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {text_of(part, digits)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(text_of(part, digits) for part in value) + "]"
    return str(value)


def _exactly(checked: dict[str, Any]) -> str:
    if "exact_value" not in checked:
        return ""
    return f"{text_of(checked['exact_value'])}, and claimed was {text_of(checked['exact_expected'])}"


def _setting(value: Any) -> str:
    return text_of(float(value)) if isinstance(value, Fraction) else text_of(value)


def _digits(checked: dict[str, Any]) -> int:
    """Return how many digits tell the value from what is expected."""
    return 17 if text_of(checked["value"]) == text_of(checked["expected"]) else 6


def _quantity(claim: Claim) -> str:
    parts = [claim.quantity]
    parts += [f"({claim.player or claim.path})"] if claim.player or claim.path else []
    parts += [f"of {claim.arrangement}"] if claim.arrangement else []
    parts += [f"under {_strategies(claim.profile)}"] if claim.profile else []
    return " ".join(parts)


def _strategies(profile: list[Any]) -> str:
    names = [text_of(strategy) for strategy in profile]
    return " / ".join(names if len(set(names)) > 1 else names[:1])


def _expected(claim: Claim, checked: dict[str, Any]) -> str:
    wanted = f"{WORDS.get(claim.comparison, '')} {text_of(checked['expected'], _digits(checked))}".strip()
    number = isinstance(checked["expected"], int | float) and not isinstance(checked["expected"], bool)
    return f"{wanted}, within {claim.within:g}" if number and claim.comparison not in STRICT else wanted
