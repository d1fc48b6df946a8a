"""Reads of batch editing."""
