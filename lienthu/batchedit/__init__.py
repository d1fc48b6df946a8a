"""Editing many records at once: chosen, previewed, carried out in the background, taken back whole."""
