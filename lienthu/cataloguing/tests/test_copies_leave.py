"""Whatever leaves the catalogue states the copies of now, not those that a record came with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from lienthu.catalogue.marc.iso2709 import parse
from lienthu.catalogue.models import Item, Revision, SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.tests.factories import field, marc, take
from lienthu.cataloguing.tests.conftest import Network
from lienthu.discovery.actions import drain_if_alone
from lienthu.protocols.oaipmh.actions import stamp_all_changes

OLD = [field("852", "  ", ("a", "VN-T-XA"), ("c", "Kho cũ"), ("p", f"XA.{number}")) for number in range(3)]
ROOMS = field("928", "  ", ("a", "XA.0-2"))
STAFF = [field(tag, "  ", ("a", "Người làm biểu ghi")) for tag in ("911", "912")]


@pytest.fixture
def record(network: Network) -> SourceRecord:
    """A record that came with three copies in 852, and once more in a field of Libol."""
    take(network.home, marc("tre", field("245", "10", ("a", "Tre Việt Nam")), *OLD, *STAFF, ROOMS))
    return SourceRecord.objects.select_related("cluster").get(control_number="tre")


@pytest.fixture
def leaving(record: SourceRecord, client: Client, tmp_path: Path) -> Callable[[], dict[str, str]]:
    """What a stranger is given, by each way out, and what the command writes for a library."""

    def read() -> dict[str, str]:
        assert drain_if_alone()
        stamp_all_changes()
        target, public = tmp_path / "out.mrc", record.cluster.public_id
        call_command("export", "--format", "marc", "--library", "VN-T-XA", "-o", str(target))
        identifier = f"oai:lienthu.local:{public}"
        stranger = Client()
        page = reverse("discovery:record", args=[public])
        ways = {
            "oai": stranger.get(f"/oai?verb=GetRecord&metadataPrefix=marc21&identifier={identifier}"),
            "sru": stranger.get("/sru?version=1.2&operation=searchRetrieve&query=title%3DTre&recordSchema=marcxml"),
            "xml": stranger.get(page + ".marcxml"),
            "page": stranger.get(page + "?xem=marc"),
        }
        return {
            **{name: answer.content.decode() for name, answer in ways.items()},
            "mrc": repr(parse(stranger.get(page + ".mrc").content).record),
            "file": repr(parse(target.read_bytes()).record),
        }

    return read


def test_a_copy_that_was_changed_at_the_desk_leaves_as_it_is_now(
    desk: Client, record: SourceRecord, leaving: Callable[[], dict[str, str]]
) -> None:
    original = bytes(Revision.objects.get(record=record).original)
    assert all("Kho cũ" in said and "XA.2" in said for said in leaving().values())
    first, second, third = Item.objects.filter(record=record).order_by("pk")
    values = {"call_number": "895.9 T200", "status": "AVAILABLE", "note": "", "branch": ""}
    for item, more in (
        (first, {"accession_number": "XA.0", "shelf": "Kho mới", "visibility": "PUBLIC"}),
        (second, {"accession_number": "XA.1", "shelf": "Kho riêng", "visibility": "HIDDEN"}),
    ):
        changed = desk.post(reverse("cataloguing:item", args=[record.pk, item.pk]), values | more)
        assert changed.status_code == 302
    gone = {"item": [third.pk], "what": "withdraw", "reason": "Hỏng"}
    desk.post(reverse("cataloguing:many_items", args=[record.pk]), gone)
    for way, said in leaving().items():
        assert "Kho mới" in said and "895.9 T200" in said, way
        # Who made a record stands in the library's own file only.
        assert ("Người làm biểu ghi" in said) == (way == "file"), way
        assert "Kho cũ" not in said and "XA.2" not in said and "XA.0-2" not in said, way
        # The library's own file holds what only its staff sees; strangers are given nothing of it.
        assert ("Kho riêng" in said) == ("XA.1" in said) == (way == "file"), way
    kept = Revision.objects.get(record=record)
    assert bytes(kept.original) == original and record_of(kept).subfields("852", "c") == ["Kho cũ"] * 3
