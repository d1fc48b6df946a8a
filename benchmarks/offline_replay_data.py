"""Copies, readers and a device in the database of a product that runs for `benchmarks.offline_replay`, as its child."""

import json
import sys
import time
from collections import Counter
from datetime import date, timedelta
from typing import Any

from lienthu.catalogue.models import Item, SourceRecord
from lienthu.circulation.actions import checkin, checkout
from lienthu.identity.access import actor_by_id, actor_for, system_actor
from lienthu.identity.actions import create_account, grant_role
from lienthu.offlinedesk.actions import enrol
from lienthu.offlinedesk.models import Device, Event
from lienthu.patrons.models import Card, Category, Patron


def prepare(copies: int, readers: int) -> dict[str, Any]:
    """Add them to the first library of the demonstration that has records."""
    record = SourceRecord.objects.filter(status="ACTIVE").select_related("library__scope").order_by("pk")[0]
    library, system = record.library, system_actor("benchmark")
    account = create_account(actor=system, username="benchmark", full_name="Benchmark", password="mot-mat-khau-dai")
    grant_role(actor=system, account=account, role="LIBRARIAN", at=library.scope)
    numbers = [f"BM.{number:06}" for number in range(copies)]
    Item.objects.bulk_create(
        [Item(record=record, library=library, accession_number=one, source_key=one) for one in numbers], batch_size=1000
    )
    category = Category.objects.get(code="ADULT")
    found = Patron.objects.bulk_create(
        Patron(
            home_library=library,
            category=category,
            full_name=f"Benchmark {number}",
            birth_date=date(1990, 1, 1),
            registered_by="benchmark",
        )
        for number in range(readers)
    )
    cards = [f"BM-{number:06}" for number in range(readers)]
    Card.objects.bulk_create(
        Card(patron=patron, number=number, library=library, issued_on=date(2026, 1, 1))
        for patron, number in zip(found, cards, strict=True)
    )
    done = enrol(actor=actor_for(account), library=library, name="Benchmark")
    device = done.device
    Device.objects.filter(pk=device.pk).update(enrolled_at=device.enrolled_at - timedelta(days=3))
    return {
        "device": device.public_id,
        "key": done.key.hex(),
        "head": bytes(device.head).hex(),
        "copies": numbers,
        "cards": cards,
    }


def outcome() -> dict[str, Any]:
    """How many events ended how."""
    return dict(Counter(Event.objects.values_list("state", flat=True)))


def alone(times: int) -> dict[str, Any]:
    """Milliseconds for one action, a loan or a return."""
    device = Device.objects.select_related("library").get()
    actor, library_id = actor_by_id(device.enrolled_by), device.library_id
    items = list(Item.objects.filter(accession_number__startswith="BM.").order_by("pk").values_list("pk", flat=True))
    patrons = list(Card.objects.filter(number__startswith="BM-").order_by("pk").values_list("patron_id", flat=True))
    started = time.perf_counter()
    for item_id, patron_id in zip(items[:times], patrons[:times], strict=True):
        checkout(actor=actor, item_id=item_id, patron_id=patron_id, library_id=library_id)
    for item_id in items[:times]:
        checkin(actor=actor, item_id=item_id, library_id=library_id)
    return {"ms": (time.perf_counter() - started) * 1000 / (2 * times)}


def work() -> None:
    """One of the three, as the command line says; the answer is one JSON object on the last line."""
    name, *numbers = sys.argv[1:]
    answer = {"prepare": prepare, "outcome": outcome, "alone": alone}[name](*map(int, numbers))
    print(json.dumps(answer), flush=True)
