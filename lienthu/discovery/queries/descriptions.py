"""Descriptions in words, for print."""

from lienthu.catalogue.marc import Record
from lienthu.discovery.formats.isbd import isbd


def isbd_lines(record: Record) -> tuple[str, list[str]]:
    """The heading and the lines of the ISBD description; both empty for a record without a title."""
    lines = isbd(record)
    headed = any(record.get(tag) for tag in ("100", "110", "111", "130"))
    return (lines[0], lines[1:]) if lines and headed else ("", lines)
