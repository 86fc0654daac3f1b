"""Draws are what they say, print what they drew, and shrink to small readable cases."""

import subprocess
import sys
from fractions import Fraction

import hypothesis
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from profiles import up_to

import gamelab as gl
import gamelab.testing
from gamelab.errors import GameError, InputError
from gamelab.model.soundness import check_game
from gamelab.scenario import assemble, loads
from gamelab.testing import Bimatrix, draws, exact_equilibria
from gamelab.testing.descriptions import (
    DrawnPlay,
    GameDescription,
    StageDescription,
    automaton_code,
    scenario_text,
    snippet,
    yaml,
)
from gamelab.testing.draws import MISTAKES, bimatrices, stage_games
from gamelab.testing.draws.scenario_files import complete_scenarios
from gamelab.testing.laws.cases import who_differ

FEW = settings(max_examples=up_to(30), suppress_health_check=list(HealthCheck))
QUICK = settings(database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def run(text):
    """Run a snippet and return what it printed."""
    printed = []
    exec(text, {"print": lambda *things, **_: printed.append(things)})
    return printed


# ---------------------------------------------------------------------------------------------------- numbers


def smallest(strategy, condition=lambda drawn: True):
    return hypothesis.find(strategy, condition, settings=QUICK)


@pytest.mark.slow
def test_numbers_shrink_to_nothing():
    for numbers in (
        draws.integers(),
        draws.fractions(),
        draws.binary_fractions(),
        draws.floats(),
        draws.numbers(),
    ):
        assert smallest(numbers) == 0


def test_floats_cover_wide_magnitudes():
    assert smallest(draws.floats(), lambda x: x > 1e6) > 1e6
    assert 0 < smallest(draws.floats(), lambda x: 0 < x < 1e-6) < 1e-6
    assert smallest(draws.floats(), lambda x: x < -1) < -1


@given(draws.binary_fractions())
def test_binary_fractions_are_held_by_floats(number):
    assert Fraction(float(number)) == number


# ---------------------------------------------------------------------------------------------- two players


@given(bimatrices.prisoners_dilemmas())
def test_prisoners_dilemmas(game):
    (R, S), (T, P) = game.A
    assert T > R > P > S
    assert game.swapped() == game
    ((x, y),) = exact_equilibria(game).extreme
    assert (x, y) == ((0, 1), (0, 1))


@given(bimatrices.chickens())
def test_chickens(game):
    pure = {(x.index(1), y.index(1)) for x, y in exact_equilibria(game).extreme if max(x) == 1}
    assert pure == {(0, 1), (1, 0)}


@given(bimatrices.battles())
def test_battles(game):
    (a, c), (_, b) = game.A
    assert a > b > c
    assert len(exact_equilibria(game).extreme) == 3


@given(bimatrices.time_inconsistencies())
def test_time_inconsistencies(game):
    found = exact_equilibria(game).extreme
    assert all(x == (0, 1) for x, _ in found), "the partner declines"


@given(bimatrices.chases())
def test_chases_have_no_pure_equilibrium(game):
    assert all(max(x) < 1 for x, _ in exact_equilibria(game).extreme)


@given(bimatrices.zero_sum_games(), bimatrices.symmetric_games())
def test_zero_sum_and_symmetric_games(zero_sum, symmetric):
    assert all(
        a == -b for rows in zip(zero_sum.A, zero_sum.B, strict=True) for a, b in zip(*rows, strict=True)
    )
    assert symmetric.swapped() == symmetric


@FEW
@given(bimatrices.generic_games())
def test_generic_games(game):
    found = exact_equilibria(game)
    assert not found.degenerate
    assert len(found.extreme) % 2 == 1


@pytest.mark.parametrize("A", [[], [[]], [[1, 2], [3]]])
def test_tables_that_are_none(A):
    with pytest.raises(GameError, match="the same number of rows and of columns"):
        Bimatrix(A, [[1, 2], [3, 4]])


@FEW
@given(bimatrices.tables(3, draws.numbers()))
def test_a_game_prints_as_python_and_as_a_file(game):
    assert eval(repr(game), {"Bimatrix": Bimatrix, "Fraction": Fraction}) == game
    ((*printed,),) = run(snippet(game))
    assert printed == gl.stage_equilibria(game.A, game.B).extreme
    stage = assemble(loads(scenario_text(game)), "none")
    paid = stage.flows["material"].by_profile[0, 0, :, :2].reshape((*game.shape, 2))
    np.testing.assert_allclose(paid[..., 0], game.arrays()[0])
    np.testing.assert_allclose(paid[..., 1], game.arrays()[1])
    assert len(game.tables().splitlines()) == game.shape[0]


# ------------------------------------------------------------------------------------------- repeated games


@FEW
@given(stage_games.any_kind())
def test_stage_games_are_sound(described):
    stage = described.build()
    check_game(stage)
    assert stage.rounds == 1
    assert run(described.snippet())
    loads(described.scenario())


def same_games(first, second):
    np.testing.assert_allclose(first.probabilities, second.probabilities)
    np.testing.assert_array_equal(first.next_state, second.next_state)
    np.testing.assert_allclose(first.discount_factor, second.discount_factor)
    assert list(first.flows) == list(second.flows)
    for line, flow in first.flows.items():
        for mine, other in zip(flow.parts(), second.flows[line].parts(), strict=True):
            np.testing.assert_allclose(mine, other)


@FEW
@given(draws.games() | who_differ())
def test_games_are_sound_and_print_as_python_and_as_files(described):
    """The drawn game, the game of its scenario file and the game of its snippet are one."""
    game = described.build()
    check_game(game)
    scenario = loads(described.scenario())
    same_games(game, assemble(scenario, "drawn" if described.institutions or described.profile else "none"))
    kept = {}
    exec(described.snippet().replace("print(", "("), kept)
    same_games(game, kept["game"])
    names = {"GameDescription": GameDescription, "StageDescription": StageDescription}
    assert eval(repr(described), names) == described
    for player, automaton in enumerate(described.automata(game)):
        automaton.fits(game, player)


@pytest.mark.slow
def test_every_institution_and_order_is_drawn():
    with_agreement, without = (
        {tuple(stack) for stack in draws.sample(draws.stacks(agreement=agreement), 150, 0)}
        for agreement in (True, False)
    )
    assert {
        (),
        ("transparency",),
        ("transparency", "monitoring"),
        ("monitoring", "transparency"),
        ("monitoring", "graduated_sanctions"),
        ("public_signal", "graduated_sanctions"),
    } <= with_agreement
    assert {(), ("convention",), ("convention", "monitoring")} <= without
    for stack in with_agreement | without:
        place = {name: k for k, name in enumerate(stack)}
        judges = [place[name] for name in ("monitoring", "public_signal") if name in place]
        assert len(judges) <= 1
        assert "graduated_sanctions" not in place or judges[0] < place["graduated_sanctions"]
        assert "convention" not in place or place["convention"] < place.get("monitoring", 9)


@pytest.mark.slow
def test_every_kind_of_game_and_view_is_drawn():
    games = draws.sample(draws.games(profile=False), 120, 0)
    assert {game.stage.kind for game in games} == {
        "prisoners_dilemma",
        "battle",
        "time_inconsistency",
        "normal_form",
    }
    assert {game.information["observe"] for game in games} == {"public", "private", "none"}
    assert any(game.altruism for game in games)
    assert any("rounds" in game.time for game in games)
    assert any(len(game.build().players) == 3 for game in games if game.stage.kind == "normal_form")


@pytest.mark.slow
def test_stacks_shrink_to_what_can_be_read():
    found = smallest(draws.stacks(), lambda stack: "graduated_sanctions" in stack)
    assert list(found) == ["monitoring", "graduated_sanctions"]
    assert found["graduated_sanctions"] == {"fines": [0]}
    assert found["monitoring"] == {"detection": 0, "cost": 0}


@FEW
@given(st.data())
def test_automata_fit_their_games(data):
    described = data.draw(draws.games(profile=False))
    game = described.build()
    mixing = data.draw(st.booleans())
    for automaton in data.draw(draws.automaton_profiles(game, mixing=mixing, reads="private")):
        assert mixing or set(np.unique(automaton.action)) <= {0, 1}
        again = eval(automaton_code(automaton), {"gl": gl})
        np.testing.assert_array_equal(again.next, automaton.next)
        np.testing.assert_allclose(again.action, automaton.action)


def test_public_automata_do_not_read_their_own_action():
    game = gl.repeated(StageDescription("battle", {"high": 2, "low": 1}).build(), discount_factor=0.5)
    drawn = draws.sample(draws.automata(game, 0), 20, 0)
    assert all((automaton.next == automaton.next[:, :, :1]).all() for automaton in drawn)


def test_a_play_prints_its_automata():
    stage = StageDescription("battle", {"high": 2, "low": 1})
    described = GameDescription(stage, {"discount_factor": 0.5})
    automata = draws.sample(draws.automaton_profiles(described.build()), 1, 0)[0]
    ((certificate,),) = run(DrawnPlay(described, tuple(automata)).snippet())
    assert certificate.verdict == gl.certify(described.build(), automata).verdict


def test_yaml_of_odd_texts():
    assert yaml(["C", "a b", "1", ""]) == '[C, "a b", "1", ""]'


# -------------------------------------------------------------------------------------------- scenario files


@FEW
@given(st.one_of(draws.scenarios(), complete_scenarios()))
def test_valid_scenarios_load(text):
    loads(text)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_broken_scenarios_are_broken_in_the_way_that_is_named(mistake):
    for broken in draws.sample(draws.broken_scenarios(mistake), 3, 0):
        with pytest.raises(InputError) as refusal:
            loads(broken.text, "drawn.yaml")
        assert broken.told
        assert broken.told in str(refusal.value)
        assert all(problem.line and problem.column for problem in refusal.value.problems)


def test_there_are_enough_ways_to_break_a_file():
    assert len(MISTAKES) >= 20
    assert len({draws.sample(draws.broken_scenarios(name), 1, 0)[0].text for name in MISTAKES}) == len(
        MISTAKES
    )


# ------------------------------------------------------------------------------------- what a failure prints


def test_a_failure_prints_a_snippet_and_a_file():
    @settings(
        database=None, derandomize=True, max_examples=up_to(50), suppress_health_check=list(HealthCheck)
    )
    @given(stage_games.any_kind())
    def fails(described):
        assert described.kind != "prisoners_dilemma"

    with pytest.raises(AssertionError) as failure:
        fails()
    told = "\n".join(failure.value.__notes__)
    assert "# as Python\nimport gamelab as gl" in told
    assert "# as a scenario file\ngamelab: 1" in told


def test_without_hypothesis_one_sentence_says_what_to_install():
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from gamelab.errors import GamelabError\n"
        "import gamelab.testing as testing\n"
        "assert testing.laws.SOLVER_LAWS and testing.exact_equilibria\n"
        "try:\n    testing.draws\nexcept GamelabError as error:\n    print(error)\n"
        "assert testing.check_solver('gamelab', games=[([[1]], [[1]])]).passed\n"
        "try:\n    testing.check_solver('gamelab')\nexcept GamelabError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (
        done.stdout.splitlines()
        == ["gamelab.testing needs the package hypothesis: pip install 'gamelab[test]'"] * 2
    )


def test_no_other_name_is_there():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        gamelab.testing.nonsense  # noqa: B018
