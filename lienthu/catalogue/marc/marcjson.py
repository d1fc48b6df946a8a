"""MARC-in-JSON: one record from bytes and back."""

import json
from typing import Any

import orjson

from lienthu.kernel.text import normalise

from .problems import MarcError, problem
from .record import Field, Record

_SEPARATORS = b" \t\r\n,[]"
_decode = json.JSONDecoder(strict=False).raw_decode


def parse(raw: bytes, *, repair: bool = True) -> tuple[Record, int]:
    """The record at the start of ``raw`` and how many bytes it takes.

    What follows may be separators only up to the end; more is left to the caller to judge.
    Raises ``MarcError`` when it is not JSON or not a record.
    """
    document, length = _object(raw)
    record = Record.from_marcjson(document)
    if not record.fields:
        raise MarcError(problem("record_empty"))
    if repair and (b"\\u" in raw or not raw.isascii()):
        record.fields = [_repaired(field) for field in record.fields]
    return record, length


def _object(raw: bytes) -> tuple[Any, int]:
    trimmed = raw.rstrip(_SEPARATORS)
    try:
        return orjson.loads(trimmed), len(trimmed)
    except orjson.JSONDecodeError:
        pass
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        damaged = raw.decode("utf-8", "replace").count("�")
        raise MarcError(problem("utf8_damaged", count=damaged, position=error.start)) from error
    try:
        document, end = _decode(text)
        # The lenient reader takes line breaks inside a text, which some programs write, but lone surrogates as well.
        orjson.dumps(document)
        return document, len(text[:end].encode())
    except (ValueError, TypeError, RecursionError) as error:
        raise MarcError(problem("json_malformed")) from error


def _repaired(field: Field) -> Field:
    if not field.indicators:
        return Field(field.tag, normalise(field.value))
    return Field(field.tag, "", field.indicators, [(code, normalise(value)) for code, value in field.subfields])


def trailing(raw: bytes, length: int) -> bytes:
    """What stands behind the record and is no separator."""
    return raw[length:].strip(_SEPARATORS + b"\x00\x1a")


def build(record: Record) -> bytes:
    """The record as one line of JSON, with its line end."""
    return orjson.dumps(record.as_marcjson(), option=orjson.OPT_APPEND_NEWLINE)
