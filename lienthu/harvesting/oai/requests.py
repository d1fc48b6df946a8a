"""Addresses of requests, and moments as OAI-PMH writes them."""

from datetime import UTC, datetime
from urllib.parse import urlencode

DAY, SECOND = "YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"
_FORMATS = {DAY: "%Y-%m-%d", SECOND: "%Y-%m-%dT%H:%M:%SZ"}


def request(base: str, verb: str, **arguments: str) -> str:
    """The address of one request; empty arguments are left out. `base` may have a query of its own."""
    query = urlencode({"verb": verb, **{name: value for name, value in arguments.items() if value}})
    return f"{base}{'&' if '?' in base else '?'}{query}"


def list_records(base: str, *, prefix: str, set_spec: str, since: str) -> str:
    """The first request of a list; `since` is a moment in the granularity of the source, or empty."""
    return request(base, "ListRecords", metadataPrefix=prefix, set=set_spec, **{"from": since})


def resume(base: str, token: str) -> str:
    """The next request of a list: a token stands alone."""
    return request(base, "ListRecords", resumptionToken=token)


def moment(text: str) -> datetime | None:
    """Read a datestamp of either granularity as aware UTC; None for anything else."""
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S.%fZ"):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def written(at: datetime, granularity: str) -> str:
    """A moment in the granularity of a source; days are those of UTC."""
    return at.astimezone(UTC).strftime(_FORMATS.get(granularity, _FORMATS[DAY]))
