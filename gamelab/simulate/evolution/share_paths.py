"""Share paths: the shares of strategies over time, from one starting point or many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gamelab.model.freezing import frozen_result
from gamelab.model.game import Floats

if TYPE_CHECKING:
    import pandas as pd


MOST_MOMENTS = 100_000
"""The most moments at which the shares of a path are kept."""


@frozen_result
@dataclass(frozen=True, eq=False)
class SharePaths:
    """Shares over time under a deterministic dynamic.

    Parameters
    ----------
    names : tuple of str
    dynamic : str
        Which one.
    times : array (t,)
        Units of time, or generations where time goes in steps.
    log_shares : array (b, t, k)
        Natural logarithms, so that shares far below what floats hold are not lost; -inf where one is 0.
    notes : tuple of str
        What a reader should know, such as where a path was not followed to the end.
    """

    names: tuple[str, ...]
    dynamic: str
    times: Floats
    log_shares: Floats
    notes: tuple[str, ...] = ()
    shares: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", np.exp(self.log_shares))
        for array in (self.times, self.log_shares, self.shares):
            array.setflags(write=False)

    @property
    def last(self) -> Floats:
        """Shares at the end, (b, k)."""
        return np.asarray(self.shares[:, -1])

    def to_frame(self) -> pd.DataFrame:
        """Return a table with a row for each path and moment."""
        import pandas as pd

        b, t, k = self.shares.shape
        frame = pd.DataFrame(self.shares.reshape(b * t, k), columns=list(self.names))
        frame.insert(0, "time", np.tile(self.times, b))
        frame.insert(0, "path", np.repeat(np.arange(b), t))
        return frame

    def _repr_html_(self) -> str:
        return str(self.to_frame().groupby("path").tail(1).to_html(index=False, float_format="{:.4g}".format))

    def __repr__(self) -> str:
        ends = "; ".join(
            ", ".join(f"{name} {share:.3g}" for name, share in zip(self.names, path))
            for path in self.last[:3]
        )
        return f"<SharePaths of {self.dynamic}, {len(self.shares)} of them, ending at {ends}>"
