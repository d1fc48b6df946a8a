"""Doors for outside programs; each protocol apart from the others."""
