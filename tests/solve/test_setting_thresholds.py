"""Thresholds of any setting: closed forms, linear and not, one point, none, unbounded, refusals, dense grids."""

import draws
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
from gamelab.errors import GameError
from gamelab.model.automaton import Automaton
from gamelab.model.combinators import add_signal
from gamelab.solve.crossings import excess
from gamelab.solve.setting_thresholds import admissible, least, sustainable_values
from gamelab.strategies.profile import profile_of

T, R, P, S = 5, 3, 1, 0


def building(make, strategy):
    """Return the build of one setting: ``make`` from its values to a game."""

    def build(values):
        game = make(values)
        return game, profile_of(game, strategy)

    return build


def found(make, strategy, low, high):
    intervals = sustainable_values(building(make, strategy), low, high)
    return intervals if isinstance(intervals, str) else [(i.low, i.high, i.includes) for i in intervals]


def unseen(d=0.9, payoffs=(T, R, P, S)):
    return draws.dilemma(payoffs, discount_factor=d, observe="none")


def fined(q=0.9, f=0.0, d=0.9, act=0.0, r=1.0, fines=(3.0,), **more):
    watched = gl.monitoring(unseen(d), detection=q, false_alarm=f)
    return gl.graduated_sanctions(watched, fines=list(fines), cost_per_act=act, enforcement=r, **more)


close = lambda x: pytest.approx(x, abs=1e-12)  # noqa: E731


# ------------------------------------------------------------------------------------------- closed forms


@pytest.mark.parametrize("d", [0.6, 0.8, 0.9, 0.999])
@pytest.mark.parametrize("e", [0, 0.02, 0.2])
def test_reach_of_publications(d, e):
    # from d* = (T-R) / ((T-R) g + p(1-e)(1-2e)(R-P)), g = 1 - p(1-(1-e)^2), solved for p
    needed = (T - R) * (1 - d) / (d * ((1 - e) * (1 - 2 * e) * (R - P) - (T - R) * (1 - (1 - e) ** 2)))
    expected = [(close(needed), 1, "both")] if 0 <= needed <= 1 else []
    make = lambda p: gl.transparency(unseen(d), reach=p, misreading=e)  # noqa: E731
    assert found(make, "grim", 0, 1) == expected
    present = 1.0
    assert least(building(make, "grim"), present, 0, 1) == (close(needed) if expected else None)


@pytest.mark.parametrize("d", [0.6, 0.9])
def test_accuracy_of_publications(d):
    # the same with accuracy x = 1 - e and reach 1: holds iff d (2 x^2 + x(2x-1) 2) >= 2, a quadratic
    make = lambda x: gl.transparency(unseen(d), misreading=1 - x)  # noqa: E731
    x = max(np.roots([(T - R) + 2 * (R - P), -(R - P), -(T - R) / d]))
    assert found(make, "grim", 0, 1) == ([(close(x), 1, "both")] if x <= 1 else [])


@pytest.mark.parametrize(("q", "f", "r"), [(0.9, 0, 1), (0.9, 0.1, 1), (0.5, 0.2, 0.7)])
@pytest.mark.parametrize("act", [0, 0.4])
def test_a_flat_fine(q, f, r, act):
    # r (q - f)(F + e/2) >= T - R, where the offender bears half of the act
    needed = (T - R) / (r * (q - f)) - act / 2
    make = lambda F: fined(q, f, act=act, r=r, fines=[F])  # noqa: E731
    assert found(make, "comply", 0, np.inf) == [(close(needed), np.inf, "left")]
    assert found(make, "comply", 0, 1e9) == [(close(needed), 1e9, "both")]
    assert found(make, "comply", needed + 1, 50) == [(needed + 1, 50, "both")]
    assert least(building(make, "comply"), 20, 0, np.inf) == close(needed)
    assert least(building(make, "comply"), 1, 0, np.inf) == close(needed)  # the next above


@pytest.mark.parametrize("fine", [2, 3, 8])
def test_detection_and_enforcement_of_a_flat_fine(fine):
    make = lambda q: fined(q, fines=[fine], r=0.8)  # noqa: E731
    needed = (T - R) / (0.8 * fine)
    assert found(make, "comply", 0, 1) == ([(close(needed), 1, "both")] if needed <= 1 else [])
    make = lambda r: fined(0.8, fines=[fine], r=r)  # noqa: E731
    assert found(make, "comply", 0, 1) == ([(close(needed), 1, "both")] if needed <= 1 else [])


def test_detection_has_to_exceed_false_alarms():
    # grim on findings: d* of q, f solved for q; below f even deviations would look better
    f, d = 0.1, 0.9
    needed = f + ((T - R) / d - (T - R) * (1 - f) ** 2) / ((1 - f) * (R - P))
    make = lambda q: gl.monitoring(unseen(d), detection=q, false_alarm=f)  # noqa: E731
    assert found(make, "grim", 0, 1) == [(close(needed), 1, "both")]


def test_of_false_alarms_the_interval_is_on_the_left():
    q, d = 0.9, 0.9
    make = lambda f: gl.monitoring(unseen(d), detection=q, false_alarm=f)  # noqa: E731
    ((low, high, includes),) = found(make, "grim", 0, 1)
    assert (low, includes) == (0, "both")
    assert (T - R) / ((T - R) * (1 - high) ** 2 + (1 - high) * (q - high) * (R - P)) == close(d)
    assert least(building(make, "grim"), 0.01, 0, 1) == 0
    assert least(building(make, "grim"), 0.5, 0, 1) is None  # nowhere above either


def test_payoffs_have_thresholds_too():
    # grim in public: d >= (T-R)/(T-P), so T <= (R - dP)/(1-d); the game itself wants T > R
    make = lambda t: gl.repeated(  # noqa: E731
        gl.prisoners_dilemma(temptation=t, reward=R, punishment=P, sucker=S), discount_factor=0.6
    )
    build = building(make, "grim")
    assert found(make, "grim", 3.1, np.inf) == [(3.1, close((R - 0.6 * P) / 0.4), "both")]
    assert least(build, 5, -np.inf, np.inf) == R  # the edge of what is a dilemma
    assert admissible(build, 5, -np.inf) == (pytest.approx(R), R)
    assert least(build, 7, -np.inf, np.inf) is None
    make = lambda s: draws.dilemma((T, R, P, s), discount_factor=0.6)  # noqa: E731
    assert least(building(make, "grim"), 0, -np.inf, np.inf) == -np.inf
    assert found(make, "grim", -np.inf, 0.5) == [(-np.inf, 0.5, "right")]
    assert found(make, "tit_for_tat", -np.inf, 0.5) == []


# ----------------------------------------------------------------------- one point, none, the ends, no answer


@pytest.mark.parametrize(("payoffs", "d"), [((3, 2, 0, -1), 1 / 3), ((5, 4, 1, 0), 1 / 4)])
def test_one_point(payoffs, d):
    # tit-for-tat is perfect where T + S = R + P and d = (T-R)/(R-S): one temptation, one discount factor
    make = lambda t: draws.dilemma((t, *payoffs[1:]), discount_factor=d)  # noqa: E731
    point = (close(payoffs[0]), close(payoffs[0]), "both")
    assert found(make, "tit_for_tat", payoffs[1] + 0.1, 20) == [point]
    assert found(make, "tit_for_tat", payoffs[0] + 0.1, 20) == []
    assert found(make, "tit_for_tat", payoffs[0], 20) == [point]
    assert found(make, "tit_for_tat", payoffs[0], payoffs[0]) == [point]
    make = lambda d: draws.dilemma(payoffs, discount_factor=d)  # noqa: E731
    assert found(make, "tit_for_tat", 0, 0.99) == [(close(d), close(d), "both")]
    assert least(building(make, "tit_for_tat"), 0.1, 0, 0.9) == close(d)


def test_where_probabilities_become_zero_the_end_is_decided_by_itself():
    make = lambda q: gl.monitoring(unseen(0.9), detection=q, false_alarm=q)  # noqa: E731
    always = building(make, "always_defect")
    assert [(i.low, i.high) for i in sustainable_values(always, 0, 1)] == [(0, 1)]
    # a wrong plan after bad news is no fault where bad news never comes
    wrong = Automaton(
        name="wrong after bad news",
        states=("D", "C"),
        start=0,
        action=np.eye(2)[None, None, [1, 0]],
        next=np.array([[[0, 1]] * 2, [[1, 1]] * 2])[None],
    )

    def build(f):
        stage = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
        game = gl.repeated(stage, discount_factor=0.9, observe="none")
        game, (f,) = game.spread(f)
        chance = np.stack([1 - f, f], axis=-1)[:, None, None].repeat(4, axis=2)
        return add_signal(game, ("good", "bad"), np.tile([0, 1], (2, 1)), given_profile=chance), [wrong] * 2

    assert [(i.low, i.high) for i in sustainable_values(build, 0, 1)] == [(0, 0)]
    assert least(build, 0, 0, 1) == 0
    assert least(build, 0.5, 0, 1) is None


def test_a_setting_that_nothing_depends_on():
    assert found(lambda v: unseen(0.9), "always_defect", 0, 1) == [(0, 1, "both")]
    assert found(lambda v: unseen(0.9), "always_defect", 0, np.inf) == [(0, np.inf, "left")]
    assert found(lambda v: unseen(0.9), "always_cooperate", -np.inf, np.inf) == []


def test_no_answer_where_players_cannot_tell():
    make = lambda e: draws.dilemma(discount_factor=0.9, observe="private", misreading=e)  # noqa: E731
    assert found(make, "grim", 0, 0.5) == "not known"
    assert least(building(make, "grim"), 0.1, 0, 0.5) == "not known"
    assert found(make, "grim", 0.1, 0.1) == "not known"
    assert found(make, "always_defect", 0, 0.5) == [(0, 0.5, "both")]


def test_refusals():
    make = lambda q: gl.monitoring(unseen(), detection=q)  # noqa: E731
    build = building(make, "grim")
    assert admissible(build, 0.5, np.inf) == (1, 1)
    assert admissible(build, 0.5, -np.inf) == (0, 0)
    assert admissible(build, 0.5, 0.2) == (0.2, 0.2)
    with pytest.raises(GameError):
        sustainable_values(build, 0, 2)
    assert least(build, 0.1, -np.inf, np.inf) == close(0.1 / 0.9)  # (1-d)(T-R) / (d (R-P)), from below
    assert least(build, 0.9, -np.inf, np.inf) == close(0.1 / 0.9)

    def gap(q):
        if ((q > 0.3) & (q < 0.4)).any():
            raise GameError("not these")
        return build(q)

    assert least(gap, 0.9, 0, 1) == close(0.4) or least(gap, 0.9, 0, 1) == "not known"


def two_pieces(v):
    """Return games that hold from 0.2 to 0.4 and from 0.7 on, and at 0.5 alone: a fine that comes and goes."""
    need = T - R
    fine = need + np.minimum.reduce([np.abs(v - 0.5), 0 * v + 9]) * 0
    fine = fine + np.where(v < 0.45, 0.1 - np.abs(v - 0.3), np.where(v < 0.6, -np.abs(v - 0.5), v - 0.7))
    return gl.graduated_sanctions(gl.monitoring(unseen(), detection=1), fines=[fine])


@pytest.mark.slow
def test_several_intervals_and_a_touching_point():
    close_to = lambda x: pytest.approx(x, abs=1e-8)  # noqa: E731
    assert [(low, high) for low, high, _ in found(two_pieces, "comply", 0, 1)] == [
        (close_to(0.2), close_to(0.4)),
        (close_to(0.5), close_to(0.5)),
        (close_to(0.7), 1),
    ]
    build = building(two_pieces, "comply")
    for present, wanted in [(0.1, 0.2), (0.3, 0.2), (0.45, 0.5), (0.6, 0.7), (0.9, 0.7)]:
        assert least(build, present, 0, 1) == close_to(wanted)


@pytest.mark.parametrize(("middle", "half"), [(0.5, 1e-3), (0.50123, 1e-4), (0.123456, 1e-5)])
@pytest.mark.parametrize("sign", [1, -1])
def test_narrow_windows_between_two_points_of_the_grid(middle, half, sign):
    """One gain changes its sign twice within one cell: a window where it holds, or one where it fails."""

    def make(v):
        fine = T - R + sign * (half - np.abs(v - middle))
        return gl.graduated_sanctions(gl.monitoring(unseen(), detection=1), fines=[fine])

    ends = [(low, high) for low, high, _ in found(make, "comply", 0, 1)]
    low, high = pytest.approx(middle - half, abs=2e-8), pytest.approx(middle + half, abs=2e-8)
    assert ends == ([(low, high)] if sign == 1 else [(0, low), (high, 1)])


# -------------------------------------------------------------------------------------- dense grids, and laws


SETTINGS = ("misreading", "tremble", "reach", "publication", "detection", "false_alarm", "enforcement")


@settings(max_examples=up_to(15))
@given(
    st.sampled_from(["public", "published", "watched", "fined", "fined and ended"]),
    st.sampled_from([*SETTINGS, "forgiveness", "discount_factor"]),
    st.sampled_from(draws.STRATEGIES),
    st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.6, 0.9, 1.0]), min_size=9, max_size=9),
    st.sampled_from([None, None, None, 2]),
)
def test_against_a_dense_grid(name, setting, strategy, values, rounds):
    at = dict(zip((*SETTINGS, "forgiveness", "discount_factor"), values, strict=True))
    at["discount_factor"] = min(at["discount_factor"], 0.95)
    top = 0.95 if setting == "discount_factor" else 1.0

    def build(v):
        game = draws.arranged(name, {**at, setting: v}, rounds=rounds)
        return game, profile_of(game, strategy)

    try:
        intervals = sustainable_values(build, 0.0, top)
    except GameError:
        assume(False)
    if intervals == "not known":
        return
    grid = np.linspace(0, top, 241)
    holds = np.broadcast_to(excess(build, grid) <= 0, grid.shape)
    edges = np.array([edge for one in intervals for edge in (one.low, one.high)])
    for v, held in zip(grid, holds, strict=True):
        if len(edges) == 0 or np.abs(edges - v).min() > 1e-6:
            assert held == any(v in one for one in intervals), (v, intervals)
    assert (excess(build, edges) <= 1e-9).all() if len(edges) else True


@settings(max_examples=up_to(10))
@given(
    st.sampled_from(["reach", "detection", "fine", "enforcement"]),
    st.sampled_from([1.0, 1e-6, 1e6]),
    st.sampled_from([0.0, 1e9, -1e9]),
    st.sampled_from([0.55, 0.7, 0.9]),
    st.sampled_from([0.0, 0.05]),
)
def test_scale_and_shift_change_no_threshold(setting, scale, shift, d, f):
    """Thresholds of chances stay where they are; those of fines are scaled, whatever is added to all payoffs."""

    def make(v, scale=1.0, shift=0.0):
        game = unseen(d, [scale * x + shift for x in (T, R, P, S)])
        if setting == "reach":
            return gl.transparency(game, reach=v, misreading=f)
        game = gl.monitoring(game, detection=v if setting == "detection" else 0.9, false_alarm=f)
        if setting == "detection":
            return game
        fine = scale * (3.0 if setting == "enforcement" else v)
        return gl.graduated_sanctions(game, fines=[fine], enforcement=v if setting == "enforcement" else 1)

    strategy = "grim" if setting in ("reach", "detection") else "comply"
    high = 10.0 if setting == "fine" else 1.0
    plain = found(make, strategy, 0, high)
    moved = found(lambda v: make(v, scale, shift), strategy, 0, high)
    tolerance = 1e-9 + 1e-15 * abs(shift) / scale
    assert len(plain) == len(moved)
    for one, other in zip(plain, moved, strict=True):
        assert one == (
            pytest.approx(other[0], abs=tolerance),
            pytest.approx(other[1], abs=tolerance),
            other[2],
        )
