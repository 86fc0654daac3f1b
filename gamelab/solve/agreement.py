"""Whether a profile supports the agreement, and proofs that none can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gamelab.model.automaton import Automaton
from gamelab.model.game import Bools, Floats, Game, Ints
from gamelab.model.information import reads_privately
from gamelab.solve.backward_induction import backward_induction, moves_backwards
from gamelab.solve.joint import Chain, chains, reached
from gamelab.solve.moves import lumps, slack
from gamelab.solve.stage_equilibria import equilibria_of, stage_utilities, survivors


def has_agreement(game: Game) -> bool:
    """Tell whether every choice has an agreed action."""
    return not (game.has_choice & (game.agreement < 0)).any()


def prescribes_agreement(game: Game, automata: Sequence[Automaton]) -> Bools:
    """Tell whether a profile prescribes the agreement while nobody was seen to deviate, (...).

    With probability 1, after every history, whatever was done, in which no reading and no finding showed a
    deviation; a player's own deviation counts as seen where players read each other privately.
    """
    result = np.empty(game.batch, dtype=bool)
    for points, chain in chains(game, automata):
        keeps = np.ones(chain.size, dtype=bool)
        for i in range(game.n):
            kept = np.broadcast_to((chain.play[i] > 0).any(axis=0), (chain.size, game.allowed.shape[2]))
            strays = (kept & ~game.keeps[chain.state, i]).any(axis=1)
            keeps &= ~strays | (game.agreement[chain.state, i] < 0)
        result[points] = keeps[_without_deviation(chain)].all()
    return result.reshape(game.shape)


def _without_deviation(chain: Chain) -> Bools:
    """Return the joint states that some history without a seen deviation reaches, (X,)."""
    game = chain.game
    lump, outcome = lumps(game, chain.automata)
    unseen = game.happens & ~deviation_seen(game)
    by_lump = np.stack([unseen[..., lump == k].any(axis=-1) for k in range(len(outcome))], axis=-1)
    passes = chain.possible & by_lump[chain.state]
    linked = np.zeros((chain.size, chain.size), dtype=bool)
    linked[np.nonzero(passes)[0], chain.target[passes]] = True
    return reached(linked, chain.begins)


def deviation_seen(game: Game) -> Bools:
    """Return whether a move shows that somebody deviated, (S, P, Y)."""
    S, P, Y = len(game.states), len(game.profiles), len(game.outcomes)
    seen = np.zeros((S, P, Y), dtype=bool)
    for j in range(game.n):
        bound = (game.agreement[:, j] >= 0)[:, None, None]
        seen |= bound & (game.finding[j] == 2)
        for i in range(game.n):
            reading = game.conduct[i, j]
            off = ~game.keeps[:, j, reading] & (reading >= 0)
            seen |= bound & off[:, None]
        done = np.where(game.deeds[j] >= 0, game.deeds[j], game.profiles[:, [j]])
        seen |= bound & reads_privately(game, j) & ~game.keeps[:, j][:, done]
    return seen


def why_impossible(game: Game) -> str | None:
    """Return a proof, in words, that no equilibrium supports the agreement of a single game, or None.

    Either a profitable deviation from it is never seen and nothing acts on it, or finitely many rounds
    unravel from the only stage equilibrium.
    """
    if not has_agreement(game):
        return None
    return _unseen(game) or _unravels(game)


def _unseen(game: Game) -> str | None:
    exact = (game.keeps.sum(axis=-1) == 1) | ~game.has_choice  # else another action may keep the agreement
    for s in np.flatnonzero(_kept_states(game) & exact.all(axis=1)):
        promised = np.where(game.agreement[s] >= 0, game.agreement[s], game.allowed[s].argmax(axis=-1))
        kept = int(np.ravel_multi_index(tuple(promised), game.sizes))
        utilities = stage_utilities(game, int(s))[0]
        apart = np.broadcast_to(slack(game)[0, min(s, slack(game).shape[1] - 1)], utilities.shape)
        for i in range(game.n):
            for a in np.flatnonzero(game.allowed[s, i, : game.sizes[i]] & ~game.keeps[s, i, : game.sizes[i]]):
                moved = promised.copy()
                moved[i] = a
                p = int(np.ravel_multi_index(tuple(moved), game.sizes))
                gain = utilities[p, i] - utilities[kept, i]
                if gain > apart[p, i] + apart[kept, i] and _looks_the_same(game, int(s), i, kept, p):
                    own = game.actions[i]
                    return (
                        f"when {game.players[i]} does {own[a]} in place of {own[promised[i]]}, "
                        f"nobody ever sees it, nothing acts on it, and it pays {gain:g} more at once: "
                        "no equilibrium keeps the agreement, at any discount factor"
                    )
    return None


def _kept_states(game: Game) -> Bools:
    """Return the states that come up while everybody does what is agreed and is not seen to deviate, (S,)."""
    keeps = game.keeps | (game.agreement < 0)[..., None]
    kept = np.logical_and.reduce([keeps[:, i, game.profiles[:, i]] for i in range(game.n)])
    state, _, outcome = np.nonzero(game.happens & kept[:, :, None] & ~deviation_seen(game))
    linked = np.zeros((len(game.states), len(game.states)), dtype=bool)
    linked[state, game.next_state[state, outcome]] = True
    return reached(linked, np.asarray((game.start > 0).any(axis=0)))


def _looks_the_same(game: Game, s: int, player: int, kept: int, moved: int) -> bool:
    """Tell whether a deviation changes nothing that others see, nor what the player can pretend to see."""
    chances = game.probabilities[0, min(s, game.probabilities.shape[1] - 1)]
    before, after = chances[min(kept, len(chances) - 1)], chances[min(moved, len(chances) - 1)]
    rest = np.vstack([np.delete(game.views, player, axis=0), game.next_state[[s]]])
    _, theirs = np.unique(rest, axis=1, return_inverse=True)
    table = _joint_chances(before, theirs.ravel(), game.views[player])
    other = _joint_chances(after, theirs.ravel(), game.views[player])
    if np.allclose(table, other, rtol=0, atol=1e-12):
        return True
    same_to_others = np.allclose(table.sum(axis=1), other.sum(axis=1), rtol=0, atol=1e-12)
    independent = np.allclose(table, np.outer(table.sum(axis=1), table.sum(axis=0)), rtol=0, atol=1e-12)
    return bool(same_to_others and independent)


def _joint_chances(chances: Floats, rows: Ints, columns: Ints) -> Floats:
    table = np.zeros((int(rows.max()) + 1, int(columns.max()) + 1))
    np.add.at(table, (rows, columns), chances)
    return table


def _unravels(game: Game) -> str | None:
    if game.rounds is None:
        return None
    if len(game.states) > 1:
        return _unravels_by_moves(game)
    only = _only_equilibrium(game)
    if only is None or all(game.keeps[0, i, a if a >= 0 else slice(None)].all() for i, a in enumerate(only)):
        return None
    labels = ", ".join(game.actions[i][a] for i, a in enumerate(only)) if min(only) >= 0 else "mixed"
    return (
        f"the only stage equilibrium is ({labels}), so the last round brings it whatever happened before, "
        "and then by backward induction so does every earlier one"
    )


def _unravels_by_moves(game: Game) -> str | None:
    """The same for rounds of several moves, one player at a time, that all begin in the same state."""
    begins = (game.start > 0).any(axis=0) | game.leads_to[game.ends_round].any(axis=0)
    if begins.sum() != 1 or (game.has_choice.sum(axis=1) > 1).any():
        return None
    plan = backward_induction(game)
    kept = _kept_states(game)
    if not plan.unique[0]:
        return None
    choosing = [(s, int(i)) for s in moves_backwards(game) for i in np.flatnonzero(game.has_choice[s])]
    moves = [(s, i, int(plan.phases[0][0, s, i].argmax())) for s, i in choosing]
    if not any(kept[s] and not game.keeps[s, i, a] for s, i, a in moves):
        return None
    said = ", ".join(f"{game.players[i]} does {game.actions[i][a]}" for _, i, a in moves)
    return (
        f"in the last round only one thing is best at every move ({said}), whatever happened before, "
        "and then by backward induction so it is in every earlier one"
    )


def _only_equilibrium(game: Game) -> list[int] | None:
    """Return the actions of the only stage equilibrium, -1 where it mixes; None where that is not shown."""
    left = survivors(game)
    if all(len(own) == 1 for own in left):
        return [own[0] for own in left]
    public = (game.views == game.views[0]).all() and not (game.deeds >= 0).any()
    if game.sizes != (2, 2) or not public:
        return None
    table = stage_utilities(game)[0].reshape(2, 2, 2)
    apart = np.broadcast_to(slack(game)[0, 0], (4, 2)).reshape(2, 2, 2)
    ties = (
        np.abs(table[0, :, 0] - table[1, :, 0]) <= apart[0, :, 0] + apart[1, :, 0],
        np.abs(table[:, 0, 1] - table[:, 1, 1]) <= apart[:, 0, 1] + apart[:, 1, 1],
    )
    equilibria = equilibria_of(game)
    if np.any(ties) or len(equilibria) != 1:
        return None
    return [int(own.argmax()) if own.max() == 1 else -1 for own in equilibria[0]]
