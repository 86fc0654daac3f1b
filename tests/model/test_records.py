"""Records: frozen columns of one length, and their table."""

import numpy as np
import pytest

from gamelab.errors import GameError
from gamelab.model.records import Labels, Records, joined


def two_rows(**changes):
    columns = {
        "match": [1, 1],
        "round": [1, 1],
        "move": [1, 1],
        "player": Labels([0, 1], ("Ann", "Bob")),
        "state": Labels([-1, -1], ("",)),
        "intended": Labels([0, 1], ("C", "D")),
        "realised": Labels([1, 1], ("C", "D")),
        "read": Labels([-1, 0], ("D",)),
        "seen": [3, 4],
        "verdict": Labels([-1, 1], ("clean", "offence")),
        "level": [-1, 2],
        "payoffs": {"material": [0.1, 5.0]},
    }
    return Records(**columns | changes)


def test_columns_are_frozen():
    records = two_rows()
    assert len(records) == 2
    for column in (records.match, records.player.codes, records.payoffs["material"]):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 7


def test_columns_have_one_length():
    with pytest.raises(GameError, match=r"columns of different lengths: .*seen 3"):
        two_rows(seen=[1, 2, 3])


def test_frame_shows_what_is_missing():
    frame = two_rows().to_frame()
    assert frame["player"].tolist() == ["Ann", "Bob"]
    assert frame["read"].isna().tolist() == [True, False]
    assert frame["verdict"].tolist()[1] == "offence"
    assert frame["level"].isna().tolist() == [True, False]
    assert frame["level"][1] == 2
    assert frame["payoff_material"].tolist() == [0.1, 5.0]


def test_some_rows():
    records = joined([two_rows(), two_rows(match=[2, 2])])
    second = records.take(records.match == 2)
    assert len(second) == 2
    assert second.read.to_list() == [None, "D"]
    assert "4 rows" in repr(records)
    assert "<table" in records._repr_html_()
    np.testing.assert_array_equal(records.take(slice(1, 3)).level, [2, -1])
