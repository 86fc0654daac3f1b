"""Exact engines: values, certificates, thresholds, stage equilibria, workability."""
