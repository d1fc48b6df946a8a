"""Reasons and fields of union records in words, for other desks."""

from lienthu.catalogue.wording import field_label, sentence

__all__ = ["field_label", "sentence"]
