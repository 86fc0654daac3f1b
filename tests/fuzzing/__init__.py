"""Broken input for our own doors: made from a seed, tried, and cut down to its smallest form."""
