"""What the tests of the authority file share: two libraries, keepers of the file and others, records that use names."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lienthu.authorities.actions import carry_change, create_from_heading, return_change
from lienthu.authorities.models import Authority, Change
from lienthu.catalogue.models import Heading, SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.tests.factories import field, fixed, marc, take
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person, root_scope


@dataclass(frozen=True)
class File:
    """The cast: a keeper of the shared file, a cataloguer of one library, a reader."""

    main: Library
    other: Library
    keeper: Person
    second_keeper: Person
    cataloguer: Person
    reader: Person

    @property
    def actor(self) -> Actor:
        return self.keeper.actor

    def authority(self, text: str, kind: str = "PERSON") -> Authority:
        """The authority made from a heading that records use."""
        heading = Heading.objects.get(kind=kind, text=text)
        return create_from_heading(actor=self.actor, heading_id=heading.pk)

    def carry(self, change: Change | None) -> Change:
        assert change is not None
        return carry_change(actor=self.actor, change=change)

    def give_back(self, change: Change) -> Change:
        return return_change(actor=self.actor, change=Change.objects.get(pk=change.pk))


@pytest.fixture
def file(db: None) -> File:
    root = root_scope()
    return File(
        main=library("VN-TQ-TINH", "Thư viện tỉnh", "PROVINCIAL"),
        other=library("VN-TQ-KHAC", "Thư viện khác"),
        keeper=person("giuhoso", "CATALOGUER", root),
        second_keeper=person("giuhoso2", "CATALOGUER", root),
        cataloguer=person("bienmuc", "CATALOGUER", library("VN-TQ-XA", "Thư viện xã").scope),
        reader=person("bandoc", "READER", root),
    )


def book(number: str, *fields: object) -> bytes:
    """A record with a title of its own."""
    return marc(number, fixed(2000, "vie"), field("245", "10", ("a", f"Nhan đề {number}")), *fields)  # type: ignore[arg-type]


def by(*parts: tuple[str, str], tag: str = "100", indicators: str = "0 ") -> object:
    """A name in a record."""
    return field(tag, indicators, *parts)


@pytest.fixture
def books(file: File) -> Callable[..., None]:
    """Import records of the main library."""

    def import_them(*records: bytes, into: Library | None = None) -> None:
        take(into or file.main, *records)

    return import_them


def lines(number: str, *tags: str) -> list[str]:
    """The fields with these tags of the current revision of a record."""
    record = SourceRecord.objects.get(control_number=number)
    content = record_of(record.revisions.get(number=record.revision))
    return [repr(one) for one in content.fields if one.tag in tags]


def revision_of(number: str) -> int:
    return SourceRecord.objects.get(control_number=number).revision
