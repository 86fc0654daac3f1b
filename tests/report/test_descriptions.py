import doctest
import inspect

import pytest
from ruamel.yaml import YAML

from gamelab.institutions import INSTITUTIONS
from gamelab.model.settings import settings_of
from gamelab.report import descriptions
from gamelab.stages import STAGES
from gamelab.strategies import STRATEGIES

PLUGINS = [
    *(("stage game", name, plugin) for name, plugin in STAGES.items()),
    *(("institution", name, plugin) for name, plugin in INSTITUTIONS.items()),
    *(("strategy", name, plugin) for name, plugin in STRATEGIES.items()),
]


def test_examples_in_docstrings():
    assert doctest.testmod(descriptions).failed == 0


@pytest.mark.parametrize(("kind", "name", "plugin"), PLUGINS)
def test_every_example_is_yaml_with_all_that_is_required(kind, name, plugin):
    written = YAML(typ="safe").load(descriptions.example(kind, name, plugin, settings_of(plugin)))
    if kind == "stage game":
        settings = written["game"]
        assert settings.pop("kind") == name
    elif kind == "institution":
        settings = written["arrangements"]["example"]["institutions"][name]
    else:
        item = written["profiles"][0]
        settings = item[name] if isinstance(item, dict) else {}
    known = {setting.name: setting for setting in settings_of(plugin)}
    assert {key for key, setting in known.items() if setting.required} <= set(settings) <= set(known)
    for key, value in settings.items():
        known[key].check(value)


@pytest.mark.parametrize(("kind", "name", "plugin"), PLUGINS)
def test_every_plug_in_has_a_sentence(kind, name, plugin):
    sentence = descriptions.sentence(plugin)
    assert sentence.endswith((".", ")"))
    assert "\n" not in sentence


def test_a_preference_is_written_at_the_top():
    weight = settings_of(INSTITUTIONS["altruism"])
    assert descriptions.example("preference", "altruism", INSTITUTIONS["altruism"], weight).startswith(
        "preferences:"
    )


def test_sections_of_a_docstring():
    def plugin(game, *, size: float = 1):
        """Sized: does
        something.

        With ``more`` to say.

        Parameters
        ----------
        size : float
            How much.

        Raises
        ------
        GameError
            Where it is too much.

        References
        ----------
        A book, page 3.
        """

    sections = descriptions._sections(plugin)
    assert sections[""] == "Sized: does\nsomething.\n\nWith 'more' to say.\n"[:-1]
    assert sections["Raises"] == "Where it is too much."
    assert sections["References"] == "A book, page 3."
    assert descriptions.sentence(plugin) == "Sized: does something."
    assert inspect.getdoc(plugin)
