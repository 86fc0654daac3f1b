"""One signal of what all did together: probabilities cell by cell, and the closed forms of the literature."""

from fractions import Fraction

import example_games as examples
import numpy as np
import pytest

import gamelab as gl
from gamelab.errors import GameError
from gamelab.solve.agreement import why_impossible
from gamelab.strategies.profile import profile_of


def efforts(p, q, r, d, exact=False):
    """Return Mailath and Samuelson's game: efforts EE 2, 2; ES -1, 3; SS 0, 0, and a signal that is good or bad."""
    with gl.exactly(exact):
        stage = gl.prisoners_dilemma(temptation=3, reward=2, punishment=0, sucker=-1)
    return gl.public_signal(gl.repeated(stage, discount_factor=d, observe="none"), good=[p, q, r])


@pytest.mark.parametrize("name", [*examples.SIMPLE, "trust"])
@pytest.mark.parametrize("ground", ["none", "public noise", "tremble"])
@pytest.mark.parametrize("length", [1, 2, 3, 4, "cells"])
def test_probabilities_cell_by_cell(name, ground, length):
    """The good signal comes with the chance of so many deviations, or of the cell, by what was really done."""
    before = examples.ground(name, ground)
    n, P = before.n, len(before.profiles)
    if length == 4 and n == 2:
        length = 3
    good = [round(0.9 - 0.7 * k / P, 3) for k in range(P if length == "cells" else length)]
    after = gl.public_signal(before, good=good)
    for s in range(len(before.states)):
        chooses = before.has_choice[s]
        for p in np.flatnonzero(before.allowed_profiles[s]):
            expected = {}
            for y in range(len(before.outcomes)):
                chance = np.broadcast_to(
                    before.probabilities, (1, len(before.states), P, len(before.outcomes))
                )
                done = [
                    d if d >= 0 else a for d, a in zip(before.deeds[:, y], before.profiles[p], strict=True)
                ]
                deviated = sum(chooses[i] and not before.keeps[s, i, done[i]] for i in range(n))
                cell = int(np.ravel_multi_index(done, before.sizes))
                share = good[cell if length == "cells" else min(deviated, len(good) - 1)]
                for verdict, part in ((1, share), (2, 1 - share)) if chooses.any() else ((0, 1),):
                    key = (before.views[0, y], tuple(verdict if choice else 0 for choice in chooses))
                    expected[key] = expected.get(key, 0) + chance[0, s, p, y] * part
            found = {}
            for k, chance in enumerate(after.probabilities[0, min(s, after.probabilities.shape[1] - 1), p]):
                y = [
                    o for o in range(len(before.outcomes)) if after.outcomes[k].startswith(before.outcomes[o])
                ][-1]
                key = (before.views[0, y], tuple(after.finding[:, k]))
                found[key] = found.get(key, 0) + chance
            assert {k: v for k, v in found.items() if v} == pytest.approx(
                {k: v for k, v in expected.items() if v}
            )


def test_names_and_sight():
    game = gl.public_signal(examples.ground("team", "none"), good=[0.9, 0.5])
    assert game.outcomes == ("good signal", "bad signal")
    assert game.finding.tolist() == [[1, 2]] * 3
    assert game.views.tolist() == [[0, 1]] * 3
    assert (game.conduct == -1).all()
    moves = gl.public_signal(examples.ground("trust", "none"), good=[0.9, 0.5])
    words = {name.partition("; ")[2] for name in moves.outcomes}
    assert words == {"no signal"} | {
        f"{word} signal of player_{k}" for word in ("good", "bad") for k in (1, 2)
    }


@pytest.mark.parametrize(
    ("payer", "amounts"), [("participants", [-0.3, -0.3, -0.3, 0]), ("authority", [0, 0, 0, -0.9])]
)
def test_who_bears_the_cost(payer, amounts):
    game = gl.public_signal(examples.ground("team", "none"), good=[1], cost=0.3, paid_by=payer)
    np.testing.assert_allclose(gl.value(game, "comply").ledger["public_signal.cost"], amounts)


def test_lists_of_other_lengths_are_refused():
    for length in (5, 7, 9):
        with pytest.raises(
            GameError, match=rf"has {length} numbers; write up to 4, for 0 to 3 players who deviate, or 8"
        ) as refusal:
            gl.public_signal(examples.ground("team", "none"), good=[0.5] * length)
        assert refusal.value.key == "good"


@pytest.mark.parametrize("ground", ["findings", "ladder"])
def test_what_is_judged_already_is_refused(ground):
    with pytest.raises(GameError, match="findings are made already; public_signal would make more"):
        gl.public_signal(examples.ground("dilemma", ground), good=[0.9, 0.5])
    signalled = gl.public_signal(examples.ground("dilemma", "none"), good=[0.9, 0.5])
    with pytest.raises(GameError, match="findings are made already; monitoring would make more"):
        gl.monitoring(signalled, detection=0.5)


def test_an_agreement_is_needed():
    with pytest.raises(GameError, match=r"public_signal needs an agreement .* put a convention before it"):
        gl.public_signal(examples.ground("battle", "none"), good=[0.9, 0.5])


def test_who_deviated_cannot_be_told():
    signalled = gl.public_signal(examples.ground("dilemma", "none"), good=[0.9, 0.5])
    with pytest.raises(GameError, match="needs to see who deviated, and a public signal tells only whether"):
        gl.value(signalled, "win_stay_lose_shift")
    seen = gl.public_signal(examples.ground("dilemma", "public"), good=[0.9, 0.5])
    for game in (gl.transparency(signalled), seen):  # the record of everybody's conduct is read first
        assert gl.value(game, "win_stay_lose_shift").cooperation == 1


# Mailath and Samuelson (2006), Repeated Games and Reputations, chapter 7
EFFORTS = [
    # p, q, r; the least d of grim; the interval of effort after good, shirk after bad signals
    ("9/10", "3/5", "1/2", "2/3", None),
    ("4/5", "2/5", "1/5", "5/8", ("5/7", 1)),
]


@pytest.mark.parametrize(("p", "q", "r", "least", "interval"), EFFORTS)
@pytest.mark.parametrize("exact", [False, True])
def test_efforts(p, q, r, least, interval, exact):
    kind = Fraction if exact else lambda text: float(Fraction(text))
    p, q, r, d = kind(p), kind(q), kind(r), kind("3/4")
    game = efforts(p, q, r, d, exact)
    close = (lambda number: number) if exact else (lambda number: pytest.approx(number, abs=1e-12))
    assert gl.value(game, "grim").payoffs[0] == close(2 * (1 - d) / (1 - d * p))
    VE = 2 * (1 - d * (1 - r)) / (1 - d * (p - r))
    assert gl.value(game, "tit_for_tat").payoffs[0] == close(VE)
    # play that starts after a bad signal: VS = 2dr/(1-d(p-r))
    with gl.exactly(exact):
        shirks = [
            gl.Automaton(name="after bad", states=plan.states, start=1, action=plan.action, next=plan.next)
            for plan in profile_of(game, "tit_for_tat")
        ]
    assert gl.value(game, shirks).payoffs[0] == close(2 * d * r / (1 - d * (p - r)))
    assert 1 / (3 * p - 2 * q) == close(kind(least))
    (found,) = gl.sustainable_discount_factors(game, "grim")
    assert (found.low, found.high) == (pytest.approx(float(Fraction(least)), abs=1e-9), 1)
    found = gl.sustainable_discount_factors(game, "tit_for_tat")
    if interval is None:
        assert found == []
    else:
        low, high = 1 / (3 * p - 2 * q - r), 1 / (p + 2 * q - 3 * r)
        assert (low, min(high, 1)) == (close(kind(interval[0])), 1)
        assert [(one.low, one.high) for one in found] == [(pytest.approx(float(low), abs=1e-9), 1)]
    if exact:
        (found,) = gl.sustainable_discount_factors(game, "grim")
        assert found.exact["from"] == least
        assert found.exact["confirmed"]


@pytest.mark.parametrize(
    ("reward", "punishment", "bad", "rounds", "d", "published"),
    [(10, 6, "1/10", 5, "9/10", 8.92278228), (50, 40, "1/4", 3, "4/5", 46.72043011)],
)
@pytest.mark.parametrize("exact", [False, True])
def test_trigger_prices(reward, punishment, bad, rounds, d, published, exact):
    """Green and Porter (1984): after a low price Cournot for T rounds; F is the chance of a low price."""
    kind = Fraction if exact else lambda text: float(Fraction(text))
    F, d = kind(bad), kind(d)
    with gl.exactly(exact):
        stage = gl.prisoners_dilemma(
            temptation=2 * reward, reward=reward, punishment=punishment, sucker=punishment - 1
        )
    game = gl.repeated(stage, discount_factor=d, observe="none")
    game = gl.public_signal(game, good=[1 - F, kind("1/2"), kind("1/3")])
    worth = gl.value(game, {"limited_punishment": {"rounds": rounds}}).payoffs[0]
    form = punishment + (1 - d) * (reward - punishment) / (1 - d + (d - d ** (rounds + 1)) * F)
    assert worth == (form if exact else pytest.approx(form, abs=1e-12))
    assert float(worth) == pytest.approx(published, abs=5e-9)


def test_grim_of_three_holds_from_the_closed_form():
    """With the chances of cells that make each deviation a worse sign, for players of different weight."""
    T, R, P = 1.2 * 2, 1.2 * 3 - 2, 0  # the team of three: deviating alone pays 2.4, all together 1.6
    for q in (0.3, 0.6):
        p = 0.9
        least = (T - R) / (p * (T - R) + (p - q) * (R - P))
        game = gl.public_signal(
            gl.repeated(examples.team(), discount_factor=0.5, observe="none"), good=[p, q, 0.1, 0]
        )
        found = gl.sustainable_discount_factors(game, "grim")
        assert [(one.low, one.high) for one in found] == [(pytest.approx(least, abs=1e-9), 1)]
        worth = gl.value(game, "grim").payoffs
        np.testing.assert_allclose(worth, P + 0.5 * (R - P) / (1 - 0.5 * p))


def test_cells_tell_who_is_watched_better():
    """Where only the second player's deviation shows, the first one deviates."""
    game = gl.repeated(examples.dilemma(), discount_factor=0.9, observe="none")
    seen = gl.certify(gl.public_signal(game, good=[0.9, 0.2, 0.2, 0.2]), "grim")
    half = gl.certify(gl.public_signal(game, good=[0.9, 0.2, 0.9, 0.2]), "grim")
    assert (seen.verdict, half.verdict) == ("holds", "fails")
    assert half.where["player"] == "player_1"


def test_fines_on_all_deter():
    """Group penalties: a flat fine F on all after a bad signal deters from (p - q) F = T - R on, at every d."""
    stage, p, q = examples.dilemma(), 0.9, 0.4
    for fine, verdict in [(2 / (p - q) - 0.01, "fails"), (2 / (p - q) + 0.01, "holds")]:
        game = gl.public_signal(gl.repeated(stage, discount_factor=0.1, observe="none"), good=[p, q, 0])
        game = gl.graduated_sanctions(game, fines=[fine])
        assert gl.certify(game, "comply").verdict == verdict
        np.testing.assert_allclose(
            gl.value(game, "comply").ledger["graduated_sanctions.fine"][:2], -(1 - p) * fine
        )


def test_without_news_nothing_can_be_kept():
    """Where the signal says nothing of conduct, no equilibrium keeps the agreement."""
    game = gl.public_signal(
        gl.repeated(examples.dilemma(), discount_factor=0.9, observe="none"), good=[0.5, 0.5, 0.5]
    )
    assert "nobody ever sees it" in why_impossible(game)
    better = gl.public_signal(
        gl.repeated(examples.dilemma(), discount_factor=0.9, observe="none"), good=[0.5, 0.4, 0.5]
    )
    assert why_impossible(better) is None
