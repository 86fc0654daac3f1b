import doctest
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamelab.report.figures import canvas
from gamelab.report.figures.canvas import COLOURS, Canvas, apart, balanced, colours_of


def linear(colour):
    """Return the colour's channels, from 0 to 1, without the screen's gamma."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one, other):
    def luminance(colour):
        red, green, blue = linear(colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def seen_without_red(colour):
    """Return the colour as a person without red receptors sees it (Vienot, Brettel and Mollon 1999)."""
    red, green, blue = linear(colour)
    both = 0.11238 * red + 0.88762 * green
    return both, 0.00401 * red - 0.00401 * green + blue


def test_examples_in_docstrings():
    assert doctest.testmod(canvas).failed == 0


@pytest.mark.parametrize("paper", [0, 1])
def test_text_can_be_read_on_both_papers(paper):
    on = COLOURS["paper"][paper]
    assert contrast(COLOURS["ink"][paper], on) > 12
    assert contrast(COLOURS["muted"][paper], on) > 4.5
    for name in canvas.SERIES:
        assert contrast(COLOURS[name][paper], on) > 2.2, name


@pytest.mark.parametrize("paper", [0, 1])
def test_series_are_told_apart_without_red(paper):
    seen = [seen_without_red(COLOURS[name][paper]) for name in canvas.SERIES]
    pairs = [(a, b) for k, a in enumerate(seen) for b in seen[:k]]
    assert min(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5 for a, b in pairs) > 0.09


def test_colours_differ_and_each_light_one_has_a_name_of_its_own():
    assert len({light for light, _ in COLOURS.values()}) == len(COLOURS)
    shades = colours_of(["none", *"abcdef"])
    assert len(set(shades.values())) == 7
    assert shades["none"] == COLOURS["baseline"][0]


@given(st.lists(st.floats(0, 1), max_size=8))
def test_labels_lie_apart_in_order_and_inside(places):
    gap = 0.1
    found = apart(places, gap, 0, 1)
    order = sorted(range(len(places)), key=lambda k: (places[k], k))
    moved = [found[k] for k in order]
    assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(moved))
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in found)


def test_labels_that_are_apart_stay():
    assert apart([0.9, 0.1, 0.5], 0.2, 0, 1) == pytest.approx([0.9, 0.1, 0.5])


@given(st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=120))
def test_titles_lose_no_word(text):
    lines = balanced(text, 40)
    assert "".join(" ".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= 40 for line in lines)


def test_a_canvas_grows_with_its_title():
    short, long = Canvas("a", 2.0), Canvas("word " * 40, 2.0)
    assert long.height > short.height
    assert short.figure.get_suptitle() == "a"
