"""Laws: what every solver and every engine obeys, each with its source and a wrong one that it rejects."""

from gamelab.testing.laws.finding import Finding, SolverLaw
from gamelab.testing.laws.solver_laws import SOLVER_LAWS, laws_for

__all__ = ["SOLVER_LAWS", "Finding", "SolverLaw", "laws_for"]
