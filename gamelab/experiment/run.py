"""A scenario solved: every arrangement, the best of them, the claims and the maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from gamelab.errors import InputError, Problem
from gamelab.experiment.advice import notes
from gamelab.experiment.arrangements import Arrangement
from gamelab.experiment.claimed import answer
from gamelab.experiment.comparison import best
from gamelab.experiment.entries import entry_of, plain
from gamelab.experiment.exact_forms import as_text
from gamelab.experiment.sources import check_source, heading, load_scenario
from gamelab.frames import storable
from gamelab.model.arguments import Progress, checked
from gamelab.scenario import (
    Claim,
    Scenario,
    exactly_holds,
    expected_value,
    holds,
    overridden,
    simulation_of,
)
from gamelab.scenario.catalogue import BASELINE
from gamelab.scenario.quantities import QUANTITIES
from gamelab.scenario.requests import weighted
from gamelab.scenario.specification import Specification
from gamelab.scenario.unused import unused
from gamelab.solve.exact_certificate import text

if TYPE_CHECKING:
    import pandas as pd

Part = TypeVar("Part")


@dataclass(frozen=True, eq=False)
class ScenarioResult:
    """What came out of a scenario.

    Parameters
    ----------
    scenario : Scenario
    overrides : mapping of str to number
        Settings that were changed, by dotted path.
    only_claims : bool
        Whether to leave out what no claim asks for.
    progress : callable, optional
        Is told how many of the candidates and arrangements are solved, and how many there are; then of every
        map its points, and how many of the claims are checked.
    exact : bool
        Whether to find everything in fractions too; they decide where floats are within their tolerance.
    """

    scenario: Scenario
    overrides: Mapping[str, Any] = field(default_factory=dict)
    only_claims: bool = False
    progress: Progress | None = None
    exact: bool = False

    @cached_property
    def arrangements(self) -> dict[str, Arrangement]:
        """The arrangements, in file order, the baseline ``none`` among them."""
        names = self.scenario.arrangements
        specified = {name: Specification(self.scenario, name, self.overrides) for name in names}
        baseline = Arrangement(specified[BASELINE], exact=self.exact, siblings=lambda: list(others.values()))
        others = {
            name: Arrangement(specified[name], baseline, self.exact, lambda: list(others.values()))
            for name in names
            if name != BASELINE
        }
        return {name: others.get(name, baseline) for name in names}

    @cached_property
    def workable_arrangements(self) -> list[str]:
        """The arrangements that are workable, in file order."""
        return [name for name, each in self.arrangements.items() if each.comparison.works.all()]

    @property
    def best_arrangement(self) -> str:
        """The workable arrangement with the highest net benefit, else ``none``; ties by file order."""
        compared = [self.arrangements[name].comparison for name in self.workable_arrangements]
        place = int(best(compared)[0]) if compared else -1
        return BASELINE if place < 0 else self.workable_arrangements[place]

    @cached_property
    def claims(self) -> list[dict[str, Any]]:
        """Each claim with its value, what it expects and whether it holds."""
        return [self.checked(claim) for claim in self._one_by_one(self.scenario.claims)]

    @cached_property
    def maps(self) -> list[dict[str, Any]]:
        """Each map as results hold it: regions or amounts by cell, and the lines between them."""
        from gamelab.experiment.grid.maps import map_of

        return [map_of(self.scenario, drawn, self.overrides, self.progress) for drawn in self.scenario.maps]

    @cached_property
    def simulated(self) -> dict[str, Any] | None:
        """What each arrangement's conduct pays when played by chance, and who of the strategies lasts.

        None where the file has no section ``simulate``.
        """
        if not self.scenario.simulate:
            return None
        from gamelab.experiment.chance.evolution import rivalry
        from gamelab.experiment.chance.simulated import simulated

        settings = simulation_of(self.scenario, self.overrides)
        entries = simulated(self.arrangements, settings, self.progress)
        if not self.scenario.contestants:
            return entries
        rivals = rivalry(self.scenario, self.overrides)
        return {**entries, **rivals, "notes": [*entries["notes"], *rivals["notes"]]}

    def _one_by_one(self, parts: Sequence[Part]) -> Iterator[Part]:
        """Go through what is solved one by one, and tell before each part how many are done."""
        tell: Progress = self.progress or (lambda *_: None)
        for done, part in enumerate(parts):
            tell(done, len(parts))
            yield part
        tell(len(parts), len(parts))

    @property
    def all_claims_hold(self) -> bool:
        """Whether every claim holds."""
        return all(claim["holds"] for claim in self.claims)

    @cached_property
    def _elsewhere(self) -> dict[str, ScenarioResult]:
        return {}

    def where(self, claim: Claim) -> ScenarioResult:
        """Return the results that a claim is about: these, or those under the settings of its ``with``."""
        if not claim.overrides:
            return self
        key = repr(sorted(claim.overrides.items()))
        other = ScenarioResult(self.scenario, {**self.overrides, **claim.overrides}, exact=self.exact)
        return self._elsewhere.setdefault(key, other)

    def checked(self, claim: Claim) -> dict[str, Any]:
        """Return a claim with its value, what it expects and whether it holds; solve only what it needs."""
        there = self.where(claim)
        value = there.claimed(claim)
        expected = expected_value(
            self.scenario, replace(claim, overrides={**self.overrides, **claim.overrides})
        )
        report = {
            "says": claim.says,
            "quantity": claim.quantity,
            "arrangement": claim.arrangement or weighted(claim.weights) or None,
            "profile": claim.profile,
            "comparison": claim.comparison,
            "value": value,
            "expected": plain(expected),
            "holds": holds(claim, value, expected),
            "line": claim.line,
        }
        return report | (there.exactly_claimed(claim, expected) if self.exact else {})

    def exactly_claimed(self, claim: Claim, expected: Any) -> dict[str, Any]:
        """Return both sides of a claim in fractions, and whether it holds; nothing where one is not known."""
        if QUANTITIES[claim.quantity].whole:
            return {}
        value = answer(self.arrangements, claim, Arrangement.exact_quantity)
        decided = exactly_holds(claim, value, expected)
        if decided is None:
            return {}
        report = {"exact_value": as_text(value), "exact_expected": as_text(expected), "holds": decided}
        if isinstance(value, Fraction) and isinstance(expected, Fraction):
            report["exact_difference"] = text(value - expected)
        return report

    def claimed(self, claim: Claim) -> Any:
        """Return the quantity that a claim is about."""
        if QUANTITIES[claim.quantity].whole:
            return QUANTITIES[claim.quantity].value(self, None)
        return answer(self.arrangements, claim, Arrangement.quantity)

    def to_dict(self) -> dict[str, Any]:
        """Return one entry of ``scenarios`` in the results file."""
        report = heading(self.scenario, self.overrides)
        if not self.only_claims:
            report["arrangements"] = self._arrangement_entries()
            report["best_arrangement"] = self.best_arrangement
            report["workable_arrangements"] = self.workable_arrangements
            report["notes"] = [note for each in self.arrangements.values() for note in notes(each)]
            report["notes"] += unused(self.scenario)
            report["maps"] = self.maps
            report["exact"] = self.exact
            if self.simulated is not None:
                report["simulated"] = self.simulated
                report["notes"] += self.simulated["notes"]
        return {**report, "claims": self.claims}

    def _arrangement_entries(self) -> dict[str, Any]:
        """Return every arrangement as results hold it; solved candidate by candidate."""
        parts: list[Any] = [
            candidate for arrangement in self.arrangements.values() for candidate in arrangement.candidates
        ]
        parts += self.arrangements.values()
        solved = [
            entry_of(part) if isinstance(part, Arrangement) else part.to_dict()
            for part in self._one_by_one(parts)
        ]
        return dict(zip(self.arrangements, solved[-len(self.arrangements) :]))

    @cached_property
    def curves(self) -> dict[str, Any]:
        """What pictures of the scenario show: payoffs of the stage game, slack, incentives, path of play."""
        from gamelab.experiment.curves import curves

        return curves(self.scenario, self.overrides, self.arrangements)

    def __repr__(self) -> str:
        held = sum(claim["holds"] for claim in self.claims)
        claims = f"{held} of {len(self.claims)} claims hold"
        return f"<ScenarioResult '{self.scenario.title}': best {self.best_arrangement}, {claims}>"

    def to_frame(self) -> pd.DataFrame:
        """Return the main numbers as a table, one row per arrangement."""
        import pandas as pd

        rows = []
        for name, each in self.arrangements.items():
            numbers = ("cooperation", "gross_benefit", "transaction_cost", "net_benefit")
            conduct = {key: each.quantity(each.conduct, key) for key in ("supported", "workable", *numbers)}
            rows.append({"arrangement": name, **conduct})
        return storable(pd.DataFrame(rows)).set_index("arrangement")

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html())


@overload
def run(
    scenario: Scenario,
    overrides: Mapping[str, Any] | None = ...,
    *,
    progress: Progress | None = ...,
    exact: bool | None = ...,
) -> ScenarioResult: ...
@overload
def run(
    scenario: list[Scenario],
    overrides: Mapping[str, Any] | None = ...,
    *,
    progress: Progress | None = ...,
    exact: bool | None = ...,
) -> list[ScenarioResult]: ...
@overload
def run(
    scenario: str | Path,
    overrides: Mapping[str, Any] | None = ...,
    *,
    progress: Progress | None = ...,
    exact: bool | None = ...,
) -> Any: ...


@checked
def run(
    scenario: Any,
    overrides: Mapping[str, Any] | None = None,
    *,
    progress: Progress | None = None,
    exact: bool | None = None,
) -> Any:
    """Solve every arrangement of a scenario, check its claims and draw its maps.

    Parameters
    ----------
    scenario : Scenario, list of Scenario, str or Path
        Loaded, or what ``gamelab.load`` takes.
    overrides : mapping of str to value, optional
        Settings to change, by dotted path (``"time.discount_factor"``) or as much of it as makes clear
        which is meant; texts are read as the file would read them. Claims are checked under them, too.
    progress : callable, optional
        Called with how many candidates, points of a map or claims are done, and how many there are.
    exact : bool, optional
        Whether to find everything in fractions too, from the numbers as written; what the file says where it
        is not given.

    Returns
    -------
    ScenarioResult or list of ScenarioResult
        A list for a list and for a folder.

    Raises
    ------
    InputError
        For mistakes in the file or in the overrides.

    Examples
    --------
    >>> import gamelab as gl
    >>> gl.run("prisoners_dilemma").best_arrangement
    'hierarchical'
    >>> gl.run("prisoners_dilemma", {"monitoring.cost": 0.5}).best_arrangement
    'horizontal'
    """
    return _results(scenario, overrides or {}, only_claims=False, progress=progress, exact=exact)


@overload
def check(
    scenario: Scenario,
    overrides: Mapping[str, Any] | None = ...,
    *,
    progress: Progress | None = ...,
    exact: bool | None = ...,
) -> ScenarioResult: ...
@overload
def check(
    scenario: list[Scenario],
    overrides: Mapping[str, Any] | None = ...,
    *,
    progress: Progress | None = ...,
    exact: bool | None = ...,
) -> list[ScenarioResult]: ...
@overload
def check(
    scenario: str | Path,
    overrides: Mapping[str, Any] | None = ...,
    *,
    progress: Progress | None = ...,
    exact: bool | None = ...,
) -> Any: ...


@checked
def check(
    scenario: Any,
    overrides: Mapping[str, Any] | None = None,
    *,
    progress: Progress | None = None,
    exact: bool | None = None,
) -> Any:
    """Check the claims of a scenario, solving only what they need; takes and returns what ``run`` does."""
    return _results(scenario, overrides or {}, only_claims=True, progress=progress, exact=exact)


def _results(
    source: Any,
    overrides: Mapping[str, Any],
    *,
    only_claims: bool,
    progress: Progress | None = None,
    exact: bool | None = None,
) -> Any:
    if not isinstance(source, Scenario | list | tuple):
        check_source(source, "scenario")
    loaded = source if isinstance(source, Scenario | list | tuple) else load_scenario(source)
    scenarios = [loaded] if isinstance(loaded, Scenario) else loaded
    for scenario in scenarios:
        if not isinstance(scenario, Scenario):
            kind = type(scenario).__name__
            raise InputError(f"a list of scenarios is needed, as gamelab.load gives it; it holds a {kind}")
    changed: list[Mapping[str, Any]] = []
    problems: list[Problem] = []
    for scenario in scenarios:
        try:
            changed.append(overridden(scenario, overrides) if overrides else {})
        except InputError as refusal:
            problems += refusal.problems
    if problems:
        raise InputError(problems)
    results = [
        ScenarioResult(
            scenario, there, only_claims, progress, exact=scenario.exact if exact is None else exact
        )
        for scenario, there in zip(scenarios, changed)
    ]
    return results[0] if isinstance(loaded, Scenario) else results
