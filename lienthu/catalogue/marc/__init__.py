"""MARC 21: reading, writing and describing records. Pure Python, no Django."""

from lienthu.catalogue.marc.description import Description, Heading, describe
from lienthu.catalogue.marc.items import PROFILES, Copy, ItemProfile
from lienthu.catalogue.marc.limits import DEFAULT_LIMITS, ReadLimits
from lienthu.catalogue.marc.mapping import Column, Mapping
from lienthu.catalogue.marc.oldtext import AUTO, ENCODING_CHOICES, Conversion
from lienthu.catalogue.marc.problems import SENTENCES, MarcError, UnreadableFile
from lienthu.catalogue.marc.profiles import FieldRule, SourceProfile
from lienthu.catalogue.marc.reader import Bad, Item, RawRecord, Reading, ResumePoint, open_records, reread
from lienthu.catalogue.marc.record import Field, Record
from lienthu.intake.problems import Problem

__all__ = [
    "AUTO",
    "DEFAULT_LIMITS",
    "ENCODING_CHOICES",
    "PROFILES",
    "SENTENCES",
    "Bad",
    "Column",
    "Conversion",
    "Copy",
    "Description",
    "Field",
    "FieldRule",
    "Heading",
    "Item",
    "ItemProfile",
    "Mapping",
    "MarcError",
    "Problem",
    "RawRecord",
    "ReadLimits",
    "Reading",
    "Record",
    "ResumePoint",
    "SourceProfile",
    "UnreadableFile",
    "describe",
    "open_records",
    "reread",
]
