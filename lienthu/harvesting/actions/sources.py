"""Sources: trying an address before anything is written, adding, changing."""

from dataclasses import asdict, dataclass, field
from typing import Any

from lienthu.audit.actions import writing
from lienthu.harvesting.access import MANAGE
from lienthu.harvesting.actions.credentials import NoSecret, headers_for
from lienthu.harvesting.models import Source
from lienthu.harvesting.oai import (
    Broken,
    Format,
    Identity,
    SetOffered,
    best_prefix,
    kind_of_format,
    read_formats,
    read_identity,
    read_sets,
    request,
)
from lienthu.identity.access import Actor, require, require_anywhere
from lienthu.kernel.fetching import FetchError, FetchFailed, fetch
from lienthu.libraries.queries import Library

TRIAL_SECONDS = 15.0
TRIAL_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source answered when it was tried. `problem` has code and params when it did not."""

    identity: Identity | None = None
    formats: tuple[Format, ...] = ()
    sets: tuple[SetOffered, ...] = ()
    prefix: str = ""
    problem: dict[str, Any] = field(default_factory=dict)


def try_source(*, actor: Actor, base_url: str, auth_variable: str = "") -> Trial:
    """Ask a source who it is, which formats and which sets it has. Writes nothing; raises only Refused."""
    require_anywhere(actor, MANAGE)
    try:
        headers = headers_for(auth_variable)
        identity = read_identity(_ask(request(base_url, "Identify"), headers))
        formats = tuple(one for one in read_formats(_ask(request(base_url, "ListMetadataFormats"), headers)))
    except NoSecret as error:
        return Trial(problem={"code": "no_secret", "params": {"variable": str(error)}})
    except FetchError as error:
        status = error.status if isinstance(error, FetchFailed) else None
        return Trial(problem={"code": f"fetch_{error.code}", "params": {"status": status} if status else {}})
    except Broken as error:
        return Trial(problem={"code": error.code, "params": {"detail": error.detail}})
    readable = tuple(one for one in formats if kind_of_format(one))
    problem = {} if readable else {"code": "no_format", "params": {}}
    return Trial(identity, readable, _sets(base_url, headers), best_prefix(formats), problem)


def _ask(url: str, headers: dict[str, str]) -> bytes:
    return fetch(url, seconds=TRIAL_SECONDS, max_bytes=TRIAL_BYTES, accept="text/xml", headers=headers).body


def _sets(base_url: str, headers: dict[str, str]) -> tuple[SetOffered, ...]:
    """The first page of sets; a source may have none, or not say."""
    try:
        return tuple(read_sets(_ask(request(base_url, "ListSets"), headers))[0])
    except (FetchError, Broken):
        return ()


@dataclass(frozen=True, slots=True)
class SourceData:
    """What a person decides about a source."""

    name: str
    base_url: str
    prefix: str
    set_spec: str
    numbering: str
    every_hours: int
    enabled: bool
    auth_variable: str


class CannotMove(ValueError):
    """A source that has brought records stays with its library, its numbering and its set of records."""


def save_source(*, actor: Actor, library: Library, data: SourceData, source: Source | None = None) -> Source:
    """Add a source for a library, or change one. Raises Refused, CannotMove."""
    require(actor, MANAGE, at=library.scope)
    if source is not None:
        require(actor, MANAGE, at=source.library.scope)
        fixed = (source.library_id, source.numbering) != (library.pk, data.numbering)
        if fixed and source.entries.exists():
            raise CannotMove(source.name)
    with writing(actor) as w:
        values = asdict(data)
        if source is None:
            source = Source.objects.create(library=library, **values)
            action = "harvesting.source_added"
        else:
            source.library = library
            asked_before = (source.base_url, source.prefix, source.set_spec)
            for name, value in values.items():
                setattr(source, name, value)
            if asked_before != (source.base_url, source.prefix, source.set_spec):
                # Other records may be there: the next run asks for all of them.
                source.synced_to = None
            source.save()
            action = "harvesting.source_changed"
        w.audit(action, target=("source", source.public_id), at=library.code, details=values)
    return source
