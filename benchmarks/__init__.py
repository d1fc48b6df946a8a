"""Measurements: one runnable file per figure, each printing a ratio against a named peer in the same run."""
