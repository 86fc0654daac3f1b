"""Populations: against exact values, against exact contagion, in parts, in bounded memory, and what is refused."""

import tracemalloc

import example_games as examples
import numpy as np
import pytest

import gamelab as gl
from gamelab.simulate.population import population as room
from gamelab.simulate.population.persons import groups_of

T, R, P, S = 5, 3, 1, 0
STAGE = gl.prisoners_dilemma(temptation=T, reward=R, punishment=P, sucker=S)
GAME = gl.repeated(STAGE, discount_factor=0.9)


def chi_square_limit(n):
    """Return what a chi-square of n degrees of freedom exceeds with a chance of about 1 in 10,000."""
    return n * (1 - 2 / (9 * n) + 3.72 * np.sqrt(2 / (9 * n))) ** 3


COUPLES = [
    ("dilemma", "public noise", ["tit_for_tat", "grim"]),
    ("dilemma", "private noise", ["win_stay_lose_shift", {"generous_tit_for_tat": {"generosity": 0.3}}]),
    ("dilemma", "tremble", ["win_stay_lose_shift", "tit_for_two_tats"]),
    ("dilemma", "private tremble", ["tit_for_tat", "tit_for_tat"]),
    ("dilemma", "ladder", ["comply", "always_defect"]),
    ("dilemma", "ladder", [{"comply_until": {"level": 1}}, "comply"]),
    ("dilemma", "transparent", ["grim", "tit_for_tat"]),
    ("dilemma", "findings", [{"limited_punishment": {"rounds": 2}}, "comply"]),
    ("three actions", "private noise", ["tit_for_tat", {"limited_punishment": {"rounds": 2}}]),
    ("three actions", "ladder", ["comply", "comply"]),
    ("battle", "public", ["stage_nash", "stage_nash"]),
    ("trust", "public noise", ["always_cooperate", "grim"]),
    ("trust", "tremble", ["tit_for_tat", "honour"]),
    ("trust", "ladder", ["comply", "comply"]),
]


@pytest.mark.slow
def test_two_persons_in_fixed_seats_are_the_repeated_game():
    """All ledger lines, accounts and cooperation agree with exact values: one joint test."""
    rounds, total, count = 12, 0.0, 0
    for number, (stage, ground, couple) in enumerate(COUPLES):
        game = examples.ground(stage, ground)
        persons = [(couple, 1), (couple, 1)]  # one for each seat, counted apart
        seen = gl.rematch(
            game, persons, population=2, rounds=rounds, replications=2000, seats="fixed", seed=number
        )
        at_end = game.replace(rounds=rounds, discount_factor=np.ones_like(game.discount_factor))
        exact = gl.value(at_end, couple)
        for line, amounts in exact.ledger.items():
            wanted = [*amounts[:2], *(amounts[2:] / 2)]  # what the authority gets is divided by all persons
            for found, error, right in zip(seen.ledger[line], seen.ledger_errors[line], wanted, strict=True):
                if error < 1e-12:
                    assert found == pytest.approx(right, abs=1e-9), (stage, ground, line)
                else:
                    total, count = total + ((found - right) / error) ** 2, count + 1
        assert (np.abs(seen.payoffs - exact.payoffs) <= 6 * seen.standard_errors + 1e-9).all()
        if np.isfinite(exact.cooperation) and stage != "trust":  # where every round has as many moves
            apart = abs(seen.cooperation.mean() - float(exact.cooperation))
            assert apart <= 4 * seen.cooperation_errors.mean() + 1e-9
    assert count > 30
    assert total < chi_square_limit(count), (total, count)


def test_shirkers_in_a_population_with_records():
    """Payoffs of those who discriminate and of shirkers, by hand, over many reaches and shares: a joint test."""
    total, count, N, rounds = 0.0, 0, 30, 15
    for k, (p, shirkers) in enumerate([(0.2, 3), (0.5, 6), (0.8, 1), (1, 10), (0.9, 15), (0, 4)]):
        name = "always_cooperate" if p == 0 else "discriminate"
        seen = gl.rematch(
            GAME, {name: N - shirkers, "always_defect": shirkers}, population=N, rounds=rounds,
            replications=400, reach=p, seed=k,
        )  # fmt: skip
        met, own = shirkers / (N - 1), (shirkers - 1) / (N - 1)
        first = ((1 - met) * R + met * S, (1 - own) * T + own * P)
        later = ((1 - met) * R + met * (p * P + (1 - p) * S), (1 - own) * (p * P + (1 - p) * T) + own * P)
        wanted = (np.array(first) + (rounds - 1) * np.array(later)) / rounds
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (seen.payoffs - wanted) / seen.standard_errors
        sure = seen.standard_errors < 1e-12
        assert seen.payoffs[sure] == pytest.approx(wanted[sure])
        total, count = total + (z[~sure] ** 2).sum(), count + (~sure).sum()
        assert (seen.bad_standing[1:, 1] == 1).all()
        assert (seen.bad_standing[:, 0] == 0).all()
    assert total < chi_square_limit(count), (total, count)


def test_spread_of_contagion():
    """The mean number of persons who deviate, in one round of each of many populations: a joint test."""
    total, count = 0.0, 0
    for k, (N, start) in enumerate([(6, 1), (10, 1), (10, 3), (20, 1), (40, 2), (64, 1), (100, 1)]):
        seen = gl.rematch(
            GAME,
            {"grim": N - start, "always_defect": start},
            population=N,
            rounds=7,
            replications=500,
            seed=k,
        )
        exact = gl.contagion(GAME, population=N).infected(7, start=start)
        assert seen.departing[0] == start
        round_ = 2 + k % 5
        assert seen.departing_errors[round_] > 0
        total += ((seen.departing[round_] - exact[round_]) / seen.departing_errors[round_]) ** 2
        count += 1
    assert total < chi_square_limit(count), (total, count)


def test_contagion_between_two_sides():
    """In fixed seats partners come from the other side: after j on each side the next number is 2j - x."""
    n, rounds = 5, 4
    chance = np.zeros(n + 1)
    chance[1] = 1  # the intruder's first partner is infected at once, so that one on each side is
    wanted = [1.0, 2.0]
    from math import comb

    for _ in range(rounds - 2):
        after = np.zeros(n + 1)
        for j in range(1, n + 1):
            for x in range(max(0, 2 * j - n), j + 1):
                after[2 * j - x] += chance[j] * comb(j, x) * comb(n - j, j - x) / comb(n, j)
        chance = after
        wanted.append(2 * chance @ np.arange(n + 1))
    seen = gl.rematch(
        GAME, {"grim": 9, "always_defect": 1}, population=10, rounds=rounds, replications=4000, seats="fixed"
    )
    z = (seen.departing[2:] - wanted[2:]) / seen.departing_errors[2:]
    assert seen.departing[:2].tolist() == wanted[:2]
    assert np.abs(z).max() < 4


@pytest.mark.parametrize("record", ["standing", "conduct"])
def test_mistakes_and_forgiveness(record):
    """With trembles, perfect records and limited bad standing, standing cooperates more than image scoring."""
    game = gl.repeated(STAGE, discount_factor=0.9, tremble=0.05)
    seen = gl.rematch(game, "discriminate", population=300, rounds=60, record=record, punishment=1)
    late = seen.cooperation[30:].mean()
    if record == "standing":
        # a person is bad iff the last deed was an unjustified deviation: b = .95 * share of trembles ...
        # against a good partner a deviation is a tremble (.05); against a bad one it harms nobody
        b = 0.05 / 1.05  # b = .05 (1 - b), as a deviation from a partner in bad standing does no harm
        assert seen.bad_standing[30:, 0].mean() == pytest.approx(b, abs=0.005)
        assert late == pytest.approx(0.95 * (1 - b) + 0.05 * b, abs=0.005)
    else:
        # image scoring: bad next = .05 (1 - b) + .95 b, which is 1/2
        assert late == pytest.approx(0.5, abs=0.02)


def test_levels_travel_with_the_person():
    """A shirker's level rises with every finding, whoever the partner is; fines follow."""
    game = gl.repeated(STAGE, discount_factor=0.9, observe="none")
    game = gl.monitoring(game, detection=1, cost=0.15, paid_by="authority")
    game = gl.graduated_sanctions(game, fines=[1, 2, 4])
    seen = gl.rematch(game, {"comply": 0.9, "always_defect": 0.1}, population=200, rounds=10)
    fines = seen.ledger["graduated_sanctions.fine"]
    assert fines[1] == pytest.approx(-(1 + 2 + 8 * 4) / 10)  # levels 0, 1, then 2 for good
    assert fines[0] == 0
    assert seen.ledger["monitoring.cost"] == pytest.approx(
        [0, 0, -0.15]
    )  # what one person costs the authority
    assert seen.accounts == ("comply", "always_defect", "authority")


def test_turnover():
    """A shirker is bad after its first round, unless its partner's bad standing was seen, or it was replaced."""
    seen = gl.rematch(
        GAME, {"discriminate": 0.8, "always_defect": 0.2}, population=500, rounds=60, turnover=0.25, reach=1
    )
    share = 0.75
    for _ in range(50):
        share = 0.75 * (share + (1 - share) * (1 - share * 100 / 499))
    assert seen.bad_standing[20:, 1].mean() == pytest.approx(share, abs=0.005)
    forgotten = gl.rematch(GAME, {"grim": 0.99, "always_defect": 0.01}, population=500, rounds=60, turnover=1)
    assert forgotten.cooperation[-1] == pytest.approx(forgotten.cooperation[0])


def test_misread_records():
    """Kept is recorded as deviated with probability e: for ever, the share of bad is 1 - (1-e)^t."""
    seen = gl.rematch(
        GAME, {"always_cooperate": 1.0}, population=1000, rounds=20, misreading=0.1, record="conduct"
    )
    assert seen.bad_standing[:, 0] == pytest.approx(1 - 0.9 ** np.arange(20), abs=0.01)


def test_odd_populations_sit_out():
    seen = gl.rematch(GAME, {"always_cooperate": 3, "always_defect": 2}, population=5, rounds=30)
    assert seen.payoffs.sum() > 0
    # defectors meet cooperators three times in four
    assert seen.payoffs[1] == pytest.approx(0.75 * T + 0.25 * P, abs=0.25)


@pytest.mark.parametrize("seats", ["random", "fixed"])
def test_nothing_depends_on_how_many_are_played_at_once(monkeypatch, seats):
    game = gl.repeated(STAGE, discount_factor=0.9, tremble=0.1, misreading=0.1)
    game = gl.graduated_sanctions(gl.monitoring(game, detection=0.8, cost=0.1), fines=[1, 2])

    def played():
        return gl.rematch(
            game, {"discriminate": 0.6, "tit_for_tat": 0.4}, population=11, rounds=9, replications=13,
            reach=0.5, misreading=0.2, punishment=2, turnover=0.1, seats=seats, seed=5,
        )  # fmt: skip

    whole = played()
    for persons in (1, 40, 70):
        monkeypatch.setattr(room, "PERSONS", persons)
        part = played()
        for name, value in vars(whole).items():
            if isinstance(value, np.ndarray):
                assert np.array_equal(value, getattr(part, name), equal_nan=True), name
            elif name.startswith("ledger"):
                assert all(np.array_equal(value[line], getattr(part, name)[line]) for line in value)


@pytest.mark.parametrize("stage", ["dilemma", "trust"])
def test_standard_errors_are_those_of_the_replications(monkeypatch, stage):
    """From the counts of each replication: of a number its own spread, of a share that of what it leaves over."""
    tallies = []

    def overheard(*arguments):
        for tally in rounds_of(*arguments):
            tallies.append(tally)
            yield tally

    rounds_of = room.rounds_of
    monkeypatch.setattr(room, "rounds_of", overheard)
    game, n = examples.ground(stage, "tremble"), 15
    seen = gl.rematch(game, {"grim": 5, "always_defect": 4}, population=9, rounds=6, replications=n)
    for t, tally in enumerate(tallies):
        kept, moves = tally.kept.sum(axis=1), tally.moves.sum(axis=1)
        share = kept.sum() / moves.sum()
        assert seen.cooperation[t] == pytest.approx(share)
        left = kept - share * moves
        error = np.sqrt((left**2).sum() / (n - 1) / n) / moves.mean()
        assert seen.cooperation_errors[t] == pytest.approx(error)
        deviating = moves - kept
        assert seen.departing[t] == pytest.approx(deviating.mean())
        assert seen.departing_errors[t] == pytest.approx(deviating.std(ddof=1) / np.sqrt(n))
        assert seen.bad_standing[t] == pytest.approx(tally.bad.mean(axis=0) / seen.sizes)
    paid = sum(tally.paid for tally in tallies) / sum(tally.played for tally in tallies)
    for k, line in enumerate(game.flows):
        assert seen.ledger[line][:2] == pytest.approx(paid[k].mean(axis=0))
        assert seen.ledger_errors[line][:2] == pytest.approx(paid[k].std(axis=0, ddof=1) / np.sqrt(n))
    assert seen.payoffs == pytest.approx(paid.sum(axis=0).mean(axis=0))
    assert seen.standard_errors == pytest.approx(paid.sum(axis=0).std(axis=0, ddof=1) / np.sqrt(n))


def test_seeds():
    def payoff(seed):
        return gl.rematch(GAME, {"grim": 9, "always_defect": 1}, population=10, rounds=5, seed=seed).payoffs

    assert np.array_equal(payoff(3), payoff(3))
    assert not np.array_equal(payoff(3), payoff(4))


def test_memory_grows_with_persons_only():
    """100,000 persons take less than 40 MB, whatever the number of rounds and replications."""

    def peak(**chosen):
        tracemalloc.start()
        gl.rematch(GAME, {"discriminate": 0.9, "always_defect": 0.1}, reach=0.5, **chosen)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    once = peak(population=100_000, rounds=2, replications=1)
    assert once < 40e6
    assert peak(population=100_000, rounds=6, replications=2) < 1.2 * once
    few = peak(population=1000, rounds=3, replications=140)
    assert peak(population=1000, rounds=3, replications=420) < 1.2 * few
    assert few < 40e6


def test_results():
    seen = gl.rematch(GAME, {"grim": 0.9, "always_defect": 0.1}, population=50, rounds=6, replications=4)
    frame = seen.to_frame()
    assert frame["group"].tolist() == ["grim", "always_defect"]
    assert frame["persons"].tolist() == [45, 5]
    assert len(seen.to_rounds()) == 12
    assert "always_defect" in seen._repr_html_()
    assert "50 persons over 6 rounds" in repr(seen)
    with pytest.raises(ValueError, match="read-only"):
        seen.payoffs[0] = 1
    assert seen.seats == "random"
    trust = gl.repeated(gl.time_inconsistency(value=10, cost=2, payment=4), discount_factor=0.9)
    assert gl.rematch(trust, "grim", population=10, rounds=2).seats == "fixed"
    alone = gl.rematch(GAME, "grim", population=4, rounds=2, replications=1)
    assert np.isnan(alone.standard_errors).all()
    battle = gl.rematch(gl.repeated(gl.battle(high=3, low=2), rounds=5), "stage_nash", population=8)
    assert battle.rounds == 5
    assert np.isnan(battle.cooperation).all()
    assert np.isnan(battle.to_frame()["cooperation"]).all()
    with gl.exactly():
        exact = gl.repeated(gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0), rounds=3)
    assert gl.rematch(exact, "grim", population=4).payoffs.tolist() == [3]


def test_regard_is_no_payoff():
    kind = gl.altruism(GAME, weight=0.5)
    seen = gl.rematch(kind, "always_cooperate", population=4, rounds=2)
    assert seen.payoffs.tolist() == [3]
    assert seen.ledger["altruism.regard"][0] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"population": 1}, "population: 1 is not a whole number from 2"),
        ({"population": 10.5}, "population: 10.5 is not a whole number"),
        ({"population": 10**9}, "to 1e.07"),
        ({"rounds": 0}, "rounds: 0 is not a whole number from 1"),
        ({"rounds": -3}, "rounds: -3 is not a whole number from 1"),
        ({"rounds": 1e300}, "is not a whole number from 1"),
        ({"replications": 0}, "replications: 0 is not"),
        ({"reach": 1.5}, "reach: 1.5 given; write a number of at least 0, at most 1"),
        ({"misreading": -0.1}, "misreading: -0.1 given; write a number of at least 0, at most 1"),
        ({"turnover": [0.1, 0.2]}, "turnover: .* given; write a number of at least 0, at most 1"),
        ({"punishment": 0}, "punishment: 0 is not a whole number from 1"),
        ({"record": "gossip"}, "record: 'gossip' is not allowed; write standing, conduct or none"),
        ({"seats": np.array([1, 2])}, "write random or fixed"),
        ({"seats": "reserved"}, "seats: 'reserved' is not allowed; write random or fixed"),
        ({"seed": -1}, "seed: -1 is not a whole number"),
    ],
)
def test_refused_in_words(chosen, words):
    with pytest.raises(gl.GameError, match=words):
        gl.rematch(GAME, "grim", **{"population": 10, "rounds": 2} | chosen)


def test_games_that_are_refused():
    with pytest.raises(gl.GameError, match="pairs, and this game has 3 players"):
        gl.rematch(examples.ground("team", "public"), "grim")
    with pytest.raises(gl.GameError, match="this one is a grid"):
        gl.rematch(gl.repeated(STAGE, discount_factor=np.array([0.8, 0.9])), "grim")
    with pytest.raises(gl.GameError, match="write a Game"):
        gl.rematch("dilemma", "grim")
    with pytest.raises(gl.GameError, match="after_last: repeat"):
        gl.rematch(examples.ground("dilemma", "ladder that ends"), "comply")
    with pytest.raises(gl.GameError, match="does not remember the same in both seats"):
        gl.rematch(GAME, ["grim", {"limited_punishment": {"rounds": 3}}], seats="random")


def test_groups_of_is_what_rematch_uses():
    seen = gl.rematch(GAME, {"grim": 0.5, "comply": 0.5}, population=10, rounds=1)
    assert seen.sizes.tolist() == [
        group.size for group in groups_of(GAME, {"grim": 5, "comply": 5}, 10, None)
    ]
