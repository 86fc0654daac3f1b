"""Advice is tried before it is given: what it says comes of a strategy comes of it once the file lists it."""

import re

import pytest

import gamelab as gl
from gamelab.experiment.advice import TRIED
from gamelab.model.settings import settings_of
from gamelab.scenario import loads, template
from gamelab.strategies import STRATEGIES

PUBLIC = """\
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
arrangements:
  none: {}
  fined:
    institutions:
      monitoring: {detection: 1, cost: 0.1}
      graduated_sanctions: {fines: [4]}
    profiles: [comply]
"""


SEEN = """\
gamelab: 1
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {observe: none}
arrangements:
  published:
    institutions:
      transparency: {reach: 1, cost: 0.1}
"""


def following(text, name, strategy):
    """Return the results of a file in which an arrangement lists a strategy that it did not."""
    changed, times = re.subn(
        rf"(?m)^  {name}:(?: {{}})?(?=\s)", f"  {name}: {{profiles: [{strategy}]}}", text
    )
    assert times == 1
    return gl.run(loads(changed))


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        # grim holds from (T - R)/(T - P) = 1/2, and leaves nothing to gain
        (0.5, ": would they keep it by themselves? grim does, and beside it fined is not workable"),
        (0.49, ": which strategy might be played that does?"),
    ],
)
def test_the_baseline_hears_what_listing_would_do_to_the_institutions(factor, words):
    text = PUBLIC.replace("0.9", str(factor))
    before = gl.run(loads(text))
    assert before.workable_arrangements == ["fined"]
    said = before.to_dict()["arrangements"]["none"]["advice"]
    assert said == f"no candidate keeps the agreement{words}"
    if "grim" in words:
        assert following(text, "none", "grim").workable_arrangements == []


def test_where_listing_changes_no_verdict_it_says_so():
    text = PUBLIC.replace("cost: 0.1", "cost: 3")
    said = gl.run(loads(text)).to_dict()["arrangements"]["none"]["advice"]
    assert (
        said
        == "no candidate keeps the agreement; grim, listed under profiles, would, and every verdict stays the same"
    )
    assert following(text, "none", "grim").workable_arrangements == []


@pytest.mark.parametrize(("cost", "word"), [(0.1, "workable"), (2.5, "not workable")])
def test_an_institution_hears_whether_it_would_be_workable(cost, word):
    """By hand: both gain 3 - 1 and pay the cost of what is published."""
    text = SEEN.replace("0.1", str(cost))
    said = gl.run(loads(text)).to_dict()["arrangements"]["published"]["advice"]
    would = "no candidate keeps the agreement; grim, listed under profiles, would"
    assert said == f"{would}, and then the arrangement is {word}"
    followed = gl.run(loads(text + "    profiles: [grim]\n")).arrangements["published"]
    assert followed.workable(followed.conduct) is (word == "workable")


@pytest.mark.parametrize("kind", sorted(template.templates()))
def test_advice_in_fresh_starting_files_is_true_once_followed(kind):
    text = template.templates()[kind].read_text(encoding="utf-8")
    said = gl.run(loads(text)).to_dict()["arrangements"]["none"]["advice"] or ""
    kept = re.search(r"(\w+) does, and beside it (.*) (?:is|are) not workable", said)
    if kept:
        followed = following(text, "none", kept[1]).workable_arrangements
        assert not set(re.split(", | and ", kept[2])) & set(followed)


def test_what_is_tried_needs_no_settings():
    assert all(not any(each.required for each in settings_of(STRATEGIES[name])) for name in TRIED)


def test_what_is_upside_down_is_noted():
    said = "fined: monitoring has more false alarms than detections; is that meant?"
    for chance, noted in (("0.5", False), ("0.51", True), ("{player_1: 0.1, player_2: 0.6}", True)):
        changed = PUBLIC.replace("detection: 1,", f"detection: 0.5, false_alarm: {chance},")
        assert (said in gl.run(loads(changed)).to_dict()["notes"]) is noted
