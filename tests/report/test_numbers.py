"""Numbers as readers see them: rounded to what says something, with the minus of their place."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamelab.report import numbers
from gamelab.report.numbers import (
    amount,
    counted,
    factor,
    mean_and_margin,
    minus,
    number,
    percent,
    signed,
    tick,
)

FINITE = st.floats(-1e12, 1e12)


def test_examples_in_docstrings():
    assert doctest.testmod(numbers).failed == 0


@given(FINITE)
def test_the_screen_has_hyphens_and_pictures_have_minus_signs(value):
    assert "−" not in number(value)
    for text in (signed(value), amount(value), tick(value)):
        assert not text.startswith("-")
        assert float(text.replace("−", "-", 1)) == pytest.approx(value, rel=0.06, abs=1e-11)
    assert signed(value).replace("−", "-", 1) == number(value)


@given(FINITE)
def test_nothing_has_a_sign_that_is_nothing(value):
    assert minus(number(-abs(value) * 1e-30)) == signed(0.0) == "0.000"
    assert amount(-1e-13) == tick(-0.0) == "0"


def test_a_margin_keeps_its_digits():
    assert mean_and_margin(-2.88961, 0.0048012) == "−2.8896 ± 0.0048"


@pytest.mark.parametrize(("share", "text"), [(1 - 1e-9, "100"), (0.99995, "over 99.9"), (0.5, "50"), (1e-6, "under 0.1")])  # fmt: skip
def test_all_and_nothing_are_not_rounded_to(share, text):
    assert percent(share) == f"{text}{numbers.NARROW}%"


@given(st.floats(0, 1))
def test_a_discount_factor_is_not_rounded_to_0_or_1(value):
    text = factor(value)
    assert text not in ("0", "1") or abs(value - float(text)) < 1e-11


def test_one_is_one():
    assert [counted(many, "round") for many in (0, 1, 2, 1500)] == [
        "0 rounds",
        "1 round",
        "2 rounds",
        "1,500 rounds",
    ]
    assert [counted(many, "match", "matches") for many in (1, 3)] == ["1 match", "3 matches"]
