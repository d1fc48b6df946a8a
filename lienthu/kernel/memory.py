"""The memory of a process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_cycle_search() -> Iterator[None]:
    """Leave out Python's search for cycles while many thousand values without cycles are made.

    Walking parsed records over and over takes a fifth of the time of an import, and two thirds of that of describing
    records for the index. For a bounded piece of work: what does make cycles meanwhile waits for the end.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
