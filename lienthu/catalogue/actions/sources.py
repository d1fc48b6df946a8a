"""How the files of one source are read: chosen once by a person, proposed again for its next file."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from lienthu.catalogue.marc.limits import DEFAULT_LIMITS
from lienthu.catalogue.marc.mapping import Mapping
from lienthu.catalogue.marc.oldtext import AUTO
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.profiles import SourceProfile
from lienthu.catalogue.marc.reader import open_records
from lienthu.catalogue.models import Batch, ImportSource
from lienthu.identity.access import Actor
from lienthu.kernel import storage

NAME_LENGTH = 100


def named(name: str) -> str:
    """The name of a source as it is kept: without blanks around and in it doubled."""
    return " ".join(name.split())[:NAME_LENGTH]


def choose(batch: Batch, *, source: str = "", encoding: str = AUTO, given: dict[str, Any] | None = None) -> None:
    """Set how the file of a new import is read: what is given now, and for the rest what was kept for its source.

    Raises ValueError for a profile that cannot be meant. The caller has checked the permission to import.
    """
    name = named(source)
    kept = ImportSource.objects.filter(library_id=batch.library_id, name=name).first() if name else None
    profile = SourceProfile.from_json(given)
    remembered = SourceProfile.from_json(kept.profile) if kept else SourceProfile()
    chosen = SourceProfile(
        encoding=next((one for one in (encoding, profile.encoding, remembered.encoding) if one != AUTO), AUTO),
        table=profile.table or _table_again(batch, remembered.table),
        fields=profile.fields or remembered.fields,
    )
    if kept and batch.item_profile == "auto":
        batch.item_profile = kept.item_profile
    stored = chosen.as_json() | ({"source": name} if name else {})
    batch.mapping = stored or None
    batch.save(update_fields=["mapping", "item_profile"])


def _table_again(batch: Batch, table: Mapping | None) -> Mapping | None:
    """The meanings kept for columns, by their headers, put on the columns of this file."""
    if table is None:
        return None
    with storage.open_stored(batch.file_key) as file:
        try:
            found = open_records(file.file, limits=DEFAULT_LIMITS).mapping
        except UnreadableFile:
            # Without a header that is understood the columns stand where they stood the last time.
            return table
    if found is None:
        return None
    meanings = {column.header: column.target for column in table.columns}
    columns = tuple(replace(one, target=meanings.get(one.header, one.target)) for one in found.columns)
    return Mapping.from_json(replace(found, columns=columns, separators=table.separators).as_json())


def rechosen(batch: Batch, *, encoding: str) -> dict[str, Any] | None:
    """The stored form of how a file is read, with another encoding."""
    stored = dict(batch.mapping or {})
    stored.pop("encoding", None)
    if encoding != AUTO:
        stored["encoding"] = encoding
    return stored or None


def remember(*, actor: Actor, batch: Batch) -> None:
    """Keep how this file was read for the next one of its source. Inside the transaction that lets it be imported."""
    stored = dict(batch.mapping or {})
    name = stored.pop("source", "")
    if not name:
        return
    ImportSource.objects.update_or_create(
        library_id=batch.library_id,
        name=name,
        defaults={
            "profile": stored,
            "item_profile": batch.item_profile,
            "updated_by": actor.name,
            "updated_at": timezone.now(),
        },
    )
