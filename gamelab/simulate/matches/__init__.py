"""Matches: a profile plays a game many times over by chance, in compiled loops."""
