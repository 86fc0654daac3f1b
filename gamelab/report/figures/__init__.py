"""Figures: plain dictionaries drawn with matplotlib, without its global state; titles state the finding."""
