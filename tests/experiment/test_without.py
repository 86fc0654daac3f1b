"""Each institution left out in turn."""

import gamelab as gl
from gamelab.experiment.without import without


def test_what_is_left_without_each_institution():
    arrangements = gl.run("context").arrangements
    assert without(arrangements["none"]) == without(arrangements["horizontal"]) == {}
    left = without(arrangements["hierarchical"])
    assert "needs findings" in left["monitoring"]["refused"]
    assert left["monitoring"]["workable"] is None
    # by hand: nothing deters, so that watching two players brings nothing and costs what it costs
    bare = left["graduated_sanctions"]
    cost = 2 * gl.run("context").arrangements["hierarchical"].specification._values.of(
        "arrangements.hierarchical.institutions.monitoring.cost"
    )
    assert bare["profile"] == ["stage_nash", "stage_nash"]
    assert (bare["workable"], bare["net_benefit"]) == (False, -float(cost))
