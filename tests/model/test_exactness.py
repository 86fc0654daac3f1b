"""Exact games: fractions in, fractions out, and no rounded number gets by unnoticed."""

import math
from decimal import Decimal
from fractions import Fraction

import draws
import example_games as examples
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gamelab as gl
from gamelab.institutions import INSTITUTIONS
from gamelab.model.combinators import add_flow
from gamelab.model.exactness import InexactError, exactly, fraction, fractions, root
from gamelab.model.game import BATCHED
from gamelab.model.settings import Probability, settled
from gamelab.strategies.profile import profile_of

F = Fraction
PAYOFFS = {"temptation": 5, "reward": 3, "punishment": 1, "sucker": 0}


def dilemma():
    with exactly():
        return gl.prisoners_dilemma(**PAYOFFS)


def every_number(game):
    arrays = [getattr(game, name) for name in BATCHED]
    return [
        number
        for array in [*arrays, *(p for f in game.flows.values() for p in f.parts())]
        for number in array.flat
    ]


def stack(stage, number):
    """Build the largest stack of institutions, with settings as ``number`` makes them from texts."""
    game = gl.repeated(stage, discount_factor=number("0.9"), misreading=number("0.1"), tremble=number("1/20"))
    game = gl.transparency(game, reach=number("0.3"), misreading=number("0.2"), cost=number("0.1"))
    game = gl.monitoring(
        game, detection=number("0.9"), false_alarm=number("0.02"), cost=number("0.15"), paid_by="authority"
    )
    game = gl.graduated_sanctions(
        game,
        fines=[number("2.5"), 4],
        forgiveness=number("0.5"),
        enforcement=number("0.7"),
        cost_per_act=number("0.1"),
        paid_to="others",
        after_last="end",
    )
    return gl.altruism(game, weight=number("0.3"))


@pytest.fixture(scope="module")
def exact_stack():
    return stack(dilemma(), Fraction)


def test_the_full_stack_is_made_of_fractions_and_equals_its_floats(exact_stack):
    exact = exact_stack
    floats = stack(gl.prisoners_dilemma(**PAYOFFS), lambda text: float(Fraction(text)))
    assert exact.exact
    assert not floats.exact
    assert all(type(number) is Fraction for number in every_number(exact))
    assert (exact.probabilities.sum(axis=-1) == 1).all()
    for mine, theirs in zip(every_number(exact), every_number(floats), strict=True):
        assert float(mine) == pytest.approx(theirs, abs=1e-13)


@pytest.mark.parametrize("name", INSTITUTIONS)
def test_every_institution_keeps_fractions(name):
    """A new institution must pass this, or refuse in one sentence that names it."""
    with exactly():
        stages = [gl.prisoners_dilemma(**PAYOFFS), gl.battle(high=3, low=2)]
    tried = 0
    for stage in stages:
        settings = {"discount_factor": F(9, 10), "observe": "private", "tremble": F(1, 20)}
        for ground in (lambda game: game, lambda game: gl.monitoring(game, detection=F(9, 10))):
            try:
                built = INSTITUTIONS[name](
                    ground(gl.repeated(stage, **settings)), **_in_fractions(INSTITUTIONS[name])
                )
            except InexactError:
                raise
            except gl.GameError:
                continue
            assert all(type(number) is Fraction for number in every_number(built))
            tried += 1
    assert tried


def _in_fractions(plugin):
    def each(value):
        if isinstance(value, list):
            return [each(part) for part in value]
        return F(value).limit_denominator(1000) if isinstance(value, float) else value

    return {name: each(value) for name, value in examples.first_settings(plugin).items()}


@pytest.mark.parametrize("strategy", draws.STRATEGIES, ids=str)
def test_every_strategy_keeps_fractions(strategy, exact_stack):
    game = exact_stack
    if not isinstance(strategy, str):
        ((name, settings),) = strategy.items()
        strategy = {name: {k: F(str(v)) if isinstance(v, float) else v for k, v in settings.items()}}
    try:
        automata = profile_of(game, strategy)
    except InexactError:
        raise
    except gl.GameError:
        automata = profile_of(gl.repeated(dilemma(), discount_factor=F(9, 10)), strategy)
    for automaton in automata:
        chances = automaton.chances()
        assert all(type(chance) is Fraction for chance in chances.flat)
        assert (chances.sum(axis=-1) == 1).all()


@given(rule=st.sampled_from(["rotate", "lottery", "favour"]), high=st.integers(2, 9))
def test_a_battle_with_a_convention_in_fractions(rule, high):
    """Rotation pays (a + db)/(1 + d) to whoever starts; a lottery (a + b)/2 to both."""
    d = F(9, 10)
    with exactly():
        stage = gl.battle(high=high, low=1)
    player = {"player": "player_2"} if rule == "favour" else {}
    game = gl.convention(gl.repeated(stage, discount_factor=d), rule=rule, **player)
    expected = {
        "rotate": [(high + d) / (1 + d), (1 + d * high) / (1 + d)],
        "lottery": [F(high + 1, 2)] * 2,
        "favour": [1, high],
    }
    assert gl.value(game, "always_cooperate").payoffs.tolist() == expected[rule]


def test_two_moves_in_a_round_in_fractions():
    with exactly():
        stage = gl.time_inconsistency(value=10, cost=2, payment=Decimal("4.5"))
    below, at = (gl.repeated(stage, discount_factor=d) for d in (F(449, 1000), F(45, 100)))
    assert gl.certify(below, "grim").verdict == "fails"
    assert gl.certify(at, "grim").max_gain == 0


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (0.9, "detection: 0.9 is a rounded number"),
        (np.float64(0.5), "0.5 is a rounded number"),
        (np.array([F(1, 2), F(1, 3)]), "one game at a time"),
        ("9/10", "'9/10' is not a number from 0 to 1"),
        (F(3, 2), "3/2 is not a number from 0 to 1"),
        (Decimal("nan"), "NaN is not a number from 0 to 1"),
    ],
)
def test_what_a_setting_of_an_exact_game_refuses(setting, words):
    game = gl.repeated(dilemma(), discount_factor=F(1, 2))
    with pytest.raises(gl.GameError) as told:
        gl.monitoring(game, detection=setting)
    assert words in str(told.value)


@settled
def rounding(game, *, share: Probability):
    """Rounding: computes in floats."""
    return add_flow(game, "rounding.cost", "cost", by_profile=np.full((1, 1, 1, 3), -float(share)))


@settled
def growing(game, *, share: Probability):
    """Growing: needs what fractions do not have."""
    return add_flow(game, "growing.cost", "cost", by_profile=np.exp(share) * np.full((1, 1, 1, 3), -1))


@pytest.mark.parametrize("plugin", [rounding, growing])
def test_a_plugin_that_computes_in_floats_is_named(plugin):
    game = gl.repeated(dilemma(), discount_factor=F(1, 2))
    with pytest.raises(InexactError, match=f"{plugin.__name__} cannot keep to fractions"):
        plugin(game, share=F(1, 2))
    assert plugin(gl.repeated(gl.prisoners_dilemma(**PAYOFFS), discount_factor=0.5), share=F(1, 2)).flows


def test_a_rounded_field_is_named():
    game = gl.repeated(dilemma(), discount_factor=F(1, 2))
    with pytest.raises(InexactError, match="probabilities: "):
        game.replace(probabilities=game.probabilities.astype(float))
    mixed = np.array(game.fallback)
    mixed[0, 0, 0, 0] = 0.0
    with pytest.raises(InexactError, match="fallback: 0 is a rounded number"):
        game.replace(fallback=mixed)


def test_probabilities_of_an_exact_game_sum_to_exactly_1():
    game = gl.repeated(dilemma(), discount_factor=F(1, 2), misreading=F(1, 10))
    off = np.array(game.probabilities)
    off[0, 0, 0, 0] += F(1, 10**12)
    with pytest.raises(gl.GameError, match="sum to 1"):
        game.replace(probabilities=off)
    assert game.replace(exact=False, probabilities=off).exact is False


def test_a_root_is_taken_where_it_is_a_fraction():
    assert root(fractions([F(4, 9)])).tolist() == [F(2, 3)]
    with pytest.raises(InexactError, match="square root of 2"):
        root(fractions([2]))
    assert root(np.array([2.0])).tolist() == [math.sqrt(2)]
    with exactly():
        stage = gl.battle(high=3, low=2)
    with pytest.raises(InexactError, match="insist cannot keep to fractions"):
        gl.value(gl.repeated(stage, discount_factor=F(9, 10)), "insist")


def test_fractions_outside_of_exactly_are_floats_as_ever():
    game = gl.repeated(gl.prisoners_dilemma(**PAYOFFS), discount_factor=F(9, 10), misreading=F(1, 10))
    assert not game.exact
    assert game.probabilities.dtype == np.float64
    assert gl.value(game, "grim").payoffs.dtype == np.float64
    mixed = np.array([[[[F(1, 2), 0.5]]]], dtype=object)
    assert (
        gl.Automaton(name="x", states=("q",), start=0, action=mixed, next=np.zeros((1, 1, 2, 1))).action.dtype
        == float
    )


def test_what_is_built_on_a_rounded_stage_stays_rounded_within_exactly():
    stage = gl.prisoners_dilemma(**PAYOFFS)
    with exactly():
        game = gl.monitoring(gl.repeated(stage, discount_factor=0.9), detection=0.9)
        assert not game.exact
        assert str(gl.certify(game, "grim").verdict) == "holds"


def test_automata_with_rounded_probabilities_are_refused():
    game = gl.repeated(dilemma(), discount_factor=F(1, 2))
    shape = {"name": "mixes", "states": ("q",), "start": 0, "next": np.zeros((1, 1, 2, 4), dtype=int)}
    rounded = gl.Automaton(action=np.array([[[[0.5, 0.5]]]]), **shape)
    with pytest.raises(InexactError, match="mixes has rounded probabilities"):
        gl.value(game, [rounded, "grim"])
    pure = gl.Automaton(action=np.array([[[[1, 0]]]]), **shape)
    assert gl.value(game, [pure, "always_defect"]).payoffs.tolist() == [0, 5]
    with exactly():
        half = gl.Automaton(action=np.array([[[[F(1, 2), F(1, 2)]]]]), **shape)
    assert gl.value(game, [half, "always_defect"]).payoffs.tolist() == [F(1, 2), 3]


@given(st.fractions())
def test_a_fraction_stays_what_it_is(number):
    assert fraction(number) == number
    assert fractions([number]).tolist() == [number]


def test_fractions_takes_whole_numbers_of_numpy_and_truth_values():
    assert [type(x) for x in fractions(np.array([True, False]))] == [Fraction, Fraction]
    assert fractions(np.arange(3)).tolist() == [0, 1, 2]
    assert fractions(np.zeros((2, 0))).shape == (2, 0)
    with pytest.raises(InexactError):
        fraction(1.0)


def test_normal_form_in_fractions():
    table = [[[F(1, 3), 4], [1, 3]], [[3, 1], [2, 2]]]
    with exactly():
        game = gl.normal_form(payoffs=table, fallback=[{"1": F(1, 3), "2": F(2, 3)}, "2"])
        with pytest.raises(InexactError, match="normal_form cannot keep to fractions for 'payoffs'"):
            gl.normal_form(payoffs=[[[0.5, 1], [1, 1]], [[1, 1], [1, 1]]])
        with pytest.raises(gl.GameError, match="sum to 1"):
            gl.normal_form(payoffs=table, fallback=[{"1": F(1, 3), "2": F(2, 3) + F(1, 10**12)}, "2"])
    assert all(type(number) is Fraction for number in every_number(game))
    assert "1/3, 4" in game._repr_html_()
