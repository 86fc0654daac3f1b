"""Evolution on the screen and in files."""

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest

from gamelab.experiment.chance import evolution
from gamelab.experiment.chance.evolution import evolved
from gamelab.report.evolution import evolution_block, evolution_files, process_words, without_curves
from gamelab.report.evolution_findings import lasting, leading, over_time
from gamelab.report.screen import Screen
from gamelab.simulate.evolution.payoff_matrix import payoff_matrix


def result(payoffs, **settings):
    names = [f"s{k}" for k in range(len(payoffs))]
    found = evolved(payoff_matrix(SimpleNamespace(payoffs=payoffs, names=names)), **settings)
    arrangements = {"none": {**found, "left_out": {"insist": "needs a battle"}}}
    return {"title": "A dilemma", "file": "here/pd.yaml", "arrangements": arrangements, "notes": ["said"]}


def shown(given):
    file = io.StringIO()
    Screen(file).show(evolution_block(given))
    return " ".join(file.getvalue().split())


def test_few_strategies_have_a_matrix():
    text = shown(result([[3, 0], [5, 1]]))
    assert "A dilemma here/pd.yaml" in text
    assert "none Moran process, fitness exp(w payoff) with w = 1, 100 players, rare mutation" in text
    assert "1 s1 100 % x 8.4e-65" in text
    assert "2 s0 0 % x 87" in text
    assert "Left out, as this game refuses them: insist" in text
    assert "Note: said" in text


def test_many_strategies_name_the_strongest_mutant():
    payoffs = np.ones((8, 8))
    payoffs[7] = 2
    text = shown(result(payoffs))
    assert "s7 100 % nobody" in text
    assert "s0 0 % s7 (x 63)" in text
    drift = shown(result(np.ones((8, 8))))
    assert "nobody; some by drift" in drift


def test_dynamics_say_where_paths_lead():
    text = shown(result([[2, 0], [0, 1]], process="replicator"))
    assert "From even shares s0 takes over" in text
    assert "A rest point that attracts: s0 100 %" in text
    assert "A rest point that attracts: s1 100 %" in text
    spiral = shown(result([[0, -1, 2], [1, 0, -1], [-1, 1, 0]], process="best_response"))
    assert "take turns ever faster" in spiral


def test_what_was_played_by_chance_has_intervals(monkeypatch):
    monkeypatch.setattr(evolution, "LEAST_STEPS", 4000)
    text = shown(result(np.eye(3), population=310, mutation=0.01, process="pairwise"))
    assert "pairwise comparison, intensity 1, 310 players, mutation 0.01" in text
    assert "±" in text
    assert "By chance: 50 populations for 12 generations" in text


def test_files():
    given = result([[3, 0, 3], [5, 1, 1.2], [3, 0.8, 3]], process="replicator")
    files = evolution_files([given, result([[3, 0], [5, 1]])], "0")
    assert set(files) == {
        "evolution.json",
        "evolution_shares.csv",
        "evolution_fixation.csv",
        "evolution_paths.csv",
        *(f"figures/pd-{kind}-none.{end}" for kind in ("shares", "simplex") for end in ("svg", "png")),
        *(f"figures/pd_2-invasion-none.{end}" for end in ("svg", "png")),
    }
    fixation = files["evolution_fixation.csv"].splitlines()
    assert fixation[0] == (
        "scenario,file,arrangement,process,resident,mutant,payoff_of_mutant,"
        "fixation_probability,log_fixation_probability,relative_to_neutral"
    )
    assert len(fixation) == 3
    assert json.loads(files["evolution.json"])["scenarios"][0]["arrangements"]["none"]["shares"]
    assert "curves" not in without_curves(given)["arrangements"]["none"]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            {"process": "moran_linear", "intensity": 0.1, "population": 9, "mutation": 0.5},
            "1 - w + w payoff with w = 0.1, 9",
        ),
        ({"process": "logit", "noise": 0.25}, "logit dynamic, noise 0.25"),
        ({"process": "best_response"}, "best-response dynamic"),
    ],
)
def test_processes_in_words(found, words):
    assert words in process_words(found)


def test_findings():
    names = [f"s{k}" for k in range(6)]
    alike = lasting({"strategies": names, "shares": [1 / 6] * 6, "method": "rare mutation"})
    assert " ".join(alike.split()) == "All play s0, s1 and 4 more 16.7 % of the time each"
    assert "takes over and stays" in lasting(
        {"strategies": ["a", "b"], "shares": [1, 0], "method": "rare mutation"}
    )
    open_end = {
        "method": "paths",
        "start": "uneven",
        "settled": False,
        "strategies": ["a", "b"],
        "shares": [0.7, 0.3],
    }
    assert over_time(open_end) == "From uneven shares a and b stay for now: shares have not settled"
    ends = [{"strategies": [name], "frequency": 0.25} for name in "abcd"]
    assert leading({"ends": ends}) == "Random starts lead to a (25 %), to b (25 %) and elsewhere".replace(
        " %", "\u00a0%"
    )
    assert leading({"ends": ends[:1]}).endswith("and elsewhere")
    both = [{"strategies": ["a", "b"], "frequency": 1.0}]
    assert leading({"ends": both}) == "Every random start leads to a mixture of a and b"


def test_what_floats_do_not_hold_is_shown_by_its_power_of_ten():
    given = result([[3, 0], [5, 1]], intensity=10)
    log = given["arrangements"]["none"]["log_fixation"][1][0] + np.log(100)
    assert f"x 1e{int(np.floor(log / np.log(10)))}" in shown(given)
    assert "x 0" not in shown(given)
