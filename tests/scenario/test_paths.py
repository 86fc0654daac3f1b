import pytest
from hypothesis import given
from hypothesis import strategies as draws

import gamelab as gl
from gamelab.errors import InputError
from gamelab.expressions import dotted, segments
from gamelab.scenario import assemble, expected_value, loads
from gamelab.scenario.paths import UnknownPathError, located, whole_path
from gamelab.scenario.values import Values

from .example import EXAMPLE, changed

SCENARIO = loads(EXAMPLE)
HORIZONTAL = "arrangements.horizontal.institutions.transparency"
HIERARCHICAL = "arrangements.hierarchical.institutions"


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("time.discount_factor", "time.discount_factor"),
        ("discount_factor", "time.discount_factor"),
        ("rounds", "time.rounds"),
        ("accuracy", "parameters.accuracy"),
        ("reach", f"{HORIZONTAL}.reach"),
        ("transparency.reach", f"{HORIZONTAL}.reach"),
        ("horizontal.reach", f"{HORIZONTAL}.reach"),
        ("monitoring.cost", f"{HIERARCHICAL}.monitoring.cost"),
        ("hierarchical.cost", f"{HIERARCHICAL}.monitoring.cost"),
        ("fines", f"{HIERARCHICAL}.graduated_sanctions.fines"),
        ("fines.1", f"{HIERARCHICAL}.graduated_sanctions.fines.1"),
        ("graduated_sanctions.fines.0", f"{HIERARCHICAL}.graduated_sanctions.fines.0"),
    ],
)
def test_a_path_may_be_shortened_to_what_makes_it_clear(path, whole):
    assert whole_path(*located(SCENARIO, path)) == whole


def test_what_could_be_several_is_refused_with_all_of_them():
    with pytest.raises(InputError) as refusal:
        located(SCENARIO, "cost")
    assert str(refusal.value) == (
        f"'cost' could be {HORIZONTAL}.cost or {HIERARCHICAL}.monitoring.cost; write the one that is meant"
    )
    assert whole_path(*located(SCENARIO, "cost", "horizontal")) == f"{HORIZONTAL}.cost"
    with pytest.raises(InputError, match="could be"):
        located(SCENARIO, "cost", "none")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("reech", f"did you mean '{HORIZONTAL}.reach'"),
        ("monitoring.costs", f"did you mean '{HIERARCHICAL}.monitoring.cost'"),
        ("monitoring.reach", "names no setting"),
        ("reach.0", "names no setting"),
        ("transparency.horizontal.reach", "names no setting"),
        ("xyzzy", "paths are such as parameters.accuracy"),
        ("time..rounds", "is not a dotted path"),
    ],
)
def test_what_names_nothing_is_refused_with_the_nearest(path, words):
    with pytest.raises(InputError, match=words):
        located(SCENARIO, path)


@given(draws.data())
def test_every_whole_path_names_itself_and_its_ending_names_it_or_is_refused(data):
    path = data.draw(draws.sampled_from(sorted(SCENARIO.entries)))
    parts = segments(path)
    assert whole_path(*located(SCENARIO, path)) == path
    ending = dotted(parts[-data.draw(draws.integers(1, len(parts))) :])
    alike = [other for other in SCENARIO.entries if f".{other}".endswith(f".{ending}")]
    try:
        found = whole_path(*located(SCENARIO, ending))
    except UnknownPathError:
        raise
    except InputError:
        assert len(alike) > 1
    else:
        assert found == path or len(alike) > 1


def test_claims_take_shortened_paths():
    scenario = loads(
        changed(
            ("with: {time.discount_factor: 0.3}", "with: {discount_factor: 0.3, cost: 0.2}"),
        )
    )
    assert scenario.claims[-1].overrides == {
        "time.discount_factor": pytest.approx(0.3),
        f"{HIERARCHICAL}.monitoring.cost": pytest.approx(0.2),
    }
    assert expected_value(scenario, scenario.claims[-1]) == 0
    with pytest.raises(InputError, match="changed here already"):
        loads(changed(("{time.discount_factor: 0.3}", "{time.discount_factor: 0.3, discount_factor: 0.2}")))


CLASHES = """
gamelab: 1
parameters: {reach: 0.5, tremble: 0.1, factor: 2, accuracy: 0.9}
game: {kind: time_inconsistency, value: 10, cost: 2, payment: 4}
time: {discount_factor: 0.9}
information: {observe: none, misreading: 0.02}
arrangements:
  open:
    institutions: {transparency: {reach: 0.8, misreading: 0.1, cost: 0.05}}
    profiles: [grim]
  watched:
    institutions: {monitoring: {detection: 0.9, cost: 0.1}, graduated_sanctions: {fines: [2, 4]}}
    profiles: [comply, {limited_punishment: {rounds: 2}}]
"""
OPEN = "arrangements.open.institutions.transparency"


@pytest.mark.parametrize(
    ("name", "arrangement", "whole"),
    [
        ("misreading", "open", f"{OPEN}.misreading"),
        ("misreading", "watched", "information.misreading"),
        ("misreading", "none", "information.misreading"),
        ("reach", "open", f"{OPEN}.reach"),
        ("reach", "watched", "parameters.reach"),
        ("cost", "open", f"{OPEN}.cost"),
        ("cost", "watched", "arrangements.watched.institutions.monitoring.cost"),
        ("cost", "none", "game.cost"),
        ("tremble", "open", "parameters.tremble"),
        ("rounds", "watched", "time.rounds"),
        ("fines.1", "watched", "arrangements.watched.institutions.graduated_sanctions.fines.1"),
        ("detection", "open", "arrangements.watched.institutions.monitoring.detection"),
        ("payment", "watched", "game.payment"),
    ],
)
def test_in_a_claim_settings_of_its_arrangement_go_first(name, arrangement, whole):
    assert whole_path(*located(loads(CLASHES), name, arrangement)) == whole


def test_a_name_means_the_same_on_both_sides_of_a_claim():
    """What an expression reads by a bare name is what ``with:`` changes under that name, in any claim."""
    scenario = loads(CLASHES)
    for arrangement in scenario.arrangements:
        scope = Values(scenario).scope(arrangement)
        assert len(scope.bare) > 5
        for name, paths in scope.bare.items():
            assert paths == [whole_path(*located(scenario, name, arrangement))], (name, arrangement)


@pytest.mark.parametrize("name", ["misreading", "cost", "reach"])
def test_with_changes_what_the_expected_side_reads(name):
    claim = f"""
claims:
  - {{arrangement: open, quantity: cooperation, equals: {name}, with: {{{name}: 0.25}}}}
"""
    (found,) = loads(CLASHES + claim).claims
    assert found.overrides == {f"{OPEN}.{name}": 0.25}
    assert expected_value(loads(CLASHES), found) == 0.25


def test_a_game_takes_shortened_paths():
    short = assemble(SCENARIO, "horizontal", {"reach": 0.5, "accuracy": 0.9})
    whole = assemble(SCENARIO, "horizontal", {f"{HORIZONTAL}.reach": 0.5, "parameters.accuracy": 0.9})
    assert gl.value(short, "grim").payoffs.tolist() == gl.value(whole, "grim").payoffs.tolist()


def test_expressions_want_whole_paths_so_that_labels_stay_labels():
    with pytest.raises(InputError, match="unknown name"):
        loads(changed(("sucker: 0", "sucker: reach")))
