"""News that travels upward: written with the data, reacted to by queue.

`config/reactions.py` is the one table of who reacts. A reaction runs in the same transaction and may only
enqueue (a job, a queue row), so that news and work commit or vanish together.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from lienthu.kernel.postgresql.planned import ask

Reaction = Callable[[dict[str, Any], int], None]


class NotInTransaction(RuntimeError):
    """An event was published outside of a transaction: it could then outlive or miss its data."""


@cache
def _reactions(name: str) -> tuple[Reaction, ...]:
    table: dict[str, list[str]] = import_string(settings.REACTIONS)
    return tuple(import_string(path) for path in table.get(name, ()))


def publish(name: str, **payload: Any) -> int:
    """Write event `name` ("app.past_tense") and queue its reactions; return the event number.

    Raises NotInTransaction outside of `transaction.atomic`.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(name)
    ((event_id,),) = ask(
        "INSERT INTO kernel_event (name, payload) VALUES (%s, %s) RETURNING id",
        [name, json.dumps(payload, ensure_ascii=False, default=str)],
    )
    for react in _reactions(name):
        react(payload, event_id)
    return event_id
