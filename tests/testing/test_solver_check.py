"""Solvers that raise, hang or answer with nonsense are findings; the same seed finds the same."""

import json
import threading
import time
from fractions import Fraction

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import InputError
from gamelab.scenario import loads
from gamelab.testing import Bimatrix, Solver, check_solver, draws, laws, solver_named
from gamelab.testing.adapters import KNOWN
from gamelab.testing.shrinking import smaller, smallest
from gamelab.testing.solver_check import MOST_HANGS
from gamelab.testing.solvers import SolverError, limited
from gamelab.testing.wrong_solvers import never_returns


def ours(A, B):
    return gl.stage_equilibria(A, B).extreme


def raising(A, B):
    raise ValueError("singular\nmatrix")


ANSWERS = {
    "none at all": None,
    "a number": 3,
    "numbers": [1, 2],
    "a single vector": [([1, 0],)],
    "three vectors": [([1], [1], [1])],
    "too long": [([1, 0, 0, 0, 0, 0], [1])],
    "texts": [(["1"], ["1"])],
    "not finite": [([np.nan], [1.0])],
    "infinite": [([np.inf], [1.0])],
    "truth values": [([True], [True])],
    "complex": [([1 + 0j], [1])],
    "a matrix": [(np.eye(1), [1])],
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_malformed_answers_are_findings(answer):
    finding = laws.named("answers").check(lambda A, B: answer, Bimatrix([[0]], [[0]]))
    assert finding.kind in ("malformed", "raises")
    assert finding.words
    assert finding.game == Bimatrix([[0]], [[0]])


def test_whoever_raises_is_told_with_the_game():
    report = check_solver(raising, examples=5)
    assert report.broken == ("answers",)
    (finding,) = report.findings
    assert (finding.kind, finding.game) == ("raises", Bimatrix([[0]], [[0]]))
    assert "ValueError: singular matrix" in finding.words
    others = {outcome.verdict for outcome in report.outcomes if outcome.law != "answers"}
    assert others == {"not tried"}


def test_hanging_ends_and_the_game_is_shrunk():
    began = time.monotonic()
    report = check_solver(never_returns, laws.SOLVER_LAWS[:2], examples=30, seconds_per_game=0.05)
    assert time.monotonic() - began < 25
    (finding,) = report.findings
    assert finding.kind == "hangs"
    assert finding.game.shape in ((1, 2), (2, 1))
    assert report.games < 30
    assert f"stopped after {MOST_HANGS} games" in report.note


def test_the_time_limit_works_beside_the_main_thread():
    caught = []

    def work():
        solver = Solver(never_returns, seconds=0.1)
        try:
            solver.equilibria(Bimatrix([[0, 0]], [[0, 0]]))
        except SolverError as wrong:
            caught.append(wrong)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert [wrong.kind for wrong in caught] == ["hangs"]


def test_a_limit_that_is_not_reached_leaves_nothing_behind():
    with limited(0.05):
        pass
    time.sleep(0.1)
    with limited(0):
        pass


def test_the_same_seed_finds_the_same():
    reports = [
        check_solver(laws.named("odd").wrong, [laws.named("odd")], examples=40, seed=7).to_dict()
        for _ in range(2)
    ]
    assert reports[0] == reports[1]
    games = [draws.sample(draws.assorted_games(), 20, seed) for seed in (1, 1, 2)]
    assert games[0] == games[1]
    assert games[0] != games[2]


def test_games_of_ones_own():
    given = [([[1, 0], [0, 1]], [[1, 0], [0, 1]]), Bimatrix([[0]], [[0]])]
    report = check_solver(ours, games=given)
    assert (report.games, report.passed) == (2, True)
    strategies = check_solver(ours, games=draws.bimatrices.coordinations(2), examples=5)
    assert strategies.passed


def test_the_answer_may_be_a_generator_of_anything_numeric():
    def solve(A, B):
        for x, y in ours(A, B):
            yield np.array(x, dtype=float), [float(p) for p in y]

    assert check_solver(solve, examples=20).passed


def test_what_a_callable_is_handed():
    seen = []

    def solve(A, B):
        seen.append((A, B))
        return []

    laws.named("answers").check(solve, ([[Fraction(1, 2)]], [[1]]))
    laws.named("answers").check(Solver(solve, exact=True), ([[Fraction(1, 2)]], [[1]]))
    assert isinstance(seen[0][0], np.ndarray)
    assert seen[0][0].dtype == float
    assert seen[1] == ([[Fraction(1, 2)]], [[1]])


def test_the_report_as_words_and_as_json():
    report = check_solver("nashpy.lemke_howson_enumeration", games=[([[3, 0], [0, 2]], [[2, 0], [0, 3]])])
    read = json.loads(report.to_json())
    assert read["demand"] == "one"
    assert [law["verdict"] for law in read["laws"]] == [outcome.verdict for outcome in report.outcomes]
    pennies = Bimatrix([[1, 0], [0, 1]], [[0, 1], [1, 0]])
    broken = check_solver(laws.named("at least one").wrong, games=[pennies])
    text = str(broken)
    for finding in broken.findings:
        assert finding.words in text
    loaded = json.loads(broken.to_json())
    (first,) = [law["finding"] for law in loaded["laws"] if law["law"] == "at least one"]
    assert Bimatrix(first["A"], first["B"]) == broken.findings[0].game


def test_a_finding_prints_what_finds_it_again(capsys):
    solver = solver_named("nashpy.support_enumeration", "all")
    report = check_solver(
        solver, [laws.named("every extreme equilibrium")], games=[([[0, 0], [-1, 1]], [[0, 0], [0, 0]])]
    )
    (finding,) = report.findings
    exec(finding.snippet(), {})
    assert "every extreme equilibrium broke" in capsys.readouterr().out
    assert loads(finding.scenario()).kind == "normal_form"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gamlab", "no solver is called 'gamlab'; did you mean 'gamelab'"),
        ("zzz", "module:function"),
        ("no_such_module:f", "module 'no_such_module' cannot be imported"),
        ("os:nonsense", "module 'os' has no function 'nonsense'"),
        ("os:sep", "'sep' of module 'os' is not a function"),
        (":f", "cannot be imported"),
    ],
)
def test_solvers_that_are_not_there(name, words):
    with pytest.raises(InputError, match=words):
        solver_named(name)


def test_what_cannot_be_asked_for():
    with pytest.raises(InputError, match="'al' cannot be asked for; write all, generic, component or one"):
        solver_named("gamelab", "al")


@pytest.mark.parametrize(
    "name", [name for name, (package, *_) in KNOWN.items() if package not in ("gamelab", "nashpy")]
)
def test_a_missing_package_is_one_sentence(name, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda package: None)
    with pytest.raises(InputError, match=r"needs the package (quantecon|pygambit): pip install"):
        solver_named(name)


def test_a_function_in_this_folder(tmp_path, monkeypatch):
    (tmp_path / "my_solver_xyz.py").write_text("def solve(A, B):\n    return []\n", encoding="utf-8")
    (tmp_path / "my_broken_xyz.py").write_text("1 / 0\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert solver_named("my_solver_xyz:solve").solve([], []) == []
    with pytest.raises(InputError, match="module 'my_broken_xyz' fails: ZeroDivisionError"):
        solver_named("my_broken_xyz:solve")


# -------------------------------------------------------------------------------------------------- shrinking


def test_shrinking_ends_and_keeps_what_breaks():
    game = Bimatrix([[7, -5.5, 3], [1, 2, 9]], [[0, 4, Fraction(3, 2)], [8, 8, 8]])
    small = smallest(game, lambda other: max(map(max, other.B)) >= 4)
    assert small == Bimatrix([[0]], [[4]])
    assert smallest(game, lambda other: False) == game


def test_no_step_makes_a_game_larger():
    game = Bimatrix([[7, -5.5], [1, 2]], [[0, 4], [8, -8]])

    def size(other):
        entries = [abs(entry) for table in (other.A, other.B) for row in table for entry in row]
        return len(entries), sum(entries)

    assert all(size(other) < size(game) for other in smaller(game))


def test_a_zero_sum_game_can_stay_one():
    def is_zero_sum(game):
        return all(a == -b for rows in zip(game.A, game.B, strict=True) for a, b in zip(*rows, strict=True))

    assert smallest(Bimatrix([[3, -7], [5, 2]], [[-3, 7], [-5, -2]]), is_zero_sum) == Bimatrix([[0]], [[0]])
