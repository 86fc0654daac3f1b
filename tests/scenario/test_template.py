import os

import pytest

from gamelab.errors import InputError
from gamelab.experiment import run
from gamelab.scenario import load
from gamelab.scenario.template import PLACEHOLDER, start, templates
from gamelab.stages import STAGES


@pytest.mark.parametrize("kind", list(templates()))
def test_a_starting_scenario_runs_and_its_claims_hold(tmp_path, kind):
    file = tmp_path / "my game.yaml"
    start(file, kind)
    scenario = load(file)
    assert scenario.kind == kind
    result = run(scenario)
    assert len(result.claims) >= 4
    assert [claim["says"] for claim in result.claims if not claim["holds"]] == []
    assert result.best_arrangement != "none"


@pytest.mark.parametrize("kind", list(templates()))
def test_it_is_commented_and_names_its_file(tmp_path, kind):
    file = tmp_path / "mine.yml"
    start(file, kind)
    text = file.read_text(encoding="utf-8")
    assert PLACEHOLDER not in text
    assert "gamelab run mine.yml" in text
    assert kind in STAGES
    assert all(len(line) <= 120 for line in text.splitlines())
    lines = text.splitlines()
    for section in ("players:", "parameters:", "game:", "time:", "information:", "arrangements:", "claims:"):
        above = next(k for k, line in enumerate(lines) if line.startswith(section)) - 1
        assert lines[above].startswith("#"), f"nothing explains {section} in the template for {kind}"


def test_nothing_is_overwritten(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("precious")
    with pytest.raises(InputError, match="is there already and is left as it is"):
        start(file, "prisoners_dilemma")
    assert file.read_text() == "precious"
    (tmp_path / "dangling.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="is there already"):
        start(tmp_path / "dangling.yaml", "prisoners_dilemma")


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("mine", "prisoners_dilemma", r"ends with .yaml; write .*mine.yaml"),
        ("mine.txt", "prisoners_dilemma", "ends with .yaml"),
        ("", "prisoners_dilemma", "a folder; name a file in it, such as .*scenario.yaml"),
        ("there/mine.yaml", "prisoners_dilemma", "there is no folder '.*there'; make it first"),
        ("mine.yaml", "prisoners_dilema", "did you mean 'prisoners_dilemma'"),
        ("mine.yaml", "../../x", "no starting scenario '../../x'; write .*normal_form"),
        ("a\0b.yaml", "prisoners_dilemma", "no name for a file|ends with|cannot be written|no folder"),
    ],
)
def test_what_is_refused_in_a_sentence(tmp_path, name, kind, words):
    with pytest.raises(InputError, match=words):
        start(tmp_path / name, kind)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere"
)
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        start(tmp_path / "mine.yaml", "prisoners_dilemma")
