"""Reading a large file in a process of its own, so that reading and writing have a processor each.

In one process the two take turns at the interpreter, however many processors there are. The process beside reads,
describes and weighs a chunk while the one before is written; it never looks into the database. A small file is read
here: it would be done before the other process has started.
"""

import json
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings
from django.db import connection

from lienthu.catalogue.actions.planning import Chunk, chunks_of
from lienthu.catalogue.actions.reading import Reading, open_batch
from lienthu.catalogue.marc import Record
from lienthu.catalogue.models import Batch
from lienthu.kernel.memory import without_cycle_search

WORTH_IT = 4 << 20
"""Bytes of a file; to read them takes about as long as the process needs to start."""
COMMAND = "read_beside"
_LENGTH = struct.Struct("!Q")


class ReaderLost(RuntimeError):
    """The process that read the file ended before the file did. What was written stays; the import can go on."""


@contextmanager
def chunks_beside(batch: Batch, reading: Reading, *, from_start: bool = False) -> Iterator[Iterator[Chunk]]:
    """The chunks of an open reading, as `chunks_of` cuts them; a large file is read by another process.

    Afterwards `reading` says what it would say had it read them itself. Raises ReaderLost.
    """
    # Inside an open transaction nothing is written beside the reader either.
    if reading.size < WORTH_IT or (os.cpu_count() or 1) < 2 or connection.in_atomic_block:
        yield chunks_of(reading)
        return
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "django", COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"LIENTHU_HOME": str(settings.HOME)},
    )
    try:
        assert process.stdin is not None and process.stdout is not None
        with process.stdin as order:
            order.write(_ordered(batch, from_start=from_start))
        yield _taken(process.stdout, reading)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _ordered(batch: Batch, *, from_start: bool) -> bytes:
    fields: dict[str, Any] = {
        name: getattr(batch, name) for name in ("file_key", "file_size", "mapping", "item_profile")
    }
    place = {} if from_start else {"done_offset": batch.done_offset, "done_number": batch.done_number}
    return json.dumps(fields | place).encode()


def _taken(source: IO[bytes], reading: Reading) -> Iterator[Chunk]:
    while True:
        head = source.read(_LENGTH.size)
        content = source.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
        if not content:
            raise ReaderLost(reading.size)
        found = pickle.loads(content)
        if not isinstance(found, Chunk):
            reading.take_over(found)
            return
        yield found


def read_for(order: bytes, out: IO[bytes]) -> None:
    """The work of the process beside: the chunks of the ordered file, then what its reading has to say."""
    batch = Batch(**json.loads(order))
    with open_batch(batch) as reading, without_cycle_search():
        for chunk in chunks_of(reading):
            for incoming in chunk.incoming:
                # All that is made of it has been made, and to hand it over takes longer than all else together.
                incoming.record = Record(incoming.record.leader, [])
            _hand_over(chunk, out)
        _hand_over(reading.outcome(), out)


def _hand_over(value: object, out: IO[bytes]) -> None:
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    out.write(_LENGTH.pack(len(content)))
    out.write(content)
    out.flush()
