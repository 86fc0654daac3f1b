"""Laws about tolerances: only what enters a comparison decides it, and only up to the eps that is stated."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from gamelab.analysis import certify
from gamelab.model.game import Game
from gamelab.testing.descriptions import Comparison, GameDescription
from gamelab.testing.laws.drawn import apart, drawn
from gamelab.testing.laws.engines import Engines, GameLaw, solved_exactly

ROUNDED = 1 + Fraction(1, 10**12)
"""The eps is stated as a float."""


def _far_payoffs(engines: Engines, case: Comparison) -> str | None:
    """Compare the verdicts on one profile in two games that differ in payoffs which play no part.

    Proof. What i compares after a history is what i gets by the prescribed action and by another one, while
    the others do as prescribed, and what follows, which is again paid by prescribed profiles. So what others
    get where i deviates plays no part, nor what i gets beside actions of others that are never prescribed.
    The sucker's payoff S of a dilemma enters only where somebody keeps what nobody keeps any more, in
    S - P < 0, or nowhere; a lower one changes no sign.
    """
    first, second = case.each()
    certificates = [engines.certify(one.build(), list(one.profile)) for one in (first, second)]
    verdicts = [str(certificate.verdict) for certificate in certificates]
    if verdicts[0] != verdicts[1]:
        return f"the verdict is {verdicts[0]}, and {verdicts[1]} where a payoff without a part is far away"
    gains = [float(certificate.max_gain) for certificate in certificates]
    if max(gains) > 0 and apart(*gains):
        return f"the largest gain is {gains[0]:.9g}, and {gains[1]:.9g} where such a payoff is far away"
    return None


def _stated_eps(engines: Engines, case: GameDescription) -> str | None:
    if engines.run_exact is None:
        return None
    for arrangement in engines.run_exact(case.scenario())["arrangements"].values():
        for candidate in arrangement["candidates"]:
            words = beyond_eps(candidate)
            if words:
                return words
    return None


def beyond_eps(candidate: Mapping[str, Any]) -> str | None:
    """Return where a candidate's verdicts in floats and in fractions differ by more than the stated eps.

    Parameters
    ----------
    candidate : mapping
        As results hold it, solved exactly; without fractions there is nothing to compare.
    """
    certificate, exact = candidate["certificate"], candidate.get("exact")
    if exact is None or exact["verdict"] is None:
        return None
    verdicts = certificate["verdict"], exact["verdict"]
    if verdicts[0] in ("undecided", verdicts[1]):
        return None
    exact_gain = exact["best_response_gain" if certificate["concept"] == "Nash" else "max_gain"]
    gain, eps = Fraction(exact_gain), certificate["eps"]
    if abs(gain) > Fraction(eps) * ROUNDED:
        both = f"{candidate['profile']} {verdicts[0]}, in fractions it {verdicts[1]}"
        return f"{both}; the exact gain is {float(gain):.9g}, the eps that is stated {eps:.9g}"
    return None


# -------------------------------------------------------------------------------------------- wrong engines


def _by_the_whole_table(game: Game, profile: Any) -> Any:
    """Take a gain for none that is small beside the spread of all payoffs."""
    right: Any = certify(game, profile)
    spread = max(float(np.ptp(part)) for part in game.flows["material"].parts())
    small = right.max_gain <= 1e-9 * spread
    return dataclasses.replace(right, verdict=np.where(small, "holds", right.verdict))


def _lenient(text: str) -> dict[str, Any]:
    """Take larger gains for none than the certificate states."""
    results = solved_exactly(text)
    for arrangement in results["arrangements"].values():
        for candidate in arrangement["candidates"]:
            certificate = candidate["certificate"]
            if certificate["max_gain"] is not None and certificate["max_gain"] < LENIENT:
                certificate["verdict"] = "holds"
    return results


LENIENT = 1e-3

TOLERANCE_LAWS: tuple[GameLaw, ...] = (
    GameLaw(
        "far payoffs", "payoffs that play no part change no verdict, however far away they are",
        "definition of a one-shot deviation; proof in the docstring",
        _far_payoffs, drawn("far_payoffs"), Engines(certify=_by_the_whole_table),
    ),
    GameLaw(
        "stated eps", "floats and fractions differ only where the exact gain is at most the eps that the "
        "certificate states, up or down; elsewhere they agree, or floats say that it is undecided",
        "definition of a certificate's eps", _stated_eps, drawn("near_edges"), Engines(run_exact=_lenient),
    ),
)  # fmt: skip
"""Laws about where floats may differ from fractions."""
