"""Every law about solvers rejects its wrong solver; ours passes all; nashpy loses equilibria."""

from fractions import Fraction

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.testing import Bimatrix, Solver, check_solver, draws, exact_equilibria, laws, solver_named
from gamelab.testing.laws import SOLVER_LAWS, laws_for
from gamelab.testing.laws.solver_laws import fits_floats
from gamelab.testing.solvers import DEMANDS

EACH_LAW = pytest.mark.parametrize("law", SOLVER_LAWS, ids=lambda law: law.name)


@EACH_LAW
def test_each_law_rejects_its_wrong_solver(law):
    report = check_solver(law.wrong, [law], examples=120)
    assert report.broken == (law.name,)
    (finding,) = report.findings
    assert max(finding.game.shape) <= 4, "shrunk to a game that can be read"
    assert law.check(law.wrong, finding.game) is not None
    assert law.check(solver_named("gamelab"), finding.game) is None


def test_ours_passes_all_laws():
    report = check_solver("gamelab", examples=100)
    assert report.passed, str(report)
    assert [outcome.law for outcome in report.outcomes] == [law.name for law in SOLVER_LAWS]
    assert all(outcome.verdict == "passed" for outcome in report.outcomes)


def test_ours_passes_all_laws_on_games_of_five_actions():
    games = draws.bimatrices.tables(5, draws.integers(-3, 3)).filter(lambda game: max(game.shape) == 5)
    report = check_solver("gamelab", games=games, examples=8, seed=1)
    assert report.passed, str(report)


@EACH_LAW
def test_laws_are_documented(law):
    assert law.source
    assert law.statement
    assert law.wrong.__doc__
    assert laws.named(law.name) is law


def test_wrong_solvers_are_all_different():
    assert len({law.wrong for law in SOLVER_LAWS}) == len(SOLVER_LAWS)


def test_more_is_asked_of_some_than_of_others():
    counts = {demand: len(laws_for(Solver(None, "", demand))) for demand in DEMANDS}
    assert counts["all"] == counts["generic"] == len(SOLVER_LAWS)
    assert counts["all"] > counts["component"] > counts["one"]


def test_one_of_a_component_is_enough_where_no_more_is_asked():
    """The middle of a continuum belongs to its component, though it is none of its corners."""

    def middle(A, B):
        exact = exact_equilibria(Bimatrix(A, B))
        for component in set(exact.components):
            own = [pair for pair, k in zip(exact.extreme, exact.components, strict=True) if k == component]
            fixed = [(x, y) for x, y in own if x == own[0][0]]
            yield own[0][0], np.mean([[float(p) for p in y] for _, y in fixed], axis=0)

    game = Bimatrix([[0, 0], [-1, 1]], [[2, 2], [0, 1]])  # stay out, or enter and be fought or not
    assert laws.named("every component").check(Solver(middle, demand="component"), game) is None
    assert laws.named("every extreme equilibrium").check(Solver(middle), game) is not None
    assert laws.named("nobody gains").check(Solver(middle), game) is None


def test_solvers_for_generic_games_are_asked_in_those_only():
    law, degenerate = laws.named("every extreme equilibrium"), Bimatrix([[0, 0]], [[0, 0]])
    assert law.check(Solver(lambda A, B: [], demand="generic"), degenerate) is None
    assert law.check(Solver(lambda A, B: []), degenerate) is not None
    assert law.check(Solver(lambda A, B: [], demand="generic"), Bimatrix([[0]], [[0]])) is not None


def test_games_that_floats_cannot_hold_are_not_asked_of_them():
    assert fits_floats(Bimatrix([[Fraction(1, 8)]], [[3]]))
    assert not fits_floats(Bimatrix([[Fraction(1, 3)]], [[3]]))
    assert not fits_floats(Bimatrix([[10**400]], [[3]]))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["nashpy.vertex_enumeration", pytest.param("nashpy.support_enumeration", marks=pytest.mark.long)],
)
def test_losses_of_another_package_are_found(name):
    """On small whole numbers; the equilibria that are lost are confirmed by the definition."""
    games = draws.bimatrices.tables(3, draws.integers(-2, 2)).filter(lambda game: min(game.shape) > 1)
    solver = solver_named(name, "all")
    report = check_solver(solver, laws_for(solver)[4:7], games, examples=40, seconds_per_game=2)
    finding = next(finding for finding in report.findings if finding.law == "every extreme equilibrium")
    assert max(finding.game.shape) <= 3
    reported = solver.equilibria(finding.game)
    lost = [
        pair
        for pair in gl.stage_equilibria(finding.game.A, finding.game.B).extreme
        if not any(
            np.allclose(np.concatenate(pair).astype(float), np.concatenate(other).astype(float))
            for other in reported
        )
    ]
    assert lost
    A, B = finding.game.arrays()
    for x, y in lost:
        x, y = np.array(x, dtype=float), np.array(y, dtype=float)
        assert (A @ y).max() <= x @ A @ y + 1e-12
        assert (x @ B).max() <= x @ B @ y + 1e-12


def test_an_unknown_law_is_refused_in_words():
    with pytest.raises(InputError, match="no law is called 'nobody gain'; did you mean 'nobody gains'"):
        laws.named("nobody gain")
