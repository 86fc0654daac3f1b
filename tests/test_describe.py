"""``gamelab describe``: every plug-in, key, quantity and topic has its page, and the docs say the same."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gamelab
from gamelab.cli import app
from gamelab.cli.keys import file_names
from gamelab.errors import InputError
from gamelab.institutions import INSTITUTIONS
from gamelab.model.settings import settings_of
from gamelab.report.descriptions import example
from gamelab.scenario import catalogue, loads
from gamelab.scenario.keys import KEYS, TOPICS
from gamelab.scenario.quantities import QUANTITIES
from gamelab.stages import STAGES
from gamelab.strategies import STRATEGIES

DOCS = (Path(gamelab.__file__).parents[1] / "docs" / "scenario-file.md").read_text(encoding="utf-8")
GLOSSARY = (Path(gamelab.__file__).parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8")
PLUGINS = {**STAGES, **INSTITUTIONS, **STRATEGIES}


def described(name):
    said = CliRunner().invoke(app, ["describe", name], env={"COLUMNS": "80"})
    assert said.exit_code == 0, said.stderr
    return " ".join(said.stdout.split())


@pytest.mark.parametrize("name", sorted(PLUGINS))
def test_every_plug_in_has_settings_units_defaults_an_example_and_a_source(name):
    page = described(name)
    assert page.startswith(f"{name} (")
    for setting in settings_of(PLUGINS[name]):
        if setting.name == "players" or name == "altruism":
            continue
        assert re.search(rf"\b{setting.name} +[^;]+; (required|default|may be left out)", page), setting.name
        if setting.range.unit:
            assert f"({setting.range.unit})" in page
    assert "In a scenario" in page
    assert re.search(r"\b(19|20)\d\d\b", page), f"{name} names no source with its year"


@pytest.mark.parametrize(
    ("name", "closed_form"),
    [
        ("prisoners_dilemma", "(T-R)/(T-P)"),
        ("monitoring", "(T-R)/[(T-R)(1-f)^2 + (1-f)(q-f)(R-P)]"),
        ("transparency", "(T-R)/[(T-R) + p(R-P)]"),
        ("graduated_sanctions", "(detection - false alarm)(F + share of the act's cost)"),
        ("altruism", "max{(T-R)/(R-S), (P-S)/(T-P)}"),
        ("grim", "(T-R)/(T-P)"),
        ("win_stay_lose_shift", "(T-R)/(R-P)"),
        ("penance", "max{(T-R)/(R-S), (P-S)/(R-S)}"),
        ("turn_taking", "(P-S)/(T-P)"),
        ("limited_punishment", "(R-P)(d + ... + d^rounds) = T-R"),
    ],
)
def test_the_closed_form_is_on_the_page(name, closed_form):
    assert closed_form in described(name)


@pytest.mark.parametrize("name", sorted({*file_names()} - PLUGINS.keys()))
def test_every_key_quantity_and_topic_has_its_page(name):
    assert name in described(name)


def test_a_section_shows_its_settings_and_keys():
    time = described("time")
    assert "continuation_probability a number from 0 to 1" in time
    assert described("continuation_probability") == time
    both = described("rounds")
    assert time in both
    assert "How many rounds a match has, later ones discounted" in both
    claims = described("claims")
    assert all(name in claims for name in (*QUANTITIES, "at_least", "within"))
    assert "In a scenario with: {discount_factor: 0.3}" in described("with")
    assert "Unit: payoff per round, summed over the players." in described("net_benefit")
    assert "Required." in described("game")


def test_a_setting_leads_to_what_has_it_and_a_misspelt_key_to_the_near_one():
    said = CliRunner().invoke(app, ["describe", "fines"])
    assert said.exit_code == 2
    assert "it is a setting of graduated_sanctions: 'gamelab describe graduated_sanctions'" in said.stderr
    said = CliRunner().invoke(app, ["describe", "lottery"])
    assert (
        "nothing is called 'lottery'; write 'rule: lottery' in convention: 'gamelab describe" in said.stderr
    )
    assert "did you mean 'net_benefit'" in CliRunner().invoke(app, ["describe", "net_benfit"]).stderr


def rows(heading):
    """Return the rows of the documentation's table below a line, each as its cells."""
    table = DOCS.split(heading, 1)[1].split("\n\n", 2)[1]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_the_documentation_has_the_same_sentences():
    top = {key: [about.about, about.default] for key, about in KEYS.items() if "." not in key}
    assert {key: [*row, ""][:2] for key, row in rows("Every key of the file").items()} == top
    claim = {
        key.removeprefix("claims."): [about.about, about.default]
        for key, about in KEYS.items()
        if key.startswith("claims.")
    }
    assert {key: [*row, ""][:2] for key, row in rows("Every key of a claim").items()} == claim
    below = {
        key: [about.about, about.default] for key, about in KEYS.items() if key.startswith("arrangements.")
    }
    assert {f"arrangements.{key}": row for key, row in rows("**Arrangements.**").items()} == below
    assert {key: row[0] for key, row in rows("What a claim can be about").items()} == {
        name: quantity.sentence for name, quantity in QUANTITIES.items()
    }
    flat = " ".join(DOCS.split())
    for name, text in TOPICS.items():
        assert text in flat, name


def test_every_example_of_a_plug_in_is_accepted_where_it_is_pasted():
    """Each is solved in a game that it is for; an institution is pasted as an arrangement, a strategy into one."""
    stages = {
        name: example("stage game", name, plugin, list(catalogue.stage_settings(name).values()))
        for name, plugin in STAGES.items()
    }
    for name, written in stages.items():
        assert loads(f"gamelab: 1\n{written}\ntime: {{discount_factor: 0.9}}\n").kind == name
    for name, plugin in INSTITUTIONS.items():
        if name not in catalogue.PREFERENCES:
            written = example(
                "institution", name, plugin, list(catalogue.institution_settings(name).values())
            )
            stage = stages["battle" if name == "convention" else "prisoners_dilemma"]
            loads(f"gamelab: 1\n{stage}\ntime: {{discount_factor: 0.9}}\n{written}\n")
    for name, plugin in STRATEGIES.items():
        written = example("strategy", name, plugin, list(catalogue.strategy_settings(name).values()))
        body = "".join(f"    {line}\n" for line in written.split("\n"))
        sanctions = "    institutions:\n      monitoring: {detection: 0.9}\n      graduated_sanctions: {fines: [3, 4]}\n"
        texts = [
            f"gamelab: 1\n{stage}\ntime: {{{time}}}\narrangements:\n  one:\n{own}{body}"
            for stage in stages.values()
            for time in ("discount_factor: 0.9", "rounds: 3")
            for own in ("", sanctions)
        ]
        assert any(accepted(text) for text in texts), name


def accepted(text):
    try:
        loads(text)
    except InputError:
        return False
    return True


@pytest.mark.parametrize("name", ["conduct", "finding", "ledger", "Agreement"])
def test_words_of_the_glossary_are_found(name):
    rows = [line.strip("| ").split(" | ") for line in GLOSSARY.splitlines()]
    (row,) = [row for row in rows if row[0] == name.lower()]
    assert row[2][1:].replace("`", "'") in described(name)
