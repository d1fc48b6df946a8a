"""What the tests of batch editing share: two libraries, a cataloguer of each, a person without the permission."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client, override_settings

from lienthu.batchedit.actions.drafting import begin_edit
from lienthu.batchedit.actions.previewing import preview_edit, request_preview
from lienthu.batchedit.actions.returning import request_return, return_edit
from lienthu.batchedit.actions.running import request_run, run_edit
from lienthu.batchedit.models import BatchEdit
from lienthu.batchedit.policy.steps import Step
from lienthu.catalogue.models import SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.tests.factories import field, fixed, marc, take
from lienthu.identity.access import Actor
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person


@dataclass(frozen=True)
class Network:
    """The cast."""

    home: Library
    other: Library
    cataloguer: Person
    colleague: Person
    other_cataloguer: Person
    librarian: Person

    @property
    def actor(self) -> Actor:
        return self.cataloguer.actor

    def begin(self, *steps: Step, lines: Sequence[str] = (), **selection: object) -> BatchEdit:
        """An edit of the home library, of everything unless lines or a selection are given."""
        chosen = selection or ({"kind": "list", "text": "\n".join(lines)} if lines else {"kind": "all", "text": ""})
        packed = [step.packed() for step in steps]
        return begin_edit(actor=self.actor, library=self.home, title="Thử", selection=dict(chosen), steps=packed)

    def preview(self, edit: BatchEdit) -> BatchEdit:
        request_preview(actor=self.actor, edit=edit)
        return preview_edit(actor=self.actor, edit=fresh(edit))

    def run(self, edit: BatchEdit) -> BatchEdit:
        request_run(actor=self.actor, edit=edit, version=fresh(edit).version)
        return run_edit(actor=self.actor, edit=fresh(edit))

    def give_back(self, edit: BatchEdit) -> BatchEdit:
        request_return(actor=self.actor, edit=edit)
        return return_edit(actor=self.actor, edit=fresh(edit))


def fresh(edit: BatchEdit) -> BatchEdit:
    return BatchEdit.objects.select_related("library__scope").get(pk=edit.pk)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    with override_settings(DOCUMENTS_ROOT=tmp_path / "documents", INDEX_ROOT=tmp_path / "index", HOME=tmp_path):
        yield


def make_network() -> Network:
    home, other = library("VN-T-XA", "Thư viện xã"), library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL")
    return Network(
        home=home,
        other=other,
        cataloguer=person("bienmuc", "CATALOGUER", home.scope),
        colleague=person("bienmuc2", "CATALOGUER", home.scope),
        other_cataloguer=person("bienmuctinh", "CATALOGUER", other.scope),
        librarian=person("thuthu", "LIBRARIAN", home.scope),
    )


@pytest.fixture
def network(db: None) -> Network:
    return make_network()


@pytest.fixture
def desk(network: Network, client: Client) -> Client:
    """The browser of the cataloguer of `home`."""
    client.force_login(network.cataloguer.account)
    return client


def book(number: str, *fields: object, pages: str = "226 tr.") -> bytes:
    """A record with a title of its own and a number of pages."""
    return marc(
        number,
        fixed(2000, "vie"),
        field("245", "10", ("a", f"Nhan đề {number}")),
        field("300", "  ", ("a", pages)),
        *fields,  # type: ignore[arg-type]
    )


def books(into: Library, *records: bytes) -> None:
    take(into, *records)


def lines(number: str, *tags: str) -> list[str]:
    """The fields with these tags of the current revision of a record."""
    record = SourceRecord.objects.get(control_number=number)
    content = record_of(record.revisions.get(number=record.revision))
    return [repr(one) for one in content.fields if one.tag in tags]


def revision_of(number: str) -> int:
    return SourceRecord.objects.get(control_number=number).revision


PAGES = Step(kind="replace", tag="300", code="a", find="tr.", value="trang")
