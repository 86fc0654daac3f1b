"""Gains as polynomials: their signs are those of the gains themselves, at fractions drawn anywhere."""

from fractions import Fraction

import draws
import exact_games
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import up_to

from gamelab.solve import gain_polynomials as room
from gamelab.solve.exact_certificate import gains
from gamelab.solve.exact_chain import exact_chain
from gamelab.solve.gain_polynomials import Basis, gain_polynomials, without_ends
from gamelab.solve.polynomials import sign
from gamelab.solve.values import with_discount_factor
from gamelab.strategies.profile import profile_of

F = Fraction


@settings(max_examples=up_to(15))
@given(
    draws.matches(rounds=st.sampled_from([None, None, 1, 3]), players=st.just(2), size=st.just(2)),
    st.fractions(0, 1, max_denominator=1000).filter(lambda d: 0 < d < 1),
)
def test_signs_are_those_of_the_gains(match, factor):
    game, automata = exact_games.exact_twin(*match)
    found = gain_polynomials(exact_chain(with_discount_factor(game, F(1, 2)), automata))
    there = {gain for gain, *_ in gains(exact_chain(with_discount_factor(game, factor), automata))}
    signs = {(gain > 0) - (gain < 0) for gain in there}
    assert signs - {0} <= {sign(p, factor) for p in found} <= signs | {0}


def test_roots_at_the_ends_are_taken_out():
    assert without_ends((0, 0, 1, -1)) == (1,)  # d^2 (1 - d)
    assert without_ends((0, -1, 2, -1)) == (-1,)  # -d (1 - d)^2
    assert without_ends(()) == ()


def test_a_basis_grows_by_what_is_new():
    basis = Basis()
    assert [basis.grows([F(a), F(b, 3)]) for a, b in [(0, 1), (0, 2), (1, 1), (5, 7)]] == [
        True,
        False,
        True,
        False,
    ]
    assert basis.places == [1, 0]


def test_too_much_work_is_not_done(monkeypatch):
    game, _ = exact_games.exact_twin(draws.dilemma(discount_factor=0.5, misreading=0.1), [])
    chain = exact_chain(game, profile_of(game, {"limited_punishment": {"rounds": 4}}))
    assert gain_polynomials(chain)
    monkeypatch.setattr(room, "MOST_DEGREE", 1)
    assert gain_polynomials(chain) is None
