import pytest

from gamelab.report.figures.ledger import ledger


def row(line, account, mean, half, exact):
    return {
        "line": line,
        "account": account,
        "mean": mean,
        "low": mean - half,
        "high": mean + half,
        "exact": exact,
    }


ROWS = [
    row("material", "Ann", 2.9, 0.1, 2.85),
    row("material", "Bob", 2.9, 0.1, 3.2),
    row("monitoring.cost", "authority", -0.1, 0.0, -0.1),
]


def test_each_line_has_a_panel_with_its_accounts():
    figure = ledger({"ledger": ROWS})
    upper, lower = figure.axes
    assert [label.get_text() for label in upper.get_yticklabels()] == ["Ann", "Bob"]
    assert [label.get_text() for label in lower.get_yticklabels()] == ["authority"]
    drawn = [list(line.get_xdata()) for line in upper.lines]
    assert drawn[:3] == [[2.85, 2.85], pytest.approx([2.8, 3.0]), [2.9]]
    words = [text.get_text() for text in figure.texts]
    assert "monitoring: cost" in words
    assert [text.get_text() for text in upper.texts] == ["2.90 ± 0.10"] * 2


def test_title_counts_what_lies_inside():
    title = " ".join(ledger({"ledger": ROWS}).get_suptitle().split())
    assert title.startswith("2 of 3 exact payoffs")
    assert " ".join(ledger({"ledger": ROWS[::2]}).get_suptitle().split()).startswith("All exact payoffs")


def test_without_intervals_there_is_no_picture():
    assert ledger({"ledger": []}) is None
    assert ledger({"ledger": [ROWS[0] | {"low": None, "high": None}]}) is None
