"""Scenarios over a grid of settings: points, regions, the lines between them."""
