"""The payoff table of a stage game, for notebooks and screens."""

from __future__ import annotations

from html import escape

import numpy as np

from gamelab.model.game import Floats, Game


def expected_flow(game: Game, line: str) -> Floats:
    """Return what a ledger line pays on average for each state and profile, (b, S, P, c).

    Size 1 stays on b, S and P where nothing depends on them.
    """
    flow = game.flows[line]
    total: Floats = np.zeros((1, 1, 1, len(game.accounts)))
    if flow.by_profile is not None:
        total = total + flow.by_profile
    if flow.by_outcome is not None:
        total = total + game.probabilities @ flow.by_outcome
    return total


def material_payoffs(game: Game) -> Floats:
    """Return the stage game's payoffs to the players, (b, S, P, n)."""
    wide = (game.batch, len(game.states), len(game.profiles), len(game.accounts))
    lines = [line for line, flow in game.flows.items() if flow.kind == "material"]
    return np.broadcast_to(sum(expected_flow(game, line) for line in lines), wide)[..., : game.n]


def as_html(game: Game) -> str:
    """Return the payoff table of the game's first state and grid point as HTML."""
    payoffs = material_payoffs(game)[0, 0]
    cells = [", ".join(f"{value:g}" for value in row) for row in payoffs]
    title = f"<caption>{escape(repr(game)[1:-1])}</caption>"
    if game.n != 2:
        rows = "".join(
            f"<tr><th>{escape(label)}</th><td>{cell}</td></tr>"
            for label, cell in zip(game.profile_names, cells)
        )
        return f"<table>{title}<tr><th></th><th>{escape(', '.join(game.players))}</th></tr>{rows}</table>"
    columns = game.sizes[1]
    head = "".join(f"<th>{escape(label)}</th>" for label in game.actions[1])
    body = "".join(
        f"<tr><th>{escape(label)}</th>"
        + "".join(f"<td>{cell}</td>" for cell in cells[k * columns : (k + 1) * columns])
        + "</tr>"
        for k, label in enumerate(game.actions[0])
    )
    corner = f"<th>{escape(game.players[0])} \\ {escape(game.players[1])}</th>"
    return f"<table>{title}<tr>{corner}{head}</tr>{body}</table>"
