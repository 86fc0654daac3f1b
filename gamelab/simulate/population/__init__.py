"""Populations: persons matched at random, whose records travel with them."""
