import contextlib
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draws

from gamelab.errors import InputError
from gamelab.expressions import Expression, dotted, parse, segments


def value(text, **names):
    return parse(text).evaluate(names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/3", Fraction(1, 3)),
        ("1e-9", Fraction(1, 10**9)),
        (".5", Fraction(1, 2)),
        ("0.9", Fraction(9, 10)),
        ("2.", Fraction(2)),
        ("-2^2", Fraction(-4)),
        ("2^-1", Fraction(1, 2)),
        ("2^3^2", Fraction(512)),
        ("8/4/2", Fraction(1)),
        ("1 - 2 - 3", Fraction(-4)),
        ("2*(3 + 4)", Fraction(14)),
        ("--+1", Fraction(1)),
        ("min(1, 1/2, 3)", Fraction(1, 2)),
        ("max(min(1, 2), -1)", Fraction(1)),
        ("0^0", Fraction(1)),
    ],
)
def test_exact_values(text, expected):
    assert value(text) == expected
    assert isinstance(value(text), Fraction)


def test_a_root_is_rounded():
    assert value("4^(1/2)") == 2.0
    assert isinstance(value("4^(1/2)"), float)


def test_names_in_order_and_in_their_one_form():
    expression = parse("game . cost + arrangements.\"two tiers\".x.fines.0 * b - 'a b' + b")
    assert expression.names == ("game.cost", "arrangements.'two tiers'.x.fines.0", "b", "'a b'")
    scope = {"game.cost": 1, "arrangements.'two tiers'.x.fines.0": 2.5, "b": Fraction(2), "'a b'": 4}
    assert expression.evaluate(scope) == 1 + 2.5 * 2 - 4 + 2


def test_expressions_are_frozen_values():
    assert parse("a + 1") == parse("a + 1")
    assert isinstance(parse("1"), Expression)
    with pytest.raises(AttributeError):
        parse("1").text = "2"


def test_whole_grids_at_once():
    grid = np.linspace(0.5, 1, 7)
    formula = "1 - a^2/3 + min(a, 1/2, b) - max(b, a)/(1 + b)"
    got = value(formula, a=grid, b=Fraction(1, 3))
    assert got.dtype == float
    np.testing.assert_allclose(got, [float(value(formula, a=a, b=Fraction(1, 3))) for a in grid], rtol=1e-15)


def test_numpy_scalars_are_numbers():
    assert value("a/b", a=np.int64(1), b=np.float64(4)) == 0.25
    assert value("a/b", a=np.int64(1), b=3) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing is written"),
        ("1 +", "missing at the end (character 4"),
        ("* 2", "missing before '*'"),
        ("0,9", "write 0.9"),
        ("1 + 2,5", "write 2.5"),
        ("(1", "')' is missing"),
        ("1)", "without '('"),
        ("2 x", "follows without"),
        ("1..2", "follows without"),
        ("5%", "write 0.05 for 5%"),
        ("1 - 90 %", "write 0.9 for 90%"),
        ("0,5%", "a comma in a number"),
        ("%", "write 0.02 for 2%"),
        ("1" * 400 + "%", "write 0.02 for 2%"),
        ("2**3", "write ^"),
        ("a = 1", "no '='"),
        ("min(1; 2)", "';' does not belong"),
        ("min()", "missing before ')'"),
        ("sqrt(2)", "unknown function 'sqrt'"),
        ("__import__('os').system('x')", "unknown function"),
        ("'abc", "missing its partner"),
        ("1e999999999", "too large an exponent"),
        ("9^9^9^9", "exponent beyond"),
        ("2^accurcy", "did you mean 'accuracy'"),
        ("1/0", "division by zero"),
        ("0^-1", "division by zero"),
        ("1/(accuracy - 0.5)", "division by zero"),
        ("(-1)^0.5", "not a finite number"),
        ("(10^300)^100*1e300^2", "too large"),
        ("1 + word", "not a number"),
        ("infinite", "not a finite number"),
        ("1e400", "too large"),
        ("1" * 5000, "the limit is"),
        ("(" * 100 + "1", "nested more than"),
        ("-" * 100 + "1", "nested more than"),
        ("2^" * 100 + "1", "nested more than"),
    ],
)
def test_mistakes_are_said_in_words(text, words):
    names = {"accuracy": Fraction(1, 2), "word": "public", "infinite": float("inf")}
    with pytest.raises(InputError) as refusal:
        parse(f"{text} + 0" if text == "infinite" else text).evaluate(names)
    assert words in str(refusal.value)


def test_a_zero_anywhere_on_the_grid_is_refused():
    with pytest.raises(InputError, match="division by zero"):
        value("1/a", a=np.array([1.0, 0.0]))
    with pytest.raises(InputError, match="not a finite number"):
        value("a^(1/2)", a=np.array([1.0, -1.0]))


def test_nothing_takes_long():
    start = time.perf_counter()
    for text in ("(2^1000)^1000", "*".join(["(9^1000)"] * 400), "1+" * 1900 + "1", "9^" * 50 + "9"):
        with contextlib.suppress(InputError):
            parse(text).evaluate({})
    assert time.perf_counter() - start < 2


@given(draws.text(alphabet="0123456789.,+-*/^() abmin'\"e", max_size=30))
def test_any_text_is_read_or_refused_in_words(text):
    with contextlib.suppress(InputError):
        assert np.isfinite(float(parse(text).evaluate({"a": Fraction(1, 3), "b": 0.25})))


@given(draws.lists(draws.text(alphabet="ab. -_1", min_size=1).filter(str.strip), min_size=1, max_size=4))
def test_paths_keep_their_parts(parts):
    assert segments(dotted(parts)) == tuple(parts)


@pytest.mark.parametrize("path", ["", "a..b", ".a", "a.", "'a", 'a."b'])
def test_broken_paths_are_refused(path):
    with pytest.raises(InputError):
        segments(path)


def test_a_number_too_large_beside_a_grid_is_refused():
    """A grid holds rounded numbers; the exact one beside it was rounded where nothing caught the overflow."""
    with pytest.raises(InputError, match="too large a number"):
        value("grid - 9^400", grid=np.array([0.0, 1.0]))
