import doctest
import io
import re

import pytest

from gamelab.report import screen
from gamelab.report.screen import Screen, checked_lines, scenario_block


def _shown(result, *, encoding="utf-8", width="80", monkeypatch):
    monkeypatch.setenv("COLUMNS", width)
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    console = Screen(file)
    console.show(scenario_block(result, console))
    file.flush()
    return file.buffer.getvalue().decode(encoding)


def test_examples_in_docstrings():
    assert doctest.testmod(screen).failed == 0


def test_a_scenario_at_80_columns(result, monkeypatch):
    text = _shown(result, monkeypatch=monkeypatch)
    assert (
        text
        == """\
Free-riding when conduct cannot be seen  scenarios/free_riding.yaml

arrangement        conduct             verdict              gross   cost     net
────────────────────────────────────────────────────────────────────────────────
none               stage_nash          baseline:            0.000  0.000   0.000
                                       impossible
horizontal         grim                workable             3.113  0.100   3.013
strict and costly  limited_punishment  not workable: no     1.000  2.000  -1.000
                   (rounds=2) / grim   net gain
trust              -                   not workable:            -      -       -
                                       agreement not kept

1 claim holds, 1 fails
  ✓  Nothing unseen is kept: supported of none = impossible (claimed:
     impossible)
  ✗  Costs do not eat the gain: net_benefit of strict and costly = -1 (claimed:
     above 0) at scenarios/free_riding.yaml:44

  Note    the fines of 'strict and costly' fall at level 1
  Advice  trust: the nearest candidate is grim, which gains 0.3

Best arrangement: horizontal, net benefit 3.013 a round

"""
    )


@pytest.mark.parametrize("width", ["60", "80", "132"])
@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "cp1252"])
def test_nothing_is_lost_at_any_width_or_encoding(result, width, encoding, monkeypatch):
    text = _shown(result, encoding=encoding, width=width, monkeypatch=monkeypatch)
    assert max(len(line) for line in text.splitlines()) <= int(width)
    assert not re.search(r"\x1b| $|\?", text, re.MULTILINE)
    assert all(net in text for net in ("3.013", "-1.000"))
    if encoding != "utf-8":
        assert "FAIL  Costs" in text


def test_markup_in_names_is_only_text(result, monkeypatch):
    result["title"] = "[bold]Titles[/] :smile: [/wrong]"
    assert "[bold]Titles[/] :smile: [/wrong]" in _shown(result, monkeypatch=monkeypatch)


def test_nothing_workable(result, monkeypatch):
    result["best_arrangement"] = "none"
    assert "Best arrangement: none; no institution here is workable" in _shown(
        result, monkeypatch=monkeypatch
    )


def test_no_claims_and_no_notes(result, monkeypatch):
    result |= {"claims": [], "notes": []}
    assert "claim" not in _shown(result, monkeypatch=monkeypatch)


def test_a_check_is_one_line_a_claim(result):
    first, kept, failed = (str(line) for line in checked_lines(result, ("✗", "✓")))
    assert first.startswith("Free-riding")
    assert kept == "  ✓ Nothing unseen is kept"
    assert failed == (
        "  ✗ scenarios/free_riding.yaml:44: Costs do not eat the gain: "
        "net_benefit of strict and costly = -1 (claimed: above 0)"
    )


def test_short_fractions_stand_below_the_table(result, monkeypatch):
    result["arrangements"]["horizontal"]["exact"] = {
        "gross_benefit": "3125/1004",
        "transaction_cost": "1/10",
        "net_benefit": "151230000/50200001",
        "max_gain": "-1/10",
        "critical_discount_factor": None,
    }
    text = _shown(result, monkeypatch=monkeypatch)
    assert (
        "In fractions (all of them stand in the JSON)\n"
        "  horizontal  gross 3125/1004, cost 1/10, largest gain -1/10\n"
    ) in text


def test_what_is_not_known_is_not_called_unworkable():
    baseline = {"supported": "no candidate"}
    said = screen.best_line(
        {"best_arrangement": "none", "arrangements": {"none": baseline, "a": {"workable": None}}}
    )
    assert said == "Best arrangement: none; whether an institution here is workable is not known"
    said = screen.best_line(
        {"best_arrangement": "none", "arrangements": {"none": baseline, "a": {"workable": False}}}
    )
    assert said == "Best arrangement: none; no institution here is workable"
    assert screen.best_line({"best_arrangement": "none", "arrangements": {"none": baseline}}).endswith(
        "there is no institution here"
    )
