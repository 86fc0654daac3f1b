import doctest

import pytest

from gamelab.report import pictures as module
from gamelab.report.pictures import pictures, stems


def test_examples_in_docstrings():
    assert doctest.testmod(module).failed == 0


def test_what_is_drawn(drawable, regions, numbers):
    drawable["maps"] = [regions, numbers]
    drawn = pictures(drawable, "box")
    assert [(p.kind, p.arrangement) for p in drawn] == [
        ("waterfall", None),
        ("path", None),
        ("slack", "horizontal"),
        ("slack", "hierarchical"),
        ("levels", "hierarchical"),
        ("map", None),
        ("map", None),
    ]
    assert [p.name for p in drawn][-4:] == [
        "box-slack-hierarchical",
        "box-levels-hierarchical",
        "box-map-Who_works_where",
        "box-map-Who_works_where-2",
    ]
    assert drawn[2].title == "horizontal: grim holds from a discount factor of 0.581 on"


@pytest.mark.slow
def test_names_of_any_letters_make_files(nasty):
    drawn = pictures(nasty, "x")
    assert len({p.name.lower() for p in drawn}) == len(drawn)
    assert all(p.name.isascii() and p.name.replace("-", "").replace("_", "").isalnum() for p in drawn)


def test_without_curves_nothing_is_drawn(result):
    assert pictures(result, "x") == []


def test_files_of_the_same_name():
    assert stems([{"file": "A.yaml"}, {"file": "b/a.yaml"}, {}, {"title": "信"}]) == [
        "A",
        "a_2",
        "scenario",
        "scenario_2",
    ]
