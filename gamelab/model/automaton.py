"""A strategy as an automaton: what to do in each of its states, and which state follows what is seen."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace

import numpy as np

from gamelab.errors import GameError
from gamelab.model.exactness import InexactError, exact_asked, fractions
from gamelab.model.game import Bools, Floats, Game, Ints, fixed_numbers, frozen, take_points
from gamelab.model.soundness import numeric, words


@dataclass(frozen=True, eq=False, kw_only=True)
class Automaton:
    """A strategy of one player in one game.

    Parameters
    ----------
    name : str
    states : tuple of str
        Names of the Q automaton states.
    start : int
    action : array (b, S, Q, A)
        Probabilities of the player's actions; size 1 is allowed on b and S. Kept as fractions where
        ``exactly`` asks for it.
    next : int array (S, Q, A, V)
        The automaton state that follows the own action and the symbol seen; size 1 is allowed on S. Never
        batched.
    exact : bool
        Whether no probability was given as a float.
    """

    name: str
    states: tuple[str, ...]
    start: int
    action: Floats
    next: Ints
    exact: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise GameError(f"is a {type(self.name).__name__}; a text is needed", "name")
        object.__setattr__(self, "states", words(self.states, "states"))
        if isinstance(self.start, bool) or not isinstance(self.start, int | np.integer):
            raise GameError(f"is a {type(self.start).__name__}; a whole number is needed", "start")
        kind = numeric(self.action, "action").dtype
        exact = exact_asked() and kind.kind == "O"
        object.__setattr__(self, "exact", kind.kind in "biu" or exact)
        fixed = (
            fixed_numbers(self.action, None, "action") if exact else frozen(self.action, np.float64, "action")
        )
        object.__setattr__(self, "action", fixed)
        object.__setattr__(self, "next", frozen(self.next, np.int64, "next"))
        Q = len(self.states)
        if self.action.ndim != 4 or self.next.ndim != 4:
            raise GameError("action needs axes (b, S, Q, A) and next (S, Q, A, V)", self.name)
        if not (
            self.action.shape[2] == self.next.shape[1] == Q and self.action.shape[3] == self.next.shape[2]
        ):
            raise GameError(
                f"has {Q} states, but action {self.action.shape}, next {self.next.shape}", self.name
            )
        if not 0 <= self.start < Q or self.next.min() < 0 or self.next.max() >= Q:
            raise GameError(f"start or next names a state that is not among its {Q}", self.name)
        total = self.action.sum(-1)
        if not ((self.action >= 0).all() and (abs(total - 1) <= (0 if exact else 1e-9)).all()):
            raise GameError("action needs probabilities that sum to 1", self.name)

    def fits(self, game: Game, player: int) -> None:
        """Raise GameError unless this automaton can play as ``player`` in ``game``."""
        S, V = len(game.states), int(game.views[player].max()) + 1
        A = game.allowed.shape[2]
        wanted = f"{A} actions, {V} symbols and {S} states"
        fits = self.action.shape[1] in (1, S) and self.next.shape[0] in (1, S)
        if not fits or self.action.shape[3] != A or self.next.shape[3] != V:
            raise GameError(f"does not fit {game.players[player]}: the game has {wanted}", self.name)
        if self.action.shape[0] not in (1, game.batch):
            raise GameError(f"has {self.action.shape[0]} points, the game {game.batch}", self.name)
        forbidden = (self.action > 0) & ~game.allowed[None, :, player][:, :, None]
        if forbidden.any():
            _, s, _, a = (int(k) for k in np.argwhere(forbidden)[0])
            raise GameError(f"does action {a}, which state {game.states[s]} does not allow", self.name)

    def chances(self) -> Floats:
        """Return the probabilities of actions, (S, Q, A), as fractions.

        Raises
        ------
        InexactError
            Where some were given as floats.
        """
        if not self.exact:
            message = f"{self.name} has rounded probabilities, and exact results need fractions"
            raise InexactError(
                f"{message}; make it on an exact game, or give 0 and 1 as whole numbers", "action"
            )
        whole = self.action.astype(np.int64) if self.action.dtype != object else self.action
        return fractions(whole[0])

    def rounded(self) -> Automaton:
        """Return the same automaton with floats for probabilities."""
        return replace(self, action=np.asarray(self.action, dtype=np.float64))

    def take(self, points: Ints | slice) -> Automaton:
        """Return the automata at these places of the batch axis."""
        part = copy.copy(self)  # sound as it is: nothing has to be checked again
        object.__setattr__(part, "action", take_points(self.action, points))
        return part


def squeezed(array: Floats | Ints | Bools, axis: int) -> Floats | Ints | Bools:
    """Return the array with size 1 on an axis along which nothing changes.

    >>> squeezed(np.array([[1, 2], [1, 2]]), 0).shape
    (1, 2)
    """
    first = np.take(array, [0], axis=axis)
    return first if (array == first).all() else array
