"""Laws: what every solver and every engine obeys, each with its source and a wrong one that it rejects."""

from gamelab.errors import InputError, nearest
from gamelab.testing.laws.answer_laws import ANSWER_LAWS, AnswerLaw
from gamelab.testing.laws.comparison_laws import COMPARISON_LAWS
from gamelab.testing.laws.engines import Engines, GameLaw
from gamelab.testing.laws.finding import Finding, SolverLaw
from gamelab.testing.laws.game_laws import VALUE_LAWS
from gamelab.testing.laws.player_laws import PLAYER_LAWS
from gamelab.testing.laws.solver_laws import SOLVER_LAWS, laws_for
from gamelab.testing.laws.statics_laws import STATICS_LAWS
from gamelab.testing.laws.tolerance_laws import TOLERANCE_LAWS

__all__ = [
    "ANSWER_LAWS",
    "GAME_LAWS",
    "SOLVER_LAWS",
    "AnswerLaw",
    "Engines",
    "Finding",
    "GameLaw",
    "SolverLaw",
    "laws_for",
    "named",
]

GAME_LAWS: tuple[GameLaw, ...] = VALUE_LAWS + PLAYER_LAWS + STATICS_LAWS + TOLERANCE_LAWS + COMPARISON_LAWS


def named(name: str) -> SolverLaw | GameLaw | AnswerLaw:
    """Return a law by its name.

    Raises
    ------
    InputError
        Where there is none; it names the nearest.
    """
    known: dict[str, SolverLaw | GameLaw | AnswerLaw] = {law.name: law for law in SOLVER_LAWS}
    known |= {law.name: law for law in GAME_LAWS}
    known |= {law.name: law for law in ANSWER_LAWS}
    if name not in known:
        raise InputError(f"no law is called '{name}'{nearest(name, known)}")
    return known[name]
