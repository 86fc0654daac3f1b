"""Matches: a profile plays a game many times over by chance, at the speed of compiled loops."""
