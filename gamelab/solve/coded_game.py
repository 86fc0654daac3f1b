"""Coded games: numbers that are equal up to rounding have one code, so that relabellings compare exactly."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Floats, Game, Ints
from gamelab.model.memory import once
from gamelab.model.stage import pure_equilibria
from gamelab.ties import slack

SAME_CHANCE = 1e-9
"""Up to this difference two chances are the same."""


@dataclass(frozen=True, eq=False)
class Coded:
    """What a single game holds, as whole numbers.

    Parameters
    ----------
    n : int
        How many players there are; the accounts begin with them.
    chosen : int array (P, n)
        The actions of each profile.
    sizes : tuple of int
        How many actions each player has.
    start, ends : array (S,)
    levels, agreement, discount : array (S, n)
    allowed, keeps, fallback : array (S, n, A)
        No fallback where it is the first stage equilibrium in pure actions, as by default.
    pay : array (L, S, P, c)
        What is expected of each ledger line, less its base.
    base : array (L, c)
    paid : tuple of array (S, Y, c)
        What outcomes pay, of the lines that have this.
    chances : array (S, P, Y)
        Of the outcomes that occur; size 1 is kept on S and P.
    following : array (S, Y)
        The next state, -1 where an outcome never follows.
    views, deeds, finding : array (n, Y)
    conduct : array (n, n, Y)
    """

    n: int
    chosen: Ints
    sizes: tuple[int, ...]
    start: Ints
    ends: Ints
    levels: Ints
    agreement: Ints
    discount: Ints
    allowed: Ints
    keeps: Ints
    fallback: Ints
    pay: Ints
    base: Ints
    paid: tuple[Ints, ...]
    chances: Ints
    following: Ints
    views: Ints
    deeds: Ints
    finding: Ints
    conduct: Ints

    def relabelled(
        self, players: tuple[int, ...], actions: tuple[tuple[int, ...], ...]
    ) -> tuple[Coded, Ints]:
        """Return the game as it looks under a relabelling, states and outcomes as they are; and its profiles.

        Where the relabelling is a symmetry there are states and outcomes under which nothing changes.

        Parameters
        ----------
        players : tuple of int
            Where each player goes.
        actions : tuple of tuple of int
            Which action of that player each own action becomes.

        Returns
        -------
        Coded, int array (P,)
            What player i and action a find in the places of their images; and the image of each profile.
        """
        to, n, A = np.array(players), self.n, self.allowed.shape[2]
        forth = np.tile(np.arange(A), (n, 1))
        back = np.full((n, A + 1), -1)  # the last place is that of -1, which stays
        for i, images in enumerate(actions):
            forth[i, : len(images)] = images
            back[i, list(images)] = np.arange(len(images))
        image = np.empty_like(self.chosen)
        image[:, to] = forth[np.arange(n), self.chosen]
        profiles = np.ravel_multi_index(tuple(image.T), self.sizes)
        accounts = np.concatenate([to, np.arange(n, self.base.shape[1])])
        own = np.arange(n)
        column = profiles if self.chances.shape[1] > 1 else slice(None)
        return replace(
            self,
            levels=self.levels[:, to],
            agreement=back[own, self.agreement[:, to]],
            discount=self.discount[:, to],
            **{name: getattr(self, name)[:, to[:, None], forth] for name in ("allowed", "keeps", "fallback")},
            pay=self.pay[:, :, profiles][..., accounts],
            base=self.base[:, accounts],
            paid=tuple(part[..., accounts] for part in self.paid),
            chances=self.chances[:, column],
            views=self.views[to],
            deeds=back[own[:, None], self.deeds[to]],
            finding=self.finding[to],
            conduct=back[own[None, :, None], self.conduct[to[:, None], to]],
        ), profiles

    def pattern(self) -> bytes:
        """Return which numbers are equal, as bytes: two games of one pattern have the same symmetries."""
        arrays = [getattr(self, field.name) for field in fields(self)]
        parts = itertools.chain.from_iterable(each if isinstance(each, tuple) else [each] for each in arrays)
        return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)

    def states(self) -> list[bytes]:
        """Return all that each state holds, as bytes that are the same for states that hold the same."""
        parts = (self.start, self.ends, self.levels, self.agreement, self.discount)
        rows = [np.asarray(part).reshape(len(self.start), -1) for part in parts]
        rows += [part.reshape(len(self.start), -1) for part in (self.allowed, self.keeps, self.fallback)]
        rows.append(np.moveaxis(self.pay, 1, 0).reshape(len(self.start), -1))
        return [row.tobytes() for row in np.hstack([row.astype(np.int64) for row in rows])]

    def seen(self) -> NDArray[Any]:
        """Return what each outcome shows and is, without its state, (Y, k)."""
        parts = (self.conduct, self.deeds, self.finding)
        return np.hstack([np.moveaxis(part, -1, 0).reshape(self.views.shape[1], -1) for part in parts])


@once
def coded(game: Game) -> Coded:
    """Return the codes of a single game."""
    S, P, there = len(game.states), len(game.profiles), game.occurs
    shape = (S, P, len(game.accounts))
    expected = list(game.expected.values())
    if game.exact:  # any payoff may be the base there; rounded ones have one that no relabelling changes
        ends = game.ends_round[None, :, None, None]
        expected = [(flow + base[:, None, None] * ends, 0 * base) for flow, base in expected]
    paid = [flow.by_outcome[0] for flow in game.flows.values() if flow.by_outcome is not None]
    follows = np.asarray(game.happens.any(axis=1))[:, there]
    return Coded(
        n=game.n,
        chosen=game.profiles,
        sizes=game.sizes,
        start=codes(game.start[0]),
        ends=game.ends_round,
        levels=game.levels,
        agreement=game.agreement,
        discount=np.broadcast_to(codes(game.discount_factor[0]), (S, game.n)),
        allowed=game.allowed,
        keeps=game.keeps,
        fallback=codes(game.fallback[0]) * (not _first_of_several(game)),
        pay=np.stack([np.broadcast_to(codes(flow[0], payments=True), shape) for flow, _ in expected]),
        base=np.stack([codes(base[0], payments=True) for _, base in expected]),
        paid=tuple(np.broadcast_to(codes(part, payments=True), part.shape)[:, there] for part in paid),
        chances=codes(game.probabilities[0][..., there]),
        following=np.where(follows, game.next_state[:, there], -1),
        views=game.views[:, there],
        deeds=game.deeds[:, there],
        finding=game.finding[:, there],
        conduct=game.conduct[:, :, there],
    )


def _first_of_several(game: Game) -> bool:
    """Tell whether the fallback is the first stage equilibrium in pure actions, as by default.

    Of several one is the first by its label only: that one player likes it best makes nobody different.
    """
    for state, payoffs in enumerate(material_payoffs(game)[0]):
        ties = 0 if game.exact else slack(payoffs)[None]
        stable = pure_equilibria(payoffs[None], game.sizes, ties)[0]
        first = game.profiles[stable.argmax(), :, None] == np.arange(game.allowed.shape[2])
        if not stable.any() or (game.fallback[0, state] != first).any():
            return False
    return True


def codes(numbers: Floats, *, payments: bool = False) -> Ints:
    """Return whole numbers that are the same where the numbers are, up to rounding."""
    flat = numbers.ravel()
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    if numbers.dtype == object:
        apart = np.array(ordered[1:] != ordered[:-1], dtype=bool)
    else:
        margin = slack(flat)[order] if payments else np.full(len(flat), SAME_CHANCE / 2)
        apart = np.diff(ordered) > margin[1:] + margin[:-1]
    numbered = np.empty(len(flat), dtype=np.int64)
    numbered[order] = np.concatenate([[0], np.cumsum(apart)])[: len(flat)]
    return numbered.reshape(numbers.shape)
