"""The exercises for classrooms run, print what they say, and their wrong answers are caught by a law."""

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import gamelab as gl
from gamelab.scenario import loads

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "exercises"
FILES = sorted(FOLDER.glob("*.md"))
EXERCISES = [file for file in FILES if file.name != "README.md"]
CANAL = (FOLDER / "does-the-institution-pay.md").read_text(encoding="utf-8")


def block(text, language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)
    return found


def test_there_are_three_and_the_index_names_them():
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(EXERCISES) == 3
    assert all(f"]({file.name})" in index for file in EXERCISES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_examples(file):
    """They run as they stand, and the wrong answer of an exercise is caught by a law in the words that it shows."""
    text = file.read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, {}, file.name, str(file), 0)
    runner, said = doctest.DocTestRunner(verbose=False), io.StringIO()
    with contextlib.redirect_stdout(said):
        runner.run(test, clear_globs=False)
    assert runner.failures == 0, said.getvalue()
    assert runner.tries >= 3
    if file in EXERCISES:
        assert "## An answer that sounds right" in re.sub(r"\d\. ", "", text)
        assert test.globs["finding"].kind == "wrong"
        assert test.globs["finding"].words in text


@pytest.mark.slow
def test_a_changed_number_shows_what_comes_out_instead(tmp_path):
    text = (FOLDER / "when-does-grim-hold.md").read_text(encoding="utf-8")
    (tmp_path / "mine.md").write_text(text.replace("patience = 0.25", "patience = 0.75"), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "doctest", "mine.md"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    # in weeks of rest, work alone costs 1 at once: (1 - 3/4) (0 - 1); in weeks of work deviating costs more
    assert "Expected:\n    fails 1.0\nGot:\n    holds -0.25\n" in ran.stdout


def test_answers_about_equilibria():
    work, coin = ((1, 0), (1, 0)), ((Fraction(1, 2),) * 2,) * 2
    for worth, holds in ((2, True), (3, True), (3.01, False), (5, False)):
        found = gl.stage_equilibria([[3, 0], [worth, 1]], [[3, worth], [0, 1]]).extreme
        assert (work in found) is holds
    assert gl.stage_equilibria([[1, 0], [0, 1]], [[0, 1], [1, 0]]).extreme == [coin]


def test_numbers_of_the_answers_about_grim():
    def border(temptation, misreading=0):
        stage = gl.prisoners_dilemma(temptation=temptation, reward=3, punishment=1, sucker=0)
        return gl.critical_discount_factor(
            gl.repeated(stage, discount_factor=0.9, misreading=misreading), "grim"
        )

    def formula(e):  # docstring of gamelab/testing/laws/statics_laws.py
        return 2 / (2 * (1 - e) ** 2 + 2 * (1 - e) * (1 - 2 * e))

    assert border(9) == pytest.approx(6 / 8)
    for e in (0.05, 0.1, 0.2):
        assert border(5, e) == pytest.approx(formula(e))
    assert formula(0.2) > 0.8
    assert border(5, 0.3) is None
    assert formula(0.3) > 1


def test_the_canal_runs_as_shown(tmp_path):
    (tmp_path / "canal.yaml").write_text(block(CANAL, "yaml"), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "gamelab", "run", "canal.yaml"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={"PYTHONIOENCODING": "utf-8", "COLUMNS": "80", "PATH": "", "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert ran.stdout.strip() == block(CANAL, "text").strip()


MONITORING = "arrangements.guard.institutions.monitoring"
FINE = "arrangements.guard.institutions.graduated_sanctions.fines"


@pytest.mark.parametrize(
    ("change", "supported", "workable"),
    [
        ({f"{MONITORING}.cost": 2.5}, "yes", True),
        ({f"{MONITORING}.cost": 2.7}, "yes", False),
        ({FINE: [2]}, "no candidate", False),
        ({FINE: [2.49]}, "no candidate", False),
        ({FINE: [Fraction(5, 2)]}, "yes", True),
        ({f"{MONITORING}.false_alarm": 0.9}, "impossible", False),
    ],
)
def test_answers_about_the_canal(change, supported, workable):
    guard = gl.run(loads(block(CANAL, "yaml")), change).arrangements["guard"]
    assert (guard.supported(guard.conduct), guard.workable(guard.conduct)) == (supported, workable)


def test_a_higher_fine_costs_more():
    guard = gl.run(loads(block(CANAL, "yaml")), {FINE: [20]}).arrangements["guard"]
    assert guard.quantity(guard.conduct, "transaction_cost") == pytest.approx(2 * 0.5 + 2 * 0.1 * 20)


def test_a_fine_that_is_too_low_leaves_one_village_at_work():
    """By hand: 2 - 0.8*2 is gained at once; with one at work 6 - 2 more, 2*0.5 of watching, (0.1 + 0.9)*2 of fines."""
    guard = gl.run(loads(block(CANAL, "yaml")), {FINE: [2]}).arrangements["guard"]
    listed = guard.candidates[0]
    assert listed.gain == pytest.approx((1 - 0.9) * (2 - 0.8 * 2))
    amounts = [
        guard.quantity(guard.conduct, name) for name in ("gross_benefit", "transaction_cost", "cooperation")
    ]
    assert amounts == pytest.approx([4, 1 + 2, 1 / 2])
    shares = {
        round(float(candidate.value.cooperation.item()), 9)
        for candidate in guard.candidates
        if candidate.verdict == "holds"
    }
    assert shares == {0.5, 0.6}  # 4q - 0.2 = 6q + (1 - q) - 1.8 at q = 0.6


@pytest.mark.parametrize("file", EXERCISES, ids=lambda file: file.stem)
def test_every_exercise_has_a_plan_and_a_handout_without_answers(file):
    plan = file.read_text(encoding="utf-8").split("## Plan", 1)[1].split("\n## ", 1)[0]
    heading = re.search(r"(\d+) minutes", plan)
    minutes = [int(found) for found in re.findall(r"(?m)^\| (\d+) \|", plan)]
    assert heading
    assert sum(minutes) == int(heading[1])
    handout = (FOLDER / "handouts" / file.name).read_text(encoding="utf-8")
    assert "Answers" not in handout
    assert f"](handouts/{file.name})" in file.read_text(encoding="utf-8")
