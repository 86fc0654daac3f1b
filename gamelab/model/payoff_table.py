"""The payoff table of a stage game, for notebooks and screens."""

from __future__ import annotations

from html import escape

from gamelab.model.expectation import material_payoffs
from gamelab.model.game import Game
from gamelab.model.payoff_text import amounts


def as_html(game: Game) -> str:
    """Return the payoff table of the game's first state and grid point as HTML; of several moves, a list."""
    if not game.ends_round.all():
        return _by_moves(game)
    payoffs = material_payoffs(game)[0, 0]
    cells = [amounts(row) for row in payoffs]
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


def _by_moves(game: Game) -> str:
    """Return what every move in which somebody has a choice pays, state by state."""
    payoffs = material_payoffs(game)[0]
    head = f"<tr><th></th><th></th><th>{escape(', '.join(game.players))}</th></tr>"
    body = ""
    for s, state in enumerate(game.states):
        choosing = [i for i in range(game.n) if game.has_choice[s, i]]
        for p, profile in enumerate(game.profiles):
            if choosing and game.allowed_profiles[s, p]:
                done = ", ".join(game.actions[i][profile[i]] for i in choosing)
                paid = amounts(payoffs[s, p])
                body += f"<tr><th>{escape(state)}</th><th>{escape(done)}</th><td>{paid}</td></tr>"
    return f"<table><caption>{escape(repr(game)[1:-1])}</caption>{head}{body}</table>"
