"""Pure rules of our OAI-PMH repository: names of sets and items, granularity of dates."""

import re
from datetime import UTC, datetime, timedelta

from lienthu.kernel import ids

# A library's code may hold a slash and a colon (ISO 15511); in a set's name one is forbidden, the other parts levels.
_TO_SPEC = str.maketrans("/:", "~.")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)


class BadDate(ValueError):
    """Not a UTC date or moment as the protocol writes them."""


def spec_of(code: str) -> str:
    """The set of a library."""
    return code.translate(_TO_SPEC)


def identifier_of(cluster_id: int, *, namespace: str) -> str:
    """The name of an item for ever: `oai:namespace:public-id`."""
    return f"oai:{namespace}:{ids.encode(cluster_id)}"


def cluster_of(identifier: str, *, namespace: str) -> int | None:
    """The union record that an identifier names; None when it is not one of ours."""
    head = f"oai:{namespace}:"
    return ids.decode(identifier[len(head) :]) if identifier[: len(head)].lower() == head.lower() else None


def moment_of(text: str, *, last: bool = False) -> datetime:
    """A date argument as a moment; `last`: the first moment after it. Raises BadDate."""
    if _DAY.fullmatch(text):
        pattern, step = "%Y-%m-%d", timedelta(days=1)
    elif _SECOND.fullmatch(text):
        pattern, step = "%Y-%m-%dT%H:%M:%SZ", timedelta(seconds=1)
    else:
        raise BadDate(text)
    try:
        begin = datetime.strptime(text, pattern).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadDate(text) from error
    if not last:
        return begin
    return begin + step if begin < _LATEST else datetime.max.replace(tzinfo=UTC)


def written(moment: datetime) -> str:
    """A moment as a datestamp: whole seconds, UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
