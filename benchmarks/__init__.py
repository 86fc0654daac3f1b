"""How fast the house is, as ratios: run `python -m benchmarks`."""
