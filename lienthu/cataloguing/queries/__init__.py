"""Reads of the cataloguing desk."""
