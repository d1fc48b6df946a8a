"""What libraries ask for priced services on a day."""

from datetime import date

from django.db.models import QuerySet

from lienthu.fees.models import Price, PriceList


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
