"""Tournaments: everybody against everybody, solved or sampled."""
