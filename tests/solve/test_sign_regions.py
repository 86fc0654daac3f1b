"""Sign regions against signs at every point of a grid, roots of several polynomials included."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.solve.polynomials import polynomial, product, sign
from gamelab.solve.sign_regions import regions

F = Fraction
FACTORS = [F(k, 12) for k in range(13)]


def with_roots(roots, factor):
    total = [F(factor)]
    for root in roots:
        total = product(total, [-root, F(1)])
    return polynomial(total)


@settings(max_examples=up_to(30))
@given(
    st.lists(
        st.builds(with_roots, st.lists(st.sampled_from(FACTORS), max_size=3), st.sampled_from([-1, 1])),
        max_size=4,
    )
)
def test_regions_agree_with_signs(polynomials):
    found = regions(polynomials, F(0), F(1))
    roots = [root.settle() for root in found.roots]
    assert None not in roots
    assert roots == sorted(set(roots))
    edges = [F(0), *roots, F(1)]
    for value in [F(k, 24) for k in range(1, 24)]:
        holds = all(sign(p, value) <= 0 for p in polynomials)
        if value in roots:
            assert found.at_root[roots.index(value)] == holds
        else:
            part = sum(edge < value for edge in edges) - 1
            assert found.inside[part] == holds
    assert all(low < point < high for low, point, high in zip(edges, found.points, edges[1:], strict=False))


def test_a_shared_root_that_is_no_fraction_is_one_point():
    """Both are zero at the root of 2x^2 = 1, and of opposite signs beside it."""
    found = regions([(-1, 0, 2), (1, 0, -2)], F(0), F(1))
    assert (len(found.roots), found.at_root, found.inside) == (1, [True], [False, False])
    beside = regions([(-1, 0, 2), (10**30 + 1, 0, -2 * 10**30)], F(0), F(1))
    assert (len(beside.roots), any(beside.at_root), any(beside.inside)) == (2, False, False)


def test_nothing_to_judge():
    assert regions([], F(0), F(1)).inside == [True]
    assert regions([(1,)], F(0), F(1)).inside == [False]
    assert regions([(-1,)], F(0), F(1)).inside == [True]
