"""Replay: every row of the records follows from the game, the automata and the rows before."""

import tracemalloc

import draws
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_matches import plain_match
from profiles import up_to

import gamelab as gl
from gamelab.simulate.matches import simulation
from gamelab.strategies.profile import profile_of

STAGE = gl.prisoners_dilemma(temptation=5, reward=3, punishment=1, sucker=0)


def ladder(observe="private", **changes):
    game = gl.repeated(STAGE, discount_factor=0.9, observe=observe, tremble=0.1, misreading=0.1, **changes)
    game = gl.monitoring(game, detection=0.9, false_alarm=0.05, cost=0.1)
    return gl.graduated_sanctions(game, fines=[1, 2, 4], forgiveness=0.3, cost_per_act=0.2)


@settings(max_examples=up_to(25), deadline=None)
@given(draws.matches(), st.integers(0, 1000))
def test_rows_are_what_a_plain_loop_sees(match, seed):
    """Deeds, readings, findings, levels and payoffs of every move, each looked up by itself."""
    game, automata = match
    found = gl.simulate(game, automata, 4, seed=seed)
    records, row = found.records(), 0
    for k in range(4):
        for number, move, _, s, p, y, paid in plain_match(found.plays[0], k):
            for i, name in enumerate(game.players):
                assert records.match[row] == k + 1
                assert (records.round[row], records.move[row]) == (number + 1, move + 1)
                deed = game.deeds[i, y] if game.deeds[i, y] >= 0 else game.profiles[p, i]
                told = {
                    "player": name,
                    "state": game.states[s],
                    "intended": game.actions[i][game.profiles[p, i]],
                    "realised": game.actions[i][deed],
                    "read": reading(game, i, y),
                    "verdict": (None, "clean", "offence")[game.finding[i, y]],
                }
                for column, word in told.items():
                    labels = getattr(records, column)
                    code = labels.codes[row]
                    assert (labels.words[code] if code >= 0 else None) == (word or None), column
                assert records.seen[row] == game.views[i, y]
                assert records.level[row] == game.levels[s, i]
                for line, amounts in paid.items():
                    assert records.payoffs[line][row] == pytest.approx(amounts[i], abs=1e-12)
                row += 1
    assert row == len(records)


def reading(game, subject, y):
    """Return what the others read of a deed."""
    record = game.conduct[subject, subject, y]
    if record >= 0:
        return game.actions[subject][record]
    seen = [game.conduct[j, subject, y] for j in range(game.n) if j != subject]
    words = ["-" if a < 0 else game.actions[subject][a] for a in seen]
    return None if not words or set(words) == {"-"} else words[0] if len(set(words)) == 1 else "/".join(words)


def test_what_is_seen_makes_the_next_choice():
    """Tit-for-tat does what it read of the other one, whatever was done."""
    records = gl.simulate(gl.repeated(STAGE, discount_factor=0.9, observe="private", misreading=0.2, tremble=0.1),
                          "tit_for_tat", 200).records()  # fmt: skip
    read, intended = np.array(records.read.to_list()), np.array(records.intended.to_list())
    read, intended, number = (column.reshape(-1, 2) for column in (read, intended, records.round))
    later = number[1:, 0] > 1
    assert (intended[1:][later] == read[:-1][later][:, ::-1]).all()
    assert (intended[number[:, 0] == 1] == "C").all()


def test_payoffs_of_records_add_up_to_the_means():
    game = gl.repeated(STAGE, rounds=8, tremble=0.1)
    found = gl.simulate(game, "grim", 500)
    records = found.records()
    mean = records.payoffs["material"].reshape(-1, 2).mean(axis=0)
    np.testing.assert_allclose(mean, found.payoffs, rtol=1e-12)
    assert len(records) == 2 * found.rounds_played


def test_fines_follow_findings_and_levels():
    game = ladder()
    records = gl.simulate(game, "tit_for_tat", 300).records()
    offence = np.array([word == "offence" for word in records.verdict.to_list()])
    fine = records.payoffs["graduated_sanctions.fine"]
    assert (fine[~offence] == 0).all()
    np.testing.assert_array_equal(fine[offence], -np.array([1, 2, 4])[records.level[offence]])


def test_first_matches_are_the_same_whatever_their_number():
    few, many = gl.simulate(ladder(), "comply", 3).records(), gl.simulate(ladder(), "comply", 300).records(3)
    assert len(few) == len(many)
    np.testing.assert_array_equal(few.seen, many.seen)


def test_three_viewers_may_read_differently():
    table = np.arange(24.0).reshape(2, 2, 2, 3)
    stage = gl.normal_form(payoffs=table.tolist(), agreement=[1, 1, 1])
    game = gl.repeated(stage, discount_factor=0.9, observe="private", misreading=0.3)
    records = gl.simulate(game, "always_cooperate", 200).records()
    first, second = game.actions[0]
    assert set(records.read.to_list()) == {first, second, f"{first}/{second}", f"{second}/{first}"}


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_files_hold_the_records(tmp_path, ending):
    path = tmp_path / f"play.{ending}"
    found = gl.simulate(ladder(), "comply", 200, records=path)
    read, made = gl.read_records(path), found.records()
    np.testing.assert_array_equal(read.seen, made.seen)
    assert read.state.to_list() == made.state.to_list()
    np.testing.assert_array_equal(read.payoffs["material"], made.payoffs["material"])


def test_files_are_written_in_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(simulation, "BLOCK_ROWS", 4096)
    found = gl.simulate(gl.repeated(STAGE, discount_factor=0.9, tremble=0.1), "grim", 20_000)
    peaks = []
    for matches in (1000, 1000, 20_000):  # the first one warms up
        tracemalloc.start()
        found.write_records(tmp_path / "play.parquet", matches)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.5 * peaks[1]


def test_an_interrupt_leaves_whole_blocks(tmp_path, monkeypatch):
    from gamelab.simulate.matches.matches import Interrupted

    monkeypatch.setattr(simulation, "BLOCK_ROWS", 1000)
    calls = []

    def stop(done, matches):
        calls.append(done)
        if len(calls) == 4:  # one block of matches, then three of records
            raise KeyboardInterrupt

    path = tmp_path / "play.parquet"
    with pytest.raises(Interrupted) as caught:
        gl.simulate(ladder(), "comply", 1000, records=path, progress=stop)
    assert caught.value.simulation.matches == 1000
    found = gl.read_records(path)
    assert len(found) == 3000
    np.testing.assert_array_equal(found.seen, caught.value.simulation.records().seen[:3000])


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(simulation, "MOST_ROWS", 1000)
    monkeypatch.setattr(simulation, "BLOCK_ROWS", 100)
    found = gl.simulate(ladder(), "comply", 1000)
    with pytest.raises(
        gl.GameError, match=r"more than 1,000 rows; ask for fewer matches, or use write_records"
    ):
        found.records()
    with pytest.raises(gl.GameError, match="matches: 1001 is not a whole number from 1 to 1000"):
        found.records(1001)


def test_a_strategy_of_two_moves_in_a_round():
    game = gl.repeated(gl.time_inconsistency(value=10, cost=1, payment=2), discount_factor=0.8)
    records = gl.simulate(game, profile_of(game, "comply"), 5).records()
    assert set(records.move.tolist()) == {1, 2}
