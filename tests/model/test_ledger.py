import numpy as np

from gamelab.model.ledger import KINDS, Flow


def test_kinds():
    assert KINDS == ("material", "transfer", "fine", "cost", "regard")


def test_parts_are_those_that_are_there():
    one, other = np.ones((1, 1, 4, 3)), np.zeros((1, 1, 2, 3))
    assert Flow("cost").parts() == []
    assert [part is one for part in Flow("cost", one).parts()] == [True]
    assert [part.shape for part in Flow("cost", one, other).parts()] == [(1, 1, 4, 3), (1, 1, 2, 3)]


def test_mapped():
    one, other = np.ones(2), np.ones(3)
    both = Flow("fine", one, other).mapped(lambda part: part * 2, lambda part: part * 3)
    assert (both.kind, both.by_profile.tolist(), both.by_outcome.tolist()) == ("fine", [2, 2], [3, 3, 3])
    same = Flow("fine", None, other).mapped(lambda part: part * 2)
    assert (same.by_profile, same.by_outcome.tolist()) == (None, [2, 2, 2])
