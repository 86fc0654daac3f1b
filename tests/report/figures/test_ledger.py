import pytest

from gamelab.report.figures.ledger import ledger


def row(mean, half, exact):
    return {"mean": mean, "from": mean - half, "to": mean + half, "exact": exact}


LEDGER = {
    "material": {"Ann": row(2.9, 0.1, 2.85), "Bob": row(2.9, 0.1, 3.2), "authority": row(0.0, 0.0, 0.0)},
    "monitoring.cost": {"Ann": row(0.0, 0.0, 0.0), "authority": row(-0.1, 0.0, -0.1)},
}
INSIDE = {"material": {"Ann": LEDGER["material"]["Ann"]}, "monitoring.cost": LEDGER["monitoring.cost"]}


def test_each_line_has_a_panel_with_its_accounts():
    figure = ledger({"ledger": LEDGER})
    upper, lower = figure.axes
    assert [label.get_text() for label in upper.get_yticklabels()] == ["Ann", "Bob"]
    assert [label.get_text() for label in lower.get_yticklabels()] == ["authority"]
    drawn = [list(line.get_xdata()) for line in upper.lines]
    assert drawn[:3] == [[2.85, 2.85], pytest.approx([2.8, 3.0]), [2.9]]
    words = [text.get_text() for text in figure.texts]
    assert "monitoring: cost" in words
    assert [text.get_text() for text in upper.texts] == ["2.90 ± 0.10"] * 2


def test_title_counts_what_lies_inside():
    title = " ".join(ledger({"ledger": LEDGER}).get_suptitle().split())
    assert title.startswith("2 of 3 exact payoffs")
    assert " ".join(ledger({"ledger": INSIDE}).get_suptitle().split()).startswith("All exact payoffs")


def test_without_intervals_there_is_no_picture():
    assert ledger({"ledger": {}}) is None
    assert ledger({"ledger": {"material": {"Ann": row(2.9, 0.1, 2.85) | {"from": None, "to": None}}}}) is None
