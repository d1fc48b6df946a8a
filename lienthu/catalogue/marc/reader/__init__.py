"""Reading a file of records as a stream, whatever its format."""

from .opening import open_records, reread
from .values import ROW, Bad, Item, RawRecord, Reading, ResumePoint

__all__ = ["ROW", "Bad", "Item", "RawRecord", "Reading", "ResumePoint", "open_records", "reread"]
