import pytest

import gamelab as gl
from gamelab.errors import GameError, InputError
from gamelab.experiment.chance import simulated
from gamelab.experiment.chance.simulated import simulate_scenario
from gamelab.scenario import loads
from gamelab.scenario.simulation import simulation
from gamelab.simulate.matches.matches import Interrupted

DILEMMA = """gamelab: 1
players: [ann, bob]
game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}
time: {discount_factor: 0.9}
information: {misreading: 0.05}
arrangements:
  kept: {profiles: [grim]}
  watched:
    institutions:
      monitoring: {detection: 0.9, false_alarm: 0.1, cost: 0.1, paid_by: authority}
      graduated_sanctions: {fines: [3, 4], cost_per_act: 0.2}
    profiles: [comply]
"""


def every(entry):
    """Yield every estimate of one arrangement."""
    yield from entry["payoffs"].values()
    yield entry["cooperation"]
    for line in entry["ledger"].values():
        yield from line.values()


@pytest.fixture(scope="module")
def solved():
    return gl.run(loads(DILEMMA + "simulate: {matches: 40000, seed: 5}\n"))


def test_results_hold_simulated_beside_exact(solved):
    found = solved.to_dict()
    assert {key: found["simulated"][key] for key in ("matches", "rounds", "seed")} == {
        "matches": 40_000, "rounds": None, "seed": 5}  # fmt: skip
    for name, arrangement in found["arrangements"].items():
        entry = found["simulated"]["arrangements"][name]
        assert entry["profile"] == arrangement["profile"]
        assert entry["cooperation"]["exact"] == pytest.approx(arrangement["cooperation"])
        for player, paid in arrangement["payoffs"].items():
            assert entry["payoffs"][player]["exact"] == pytest.approx(paid)
        for line, accounts in arrangement["ledger"].items():
            assert {k: one["exact"] for k, one in entry["ledger"][line].items()} == pytest.approx(accounts)


def test_means_lie_near_the_exact_values_and_some_of_them_vary(solved):
    ones = [one for entry in solved.simulated["arrangements"].values() for one in every(entry)]
    varying = [one for one in ones if one["standard_error"] > 0]
    assert len(varying) > 10
    for one in varying:
        assert abs(one["mean"] - one["exact"]) < 5 * one["standard_error"]
        assert one["to"] - one["from"] == pytest.approx(2 * 1.959963984540054 * one["standard_error"])
    for one in ones:
        if one["standard_error"] == 0:
            assert one["mean"] == pytest.approx(one["exact"], abs=1e-12)


def test_without_the_section_nothing_is_simulated():
    solved = gl.run(loads(DILEMMA))
    assert solved.simulated is None
    assert "simulated" not in solved.to_dict()


def test_overrides_reach_the_simulation():
    scenario = loads(DILEMMA + "simulate: {matches: 10}\n")
    assert gl.run(scenario, {"simulate.matches": 30}).simulated["matches"] == 30


def test_rounds_cap_both_sides_of_the_comparison():
    solved = gl.run(loads(DILEMMA + "simulate: {matches: 2000, rounds: 1}\n"))
    entry = solved.simulated["arrangements"]["kept"]
    assert entry["payoffs"]["ann"]["mean"] == entry["payoffs"]["ann"]["exact"] == 3


def test_what_cannot_be_played_is_told_and_exact_results_stay(monkeypatch):
    def refuse(*_, **__):
        raise GameError("simulating matches needs numba; pip install 'gamelab[simulate]'")

    monkeypatch.setattr(simulated, "simulate", refuse)
    found = gl.run(loads(DILEMMA + "simulate: {}\n")).to_dict()
    assert set(found["simulated"]["arrangements"].values()) == {None}
    assert "not simulated: none, kept, watched; simulating matches needs numba" in " ".join(found["notes"])
    assert found["arrangements"]["kept"]["workable"] is not None


def test_a_profile_may_be_named_and_one_arrangement_chosen():
    solved = gl.run(loads(DILEMMA))
    found = simulate_scenario(
        solved.arrangements, simulation(matches=500), only="kept", profile=["grim", "always_defect"]
    )["simulated"]
    assert list(found["arrangements"]) == ["kept"]
    entry = found["arrangements"]["kept"]
    assert entry["profile"] == ["grim", "always_defect"]
    ann, bob = (entry["payoffs"][player]["exact"] for player in ("ann", "bob"))
    assert ann < bob
    value = gl.value(solved.arrangements["kept"].game, ["grim", "always_defect"])
    assert [ann, bob] == pytest.approx(value.payoffs.tolist())


def test_nothing_certified_is_told():
    scenario = loads(
        DILEMMA.replace("observe: public", "observe: none").replace(
            "game: {kind: prisoners_dilemma, temptation: 5, reward: 3, punishment: 1, sucker: 0}",
            "game: {kind: battle, high: 3, low: 1}",
        ).replace("  kept: {profiles: [grim]}", "  kept: {selection: symmetric}").split("  watched:")[0]
    )  # fmt: skip
    solved = gl.run(scenario)
    found = simulate_scenario(solved.arrangements, simulation(matches=10))
    for name, entry in found["simulated"]["arrangements"].items():
        certified = solved.arrangements[name].conduct is not None
        assert (entry is not None) == certified
        assert certified or f"{name}: no candidate is certified" in " ".join(found["notes"])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"only": "watchd"}, InputError, "no arrangement 'watchd'; there are none, kept, watched; did you mean"),
        ({"profile": ["grimm"]}, GameError, "profile: in none: profile: no strategy is called 'grimm'; did you"),
        ({"profile": ["grim"] * 3}, GameError, "3 strategies given for 2 players"),
    ],
)  # fmt: skip
def test_mistakes(options, error, words):
    solved = gl.run(loads(DILEMMA))
    with pytest.raises(error) as refusal:
        simulate_scenario(solved.arrangements, simulation(matches=10), **options)
    assert words.split(": ")[-1] in str(refusal.value)


def test_an_interrupt_keeps_what_was_finished(monkeypatch):
    real, calls = simulated.simulate, []

    def stopped(game, *arguments, **options):
        calls.append(game)
        done = real(game, *arguments, **options)
        if len(calls) == 2:
            raise Interrupted(done)
        return done

    monkeypatch.setattr(simulated, "simulate", stopped)
    found = simulate_scenario(gl.run(loads(DILEMMA)).arrangements, simulation(matches=64))
    assert found["interrupted"]
    assert list(found["simulated"]["arrangements"]) == ["none", "kept"]
    assert found["notes"] == ["interrupted: 64 matches of kept were finished"]


def test_strategies_of_the_section_compete_and_evolve():
    text = DILEMMA + "simulate: {matches: 10, population: 30, strategies: [grim, always_defect, comply]}\n"
    solved = gl.run(loads(text))
    found = solved.to_dict()["simulated"]
    assert list(found["tournaments"]) == list(found["evolution"]) == ["none", "kept", "watched"]
    game = solved.arrangements["kept"].game
    played = gl.tournament(game, ["grim", "always_defect", "comply"])
    assert found["tournaments"]["kept"]["payoffs"] == played.payoffs.tolist()
    assert found["evolution"]["kept"]["shares"] == gl.fixation(played, population=30).stationary.tolist()


def test_strategies_that_cannot_compete_leave_a_note():
    table = (
        "[[[[1, 1, 1], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]], [[[0, 0, 0], [0, 0, 0]], [[0, 0, 0], [1, 1, 1]]]]"
    )
    text = f"""gamelab: 1
game: {{kind: normal_form, payoffs: {table}}}
players: [a, b, c]
time: {{rounds: 1}}
simulate: {{matches: 10, strategies: [stage_nash]}}
"""
    found = gl.run(loads(text)).to_dict()
    assert found["simulated"]["tournaments"] == {}
    assert "strategies do not compete" in " ".join(found["notes"])


def test_an_interrupt_of_a_run_keeps_what_is_solved(monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    solved = gl.run(loads(DILEMMA + "simulate: {}\n"))
    monkeypatch.setattr(simulated, "simulate", stopped)
    found = solved.to_dict()
    assert found["arrangements"]["kept"]["profile"] is not None
    assert "not simulated: none, kept, watched; interrupted" in found["notes"]
