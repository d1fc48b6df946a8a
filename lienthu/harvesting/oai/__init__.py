"""OAI-PMH 2.0 as a harvester speaks it: addresses of requests, answers taken apart, metadata as MARCXML. No Django."""

from lienthu.harvesting.oai.answers import (
    Broken,
    Error,
    Format,
    Identity,
    Page,
    Record,
    SetOffered,
    read_formats,
    read_identity,
    read_page,
    read_sets,
)
from lienthu.harvesting.oai.metadata import UnknownMetadata, best_prefix, kind_of_format, marcxml_of
from lienthu.harvesting.oai.requests import DAY, SECOND, list_records, moment, request, resume

__all__ = [
    "DAY",
    "SECOND",
    "Broken",
    "Error",
    "Format",
    "Identity",
    "Page",
    "Record",
    "SetOffered",
    "UnknownMetadata",
    "best_prefix",
    "kind_of_format",
    "list_records",
    "marcxml_of",
    "moment",
    "read_formats",
    "read_identity",
    "read_page",
    "read_sets",
    "request",
    "resume",
]
