"""Strategies as one writes them on a command line."""

import doctest

import pytest

from gamelab.cli import plans
from gamelab.cli.plans import plans_of
from gamelab.errors import GameError


def test_examples_in_docstrings():
    assert doctest.testmod(plans).failed == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("grim", ["grim"]),
        ("grim,,tit_for_tat,", ["grim", "tit_for_tat"]),
        (
            "memory_one(cc=1, cd=1/3, dc=.5, dd=1e-3)",
            [{"memory_one": {"cc": 1, "cd": 1 / 3, "dc": 0.5, "dd": 1e-3}}],
        ),
        ("comply / grim()", [["comply", "grim"]]),
        ("x(kind=slow)/y", [[{"x": {"kind": "slow"}}, "y"]]),
    ],
)
def test_what_can_be_written(text, wanted):
    assert plans_of(text) == wanted


@pytest.mark.parametrize(
    "text", ["grim(", "grim)", "(a=1)", "grim(2)", "grim(a=)", "grim(a=1/0)", "a//b", "grim(a=1)b"]
)
def test_what_cannot_is_told_with_what_can(text):
    with pytest.raises(GameError, match=r"--strategies: '.*' cannot be read; write a name"):
        plans_of(text)


def test_nothing_is_not_enough():
    with pytest.raises(GameError, match="--strategies: none given"):
        plans_of(" , ")
