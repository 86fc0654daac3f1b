"""Arrays of hand-made games and automata: what numpy would quietly make a number of is refused, by name."""

import inspect
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.game import ARRAYS, Game, fixed_numbers, frozen
from gamelab.model.ledger import Flow
from gamelab.model.soundness import numeric


def game_in(kind):
    with gl.exactly(kind is Fraction):
        stage = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)
        return gl.repeated(stage, discount_factor=kind("0.9"))


GAMES = {kind: game_in(kind) for kind in (float, Fraction)}
AUTOMATON = {
    "name": "a",
    "states": ("s",),
    "start": 0,
    "action": np.array([[[[1, 0]]]]),
    "next": np.zeros((1, 1, 2, 4), int),
}


def fields(game):
    """Return what a game is made of."""
    return {name: getattr(game, name) for name in inspect.signature(Game).parameters}


def hidden(array):
    masks = np.zeros(array.shape, bool)
    masks.flat[-1] = True
    return np.ma.masked_array(array, masks)


def with_one(make):
    """Return what puts one other object among the numbers of an array."""

    def changed(array):
        mixed = array.astype(object)
        mixed.flat[-1] = make(mixed.flat[-1])
        return mixed

    return changed


NO_NUMBERS = {
    "complex": lambda array: array.astype(float) + 1j,
    "complex, nothing imaginary": lambda array: array.astype(float) + 0j,
    "a hidden entry": hidden,
    "rows of which one hides an entry": lambda array: list(hidden(array)),
    "dates": lambda array: array.astype(int).astype("M8[D]"),
    "times": lambda array: array.astype(int).astype("m8[D]"),
    "texts": lambda array: array.astype(str),
    "records": lambda array: np.zeros(array.shape, dtype=[("a", float)]),
    "one complex": with_one(complex),
    "one of numpy's complex": with_one(np.complex128),
    "one that is masked": with_one(lambda _: np.ma.masked),
    "one date": with_one(lambda _: datetime(2020, 1, 1)),
    "one day": with_one(lambda _: np.datetime64(1, "D")),
    "one time": with_one(lambda _: np.timedelta64(1, "D")),
    "one text": with_one(lambda number: str(int(number))),
    "one of bytes": with_one(lambda number: str(int(number)).encode()),
    "one that is nothing": with_one(lambda _: None),
    "one that is no number": with_one(lambda _: Decimal("nan")),
    "one array": with_one(lambda _: np.zeros(2)),
}


@pytest.mark.parametrize("kind", GAMES)
@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_number_is_refused_in_every_array(name, kind):
    game, change = GAMES[kind], NO_NUMBERS[name]
    sound = fields(game)
    Game(**sound)
    for field in ARRAYS:
        with pytest.raises(GameError, match=rf"^{field}: (holds something that is no number|hides a number)"):
            Game(**{**sound, field: change(sound[field])})
    flow = game.flows["material"]
    for part in (Flow("material", change(flow.by_profile)), Flow("material", None, change(flow.by_profile))):
        with pytest.raises(GameError, match=r"^flows\[x\]: h"):
            Game(**{**sound, "flows": {"x": part}})
    with gl.exactly(kind is Fraction):
        for field in ("action", "next"):
            with pytest.raises(GameError, match=rf"^{field}: h"):
                gl.Automaton(**{**AUTOMATON, field: change(AUTOMATON[field])})


@pytest.mark.parametrize("kind", GAMES)
def test_masks_that_hide_nothing_change_nothing(kind):
    game = GAMES[kind]
    made = Game(**{name: np.ma.masked_array(part) if name in ARRAYS else part
                   for name, part in fields(game).items()})  # fmt: skip
    for name in ARRAYS:
        assert type(getattr(made, name)) is np.ndarray
        assert (getattr(made, name) == getattr(game, name)).all()


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (np.array([1, 2]), np.bool_, "2 stands where a truth value is needed"),
        (np.array([2**64 - 1], np.uint64), np.int64, r"1.84467e\+19 stands where a whole number below 2\^63"),
        (np.array([0, 2**40]), np.int32, r"1.09951e\+12 stands where a whole number below 2\^31"),
        (np.array([1e300]), np.int64, r"1e\+300 stands where a whole number below"),
    ],
)
def test_numbers_that_an_array_cannot_hold_are_refused(given, kind, said):
    with pytest.raises(GameError, match=f"^x: {said}"):
        frozen(given, kind, "x")


def test_numbers_of_every_kind_are_taken():
    for given in (
        [1, 0.5],
        [Fraction(1, 3), Decimal("0.1")],
        [True, False],
        np.array([1], np.uint8),
        [10**30],
    ):
        assert numeric(given, "x").tolist() == list(given)


def test_whole_numbers_beyond_what_floats_hold_stay_themselves_in_fractions():
    assert fixed_numbers([2**63, -1], None).tolist() == [2**63, -1]  # numpy makes floats of these
