from matplotlib.colors import to_hex

from gamelab.report.figures.canvas import colour
from gamelab.report.figures.histories import MOST, histories


def match(number, actions, kept=True, slipped=(), offence=(), longer=False, rounds=None):
    moves = len(actions)
    player = {
        "action": list(actions),
        "kept": [None if kept is None else action == "C" for action in actions],
        "slipped": [k in slipped for k in range(moves)],
        "verdict": ["offence" if k in offence else None for k in range(moves)],
    }
    return {
        "match": number,
        "longer": longer,
        "round": rounds or list(range(1, moves + 1)),
        "players": {"Ann": player},
    }


def shades(axes):
    return [to_hex(bar.get_facecolor()) for bar in axes.patches]


def test_cells_say_who_kept_the_agreement():
    figure = histories({"histories": [match(1, "CDC"), match(2, "D")]})
    (axes,) = figure.axes
    kept, deviated = colour("sky"), colour("vermillion")
    assert shades(axes) == [kept, deviated, kept, deviated]
    assert "50" in figure.get_suptitle()
    assert "slipped: intended otherwise" not in [text.get_text() for text in figure.texts]


def test_slips_and_findings_are_marked():
    figure = histories({"histories": [match(1, "CDCC", slipped={1}, offence={1, 3})]})
    (axes,) = figure.axes
    assert len([line for line in axes.lines if line.get_marker() == "x"]) == 1
    assert len(axes.lines) == 3
    words = [text.get_text() for text in figure.texts]
    assert "slipped: intended otherwise" in words
    assert "finding of offence" in words


def test_longer_matches_are_cut_and_marked():
    figure = histories(
        {"histories": [match(1, "C" * (MOST + 9)), match(2, "CC", longer=True), match(3, "C")]}
    )
    (axes,) = figure.axes
    assert len(axes.patches) == MOST + 2 + 1
    assert [text.get_text() for text in axes.texts] == ["…", "…"]


def test_without_an_agreement_actions_have_colours():
    figure = histories({"histories": [match(1, "ABA", kept=None)]})
    assert len(set(shades(figure.axes[0]))) == 2
    words = [text.get_text() for text in figure.texts]
    assert {"A", "B"} <= set(words)


def test_several_moves_in_a_round_are_moves():
    figure = histories({"histories": [match(1, "CC", rounds=[1, 1])]})
    assert figure.axes[0].get_xlabel() == "move"
    assert histories({"histories": []}) is None
