"""Scenarios played by chance: matches, tournaments, evolution."""
