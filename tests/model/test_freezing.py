"""No array of any public result can be written to."""

import dataclasses
from collections.abc import Mapping

import example_games as examples
import numpy as np
import pytest

import gamelab as gl

NAMES = ["grim", "tit_for_tat", "always_defect"]
TABLE = np.array([[3.0, 0, 4], [4, 1, 0], [0, 2, 2]])


def game(**settings):
    return gl.repeated(examples.dilemma(), **{"discount_factor": 0.5, **settings})


RESULTS = {
    "value": lambda: gl.value(game(discount_factor=np.array([0.2, 0.8])), "grim"),
    "certificate": lambda: gl.certify(game(), "grim"),
    "certificates": lambda: gl.certify(game(discount_factor=np.array([0.2, 0.8])), "grim"),
    "bounds": lambda: gl.certify(game(observe="private", misreading=0.05), "tit_for_tat"),
    "intervals": lambda: gl.sustainable_discount_factors(game(), "grim"),
    "stage equilibria": lambda: gl.stage_equilibria([[3, 0], [0, 2]], [[2, 0], [0, 3]]),
    "tournament": lambda: gl.tournament(game(), NAMES),
    "fixation": lambda: gl.fixation(TABLE, population=10),
    "population chain": lambda: gl.population_chain(TABLE, population=5, mutation=0.01),
    "replicator": lambda: gl.replicator(TABLE, start=[0.2, 0.3, 0.5]),
    "rest points": lambda: gl.rest_points(TABLE),
    "quantal response": lambda: gl.quantal_response(examples.dilemma(), precision=[0, 1]),
    "contagion": lambda: gl.contagion(game(), population=4),
    "scenario": lambda: gl.run("neither"),
}


def shown(thing, place, depth=0):
    """Yield every array that can be had from a result by name, key or place, with where it stands."""
    if isinstance(thing, np.ndarray):
        yield place, thing
    elif isinstance(thing, Mapping):
        for key, part in thing.items():
            yield from shown(part, f"{place}[{key!r}]", depth)
    elif isinstance(thing, list | tuple):
        for k, part in enumerate(thing):
            yield from shown(part, f"{place}[{k}]", depth)
    elif dataclasses.is_dataclass(thing) and depth < 4:
        for name in sorted(
            {*vars(thing), *(key for key, part in vars(type(thing)).items() if is_property(part))}
        ):
            if not name.startswith("_"):
                yield from shown(getattr(thing, name), f"{place}.{name}", depth + 1)


def is_property(part):
    return type(part).__name__ in ("property", "cached_property")


@pytest.mark.parametrize("name", RESULTS)
def test_arrays_of_results_cannot_be_written_to(name):
    arrays = list(shown(RESULTS[name](), name))
    open_ = [place for place, array in arrays if array.flags.writeable]
    assert not open_
    assert arrays or name in ("intervals", "stage equilibria", "rest points", "scenario", "contagion")


def test_writing_is_refused():
    certificate = gl.certify(game(), "grim")
    with pytest.raises(ValueError, match="read-only"):
        certificate.max_gain[...] = 0
    with pytest.raises(ValueError, match="read-only"):
        gl.value(game(), "grim").payoffs[0] = 7
