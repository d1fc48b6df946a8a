"""What libraries ask for priced services on a day."""

from datetime import date

from django.db.models import QuerySet

from lienthu.fees.models import Price, PriceList
from lienthu.libraries.queries import Library


def price_list(library_id: int, *, on: date) -> PriceList | None:
    """The list that holds at a library on a day; None: nothing was published, so nothing is asked."""
    return (
        PriceList.objects.filter(library_id=library_id, valid_from__lte=on).order_by("-valid_from", "-number").first()
    )


def prices(library_id: int, *, on: date) -> list[Price]:
    """The priced services of a library on a day, in their order."""
    found = price_list(library_id, on=on)
    return list(found.prices.order_by("position")) if found else []


def price_of(library_id: int, kind: str, *, on: date) -> Price | None:
    """The first price of a kind at a library on a day. One statement."""
    held = PriceList.objects.filter(library_id=library_id, valid_from__lte=on).order_by("-valid_from", "-number")
    return Price.objects.filter(list__in=held.values("pk")[:1], kind=kind).order_by("position").first()


def price_lists(library_id: int) -> QuerySet[PriceList]:
    """All lists of a library, the newest first."""
    return PriceList.objects.filter(library_id=library_id).order_by("-valid_from", "-number")


def priced_libraries(*, on: date) -> list[Library]:
    """Libraries that ask for something on a day."""
    held = PriceList.objects.filter(valid_from__lte=on).order_by("library_id", "-valid_from", "-number")
    newest = held.distinct("library_id").values("pk")
    priced = Price.objects.filter(list__in=newest).values("list__library")
    return list(Library.objects.filter(pk__in=priced).order_by("name_vi"))
