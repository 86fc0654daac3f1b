"""Faults in the strategies."""

from .fault import Fault

STRATEGIES = "gamelab/strategies/"

OF_PLAY = (
    Fault(
        "clean is an offence", STRATEGIES + "sight.py",
        "game.finding[j, outcomes] == 2",
        "game.finding[j, outcomes] >= 1",
        "any finding counts as a deviation that was seen",
        ("tests/strategies/test_sight.py",),
    ),
    Fault(
        "record of action 0 unseen", STRATEGIES + "sight.py",
        "seen[..., j] = np.where(record >= 0, record, otherwise)",
        "seen[..., j] = np.where(record > 0, record, otherwise)",
        "where the record shows the first action it is not read",
        ("tests/strategies/test_sight.py", "tests/strategies/test_triggers.py", "tests/strategies/test_table.py"),
    ),
    Fault(
        "deviates from nothing", STRATEGIES + "sight.py",
        "&= game.agreement[:, j][:, None, None] >= 0",
        "&= game.agreement[:, j][:, None, None] >= -1",
        "who has no choice, or nothing agreed, can be seen to deviate",
        ("tests/strategies/test_sight.py::test_deviations_and_deeds",),
    ),
    Fault(
        "grim forgives", STRATEGIES + "triggers.py",
        "follows = np.stack([anybody, np.ones_like(anybody)], axis=1)",
        "follows = np.stack([anybody, anybody], axis=1)",
        "grim goes back to the agreement after a round without deviations",
        ("tests/strategies/test_triggers.py", "tests/strategies/test_table.py"),
    ),
    Fault(
        "punished one round less", STRATEGIES + "triggers.py",
        "rounds * seen[0]",
        "(rounds - 1) * seen[0]",
        "limited punishment ends a round too early",
        ("tests/strategies/test_triggers.py", "tests/strategies/test_table.py"),
    ),
    Fault(
        "penance of the wrong player", STRATEGIES + "triggers.py",
        "1 + deviated.argmax(axis=-1)",
        "2 - deviated.argmax(axis=-1)",
        "the victim does penance",
        ("tests/strategies/test_triggers.py", "tests/strategies/test_table.py"),
    ),
    Fault(
        "win-stay never returns", STRATEGIES + "triggers.py",
        "int(any(deviated) and not all(deviated))",
        "int(any(deviated))",
        "Pavlov stays with deviating after all deviated",
        ("tests/strategies/test_triggers.py", "tests/strategies/test_table.py"),
    ),
    Fault(
        "two tats not in a row", STRATEGIES + "reactive.py",
        '"warned": (0, 2)',
        '"warned": (1, 2)',
        "a warning is never forgotten",
        ("tests/strategies/test_reactive.py::test_answers_to_a_short_history",),
    ),
    Fault(
        "generous the wrong way", STRATEGIES + "reactive.py",
        "weight * agreed(game, player) + (1 - weight) * deviating(game, player)",
        "(1 - weight) * agreed(game, player) + weight * deviating(game, player)",
        "generosity is the chance to retaliate",
        ("tests/strategies/test_reactive.py", "tests/strategies/test_table.py"),
    ),
    Fault(
        "answers oneself", STRATEGIES + "reactive.py",
        "np.delete(deviations(game, player), player, axis=-1)",
        "deviations(game, player)",
        "tit-for-tat answers its own deviations, too",
        ("tests/strategies/test_reactive.py", "tests/strategies/test_table.py"),
    ),
    Fault(
        "earlier moves forgotten", STRATEGIES + "rounds.py",
        "so_far = [k | event for k in range(len(events))]",
        "so_far = [event for _ in range(len(events))]",
        "at the end of a round only its last move is remembered",
        ("tests/strategies/test_rounds.py",),
    ),
    Fault(
        "other's action first", STRATEGIES + "memory_one.py",
        "1 + 2 * seen[0] + seen[1]",
        "1 + seen[0] + 2 * seen[1]",
        "what memory-one does after CD it does after DC",
        ("tests/strategies/test_memory_one.py",),
    ),
    Fault(
        "extortion without its factor", STRATEGIES + "memory_one.py",
        "1 - phi * (P - S + chi * (T - P))",
        "1 - phi * (P - S + T - P)",
        "after being exploited an extorter does not claim its multiple",
        ("tests/strategies/test_memory_one.py",),
    ),
    Fault(
        "equalizer's last two swapped", STRATEGIES + "memory_one.py",
        "phi * (v - S), phi * (v - P)]",
        "phi * (v - P), phi * (v - S)]",
        "what is done after DC is done after DD",
        ("tests/strategies/test_memory_one.py",),
    ),
    Fault(
        "one turn only", STRATEGIES + "turn_taking.py",
        "np.where(deviated[1], 2, 0)",
        "np.where(deviated[1], 2, 1)",
        "after the second player's turn the first one's never comes again",
        ("tests/strategies/test_turn_taking.py::test_turns_in_a_battle",),
    ),
    Fault(
        "sign in the war of attrition", STRATEGIES + "turn_taking.py",
        "slope = gap + 2 * (1 - d) * b",
        "slope = gap - 2 * (1 - d) * b",
        "players yield with a chance that leaves nobody indifferent",
        ("tests/strategies/test_turn_taking.py::test_the_chance_to_yield",),
    ),
    Fault(
        "winner gives way", STRATEGIES + "turn_taking.py",
        "settled_now = np.where((seen == first).all(axis=-1), 2,",
        "settled_now = np.where((seen == first).all(axis=-1), 1,",
        "who won the first round has it in the next one again before turns begin",
        ("tests/strategies/test_turn_taking.py",),
    ),
    Fault(
        "complies one level longer", STRATEGIES + "institutional.py",
        "stops = (levels >= level)",
        "stops = (levels > level)",
        "complying until a level goes on at that level",
        ("tests/strategies/test_institutional.py::test_comply_until_looks_at_the_own_level",),
    ),
)  # fmt: skip
