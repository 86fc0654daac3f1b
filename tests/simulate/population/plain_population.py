"""Populations by plain loops, person by person: slow, obvious, with the same chances in the same order."""

from __future__ import annotations

import numpy as np


def pick(probabilities, number):
    """Return the value that a number from 0 to 1 points at; what has no chance is never picked."""
    total = sum(probabilities)
    reached = 0.0
    for value, chance in enumerate(probabilities):
        reached += chance / total
        if chance > 0 and number < reached:
            return value
    return max(value for value, chance in enumerate(probabilities) if chance > 0)


def row(array, *places):
    """Return an entry of an array whose axes may have size 1."""
    for place in places:
        array = array[min(place, len(array) - 1)]
    return array


def opening(game, started, levels):
    """Return the state that a match starts in, found by its name where persons have levels."""
    if (game.levels < 0).all():
        return started
    old = ", ".join(str(k) for k in game.levels[started])
    new = ", ".join(str(k) for k in levels)
    return game.states.index(game.states[started].replace(f"levels {old}", f"levels {new}"))


class Village:
    """A population; ``ways[group][seat]`` is an automaton, or the settings of the strategy of records."""

    def __init__(self, game, ways, member, seated, settings, stream):
        self.game, self.ways, self.member, self.seated = game, ways, list(member), seated
        self.settings, self.stream = settings, stream
        self.people = [self.newcomer(k) for k in range(len(self.member))]

    def newcomer(self, k):
        way = self.ways[self.member[k]][1 if self.seated and k >= self.seated else 0]
        return {"q": 0 if isinstance(way, dict) else way.start, "bad": 0, "level": 0}

    def mixed(self):
        """Tell whether any strategy ever mixes."""
        for ways in self.ways:
            for seat, way in enumerate(ways):
                table = self.game.fallback[0, :, seat] if isinstance(way, dict) else way.action
                if ((table > 0) & (table < 1)).any():
                    return True
        return False

    def round(self):
        """Play one round; return by group how many moves, kept, bad, played, and the payoffs by line."""
        game, s, N = self.game, self.settings, len(self.people)
        P = N // 2
        lot = self.stream.permutation(self.seated or N)
        numbers = self.stream.random
        count = {
            "begins": ((game.start[0] > 0).sum() > 1) * P,
            "sees": (s["record"] != "none" and 0 < s["reach"] < 1) * P,
        }
        # numbers come in one row: what is seen of partners, the first state, moves, readings, who leaves
        moves = self.most_moves()
        sees = numbers(2 * count["sees"]).reshape(2, -1)
        begins = numbers(count["begins"])
        does, comes = [], []
        certain = (game.probabilities > 0).sum(axis=-1).max() == 1
        for _ in range(moves):
            does.append(numbers(2 * P).reshape(2, -1) if self.mixed() else None)
            comes.append(None if certain else numbers(P))
        wrong = numbers(2 * P).reshape(2, -1) if s["record"] != "none" and s["misreading"] else None
        leaves = numbers(N) if s["turnover"] else None
        G = len(self.ways)
        tally = {
            "moves": [0] * G, "kept": [0] * G, "played": [0] * G, "bad": [0] * G,
            "paid": {line: [0.0] * G for line in game.flows}, "others": {line: 0.0 for line in game.flows},
        }  # fmt: skip
        for person, group in zip(self.people, self.member, strict=True):
            tally["bad"][group] += person["bad"] > 0
        for k in range(P):
            who = (lot[k], self.seated + k) if self.seated else (lot[k], lot[P + k])
            started = pick(game.start[0], begins[k] if len(begins) else 0.0)
            luck = {
                "sees": [sees[i][k] if sees.size else None for i in (0, 1)],
                "does": [None if row_ is None else row_[:, k] for row_ in does],
                "comes": [None if row_ is None else row_[k] for row_ in comes],
                "wrong": [None if wrong is None else wrong[i][k] for i in (0, 1)],
            }
            self.match(who, started, luck, tally)
        for k in range(N):
            if leaves is not None and leaves[k] < s["turnover"]:
                self.people[k] = self.newcomer(k)
        return tally

    def most_moves(self):
        """Return the longest round that there is."""
        game = self.game

        def longest(state):
            if game.ends_round[state]:
                return 1
            return 1 + max(longest(after) for after in np.flatnonzero(game.leads_to[state]))

        return max(longest(state) for state in range(len(game.states)))

    def match(self, who, started, luck, tally):
        game, s = self.game, self.settings
        pair = [self.people[k] for k in who]
        state = opening(game, started, [person["level"] for person in pair])
        seen = []
        for i in (0, 1):
            shown = s["record"] != "none" and s["reach"] > 0
            shown = shown and (luck["sees"][i] is None or luck["sees"][i] < s["reach"])
            seen.append(("bad" if pair[1 - i]["bad"] else "good") if shown else "unseen")
            tally["played"][self.member[who[i]]] += 1
        judged, deviated = [False, False], [False, False]
        move = 0
        while True:
            chosen = []
            for i in (0, 1):
                chances = self.plan(who[i], i, state, seen[i])
                u = 0.0 if luck["does"][move] is None else luck["does"][move][i]
                chosen.append(pick(chances, u))
            p = chosen[0] * game.sizes[1] + chosen[1]
            u = 0.0 if luck["comes"][move] is None else luck["comes"][move]
            y = pick(row(game.probabilities[0], state, p), u)
            self.pay(who, state, p, y, tally)
            for i in (0, 1):
                done = game.deeds[i, y] if game.deeds[i, y] >= 0 else chosen[i]
                if game.allowed[state, i].sum() > 1 and game.agreement[state, i] >= 0:
                    kept = bool(game.keeps[state, i, done])
                    judged[i] = True
                    deviated[i] = deviated[i] or not kept
                    tally["moves"][self.member[who[i]]] += 1
                    tally["kept"][self.member[who[i]]] += kept
                way = self.ways[self.member[who[i]]][i]
                if not isinstance(way, dict):
                    pair[i]["q"] = row(way.next, state, pair[i]["q"], chosen[i], game.views[i, y])
            ended, state = game.ends_round[state], game.next_state[state, y]
            move += 1
            if ended:
                break
        for i in (0, 1):
            if (game.levels >= 0).all():
                pair[i]["level"] = game.levels[state, i]
            self.judge(pair[i], judged[i], deviated[i], seen[i], luck["wrong"][i])

    def plan(self, k, seat, state, seen):
        way = self.ways[self.member[k]][seat]
        if not isinstance(way, dict):
            return row(way.action[0], state, self.people[k]["q"])
        wants = way["when_bad"] if self.people[k]["bad"] else "keep"
        if seen == "unseen" and way["when_unseen"] == "depart":
            wants = "depart"
        if seen == "bad":
            wants = "depart"
        game = self.game
        if wants == "depart":
            return game.fallback[0, state, seat]
        own = game.agreement[state, seat] if game.agreement[state, seat] >= 0 else -1
        only = own if own >= 0 else int(np.argmax(game.allowed[state, seat]))
        return [float(a == only) for a in range(game.allowed.shape[2])]

    def pay(self, who, state, p, y, tally):
        for line, flow in self.game.flows.items():
            amounts = np.zeros(len(self.game.accounts))
            if flow.by_profile is not None:
                amounts = amounts + row(flow.by_profile[0], state, p)
            if flow.by_outcome is not None:
                amounts = amounts + row(flow.by_outcome[0], state, y)
            for i in (0, 1):
                tally["paid"][line][self.member[who[i]]] += amounts[i]
            tally["others"][line] += amounts[2:].sum()

    def judge(self, person, judged, deviated, seen, wrong):
        s = self.settings
        if s["record"] == "none":
            return
        if wrong is not None and wrong < s["misreading"]:
            deviated = not deviated
        guilty = judged and deviated and not (s["record"] == "standing" and seen == "bad")
        if guilty:
            person["bad"] = s["punishment"] or float("inf")
        elif person["bad"] and person["bad"] != float("inf"):
            person["bad"] -= 1
