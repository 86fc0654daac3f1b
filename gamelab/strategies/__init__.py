"""Strategies by name: each a function from a game and a player to an automaton."""

from collections.abc import Callable

from gamelab.model.automaton import Automaton
from gamelab.strategies.constant import always_cooperate, always_defect, honour, renege, stage_nash
from gamelab.strategies.induction import backward_induction
from gamelab.strategies.institutional import comply, comply_until
from gamelab.strategies.memory_one import equalizer, extortion, generous_zero_determinant, memory_one
from gamelab.strategies.reactive import generous_tit_for_tat, tit_for_tat, tit_for_two_tats, two_tits_for_tat
from gamelab.strategies.triggers import grim, limited_punishment, penance, win_stay_lose_shift
from gamelab.strategies.turn_taking import insist, mix_then_alternate, turn_taking

__all__ = [
    "ALIASES",
    "STRATEGIES",
    "always_cooperate",
    "always_defect",
    "backward_induction",
    "comply",
    "comply_until",
    "equalizer",
    "extortion",
    "generous_tit_for_tat",
    "generous_zero_determinant",
    "grim",
    "honour",
    "insist",
    "limited_punishment",
    "memory_one",
    "mix_then_alternate",
    "penance",
    "renege",
    "stage_nash",
    "tit_for_tat",
    "tit_for_two_tats",
    "turn_taking",
    "two_tits_for_tat",
    "win_stay_lose_shift",
]

STRATEGIES: dict[str, Callable[..., Automaton]] = {
    "always_cooperate": always_cooperate,
    "always_defect": always_defect,
    "grim": grim,
    "tit_for_tat": tit_for_tat,
    "generous_tit_for_tat": generous_tit_for_tat,
    "tit_for_two_tats": tit_for_two_tats,
    "two_tits_for_tat": two_tits_for_tat,
    "win_stay_lose_shift": win_stay_lose_shift,
    "limited_punishment": limited_punishment,
    "penance": penance,
    "memory_one": memory_one,
    "extortion": extortion,
    "generous_zero_determinant": generous_zero_determinant,
    "equalizer": equalizer,
    "turn_taking": turn_taking,
    "insist": insist,
    "mix_then_alternate": mix_then_alternate,
    "stage_nash": stage_nash,
    "backward_induction": backward_induction,
    "comply": comply,
    "comply_until": comply_until,
    "honour": honour,
    "renege": renege,
}

ALIASES: dict[str, str] = {
    "ALLC": "always_cooperate",
    "Cooperator": "always_cooperate",
    "ALLD": "always_defect",
    "Defector": "always_defect",
    "Grudger": "grim",
    "grim_trigger": "grim",
    "TFT": "tit_for_tat",
    "GTFT": "generous_tit_for_tat",
    "TF2T": "tit_for_two_tats",
    "2TFT": "two_tits_for_tat",
    "Pavlov": "win_stay_lose_shift",
    "WSLS": "win_stay_lose_shift",
}
