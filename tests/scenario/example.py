"""The example file of the interface, without what is not built yet."""

EXAMPLE = """\
gamelab: 1
title: Free-riding when conduct cannot be seen
source: "Levy (2025), Box 1, third point"
about: >-
  The question, in two sentences.
players: [agency, association]
parameters:
  accuracy: 0.98
game:
  kind: prisoners_dilemma
  temptation: 5
  reward: 3
  punishment: 1
  sucker: 0
time:
  discount_factor: 0.9
information:
  observe: none
  misreading: 0
  tremble: 0
preferences:
  altruism: 0
arrangements:
  horizontal:
    institutions:
      transparency:
        reach: 0.8
        misreading: 1 - accuracy
        cost: 0.05
    profiles:
      - grim
  hierarchical:
    institutions:
      monitoring: {detection: 0.9, false_alarm: 0.02, cost: 0.15, paid_by: authority}
      graduated_sanctions: {fines: [2.5, 4, 8], forgiveness: 0.5, cost_per_act: 0.1}
    profiles: [comply]
    selection: best
exact: false
claims:
  - says: Nothing unseen is kept
    arrangement: none
    quantity: supported
    is: impossible
  - says: Reach substitutes for patience
    arrangement: horizontal
    profile: grim
    quantity: critical_discount_factor
    equals: >-
      (temptation - reward) / ((temptation - reward)*(1 - reach*(1 - accuracy^2))
      + reach*accuracy*(2*accuracy - 1)*(reward - punishment))
    within: 1e-9
  - says: Still workable when impatient
    arrangement: hierarchical
    quantity: net_benefit
    above: 0
    with: {time.discount_factor: 0.3}
"""


def changed(*changes: tuple[str, str]) -> str:
    """Return the example with pieces of text replaced, each of which must be there."""
    text = EXAMPLE
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text
