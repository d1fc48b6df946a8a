"""Money of the demonstration: one price list, and a few charges of readers who are named by kind."""

from datetime import date

from lienthu.audit.actions import writing
from lienthu.fees.actions.charging import charge
from lienthu.fees.actions.paying import pay, waive
from lienthu.fees.actions.pricing import PriceData, publish_prices
from lienthu.fees.models import Charge, Entry, PriceList
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import library_by_code
from lienthu.patrons.queries import patron_of_card

LIBRARY = "VN-TQ-TINH"
BASIS = "Bảng giá trình diễn, không phải văn bản thật"
BASIS_ON = date(2026, 1, 1)
PRICES = (
    PriceData("COPY", "Sao chụp khổ A4", "Photocopy, A4", "trang", "page", 500),
    PriceData("COPY", "In đen trắng khổ A4", "Print, black and white, A4", "trang", "page", 1_000),
    PriceData("CARD", "Làm lại thẻ bị mất", "Replacement of a lost card", "thẻ", "card", 10_000),
    PriceData("POSTAGE", "Gửi sách qua bưu chính, mỗi chiều", "Books by post, each way", "gói", "parcel", 20_000),
    PriceData("REPLACEMENT", "Đền tài liệu mất", "Lost item", "bản", "copy", 80_000),
)
# Card, kind, amount, what for, paid by transfer, waived.
CHARGES = (
    ("TD-0001", "COPY", 6_000, "Sao chụp khổ A4: 12 trang", 0, 0),
    ("TD-0001", "CARD", 10_000, "Làm lại thẻ bị mất", 0, 0),
    ("TD-0002", "POSTAGE", 20_000, "Gửi sách qua bưu chính, mỗi chiều: 1 gói", 20_000, 0),
    ("TD-0003", "COPY", 4_000, "Sao chụp khổ A4: 8 trang", 0, 4_000),
)


def load_money(*, actor: Actor) -> int:
    """Publish the list and book what is not there yet; how many charges. A second run adds nothing."""
    library = library_by_code(LIBRARY)
    if library is None:
        return 0
    if not PriceList.objects.filter(library=library).exists():
        publish_prices(
            actor=actor,
            library=library,
            valid_from=clock.today(),
            basis=BASIS,
            basis_on=min(BASIS_ON, clock.today()),
            lines=PRICES,
        )
    added = 0
    for number, (card, kind, amount, what, paid, waived) in enumerate(CHARGES, start=1):
        key, held = f"demo-{number}", patron_of_card(card)
        if held is None or Entry.objects.filter(key=key).exists():
            continue
        place = {"library_id": library.pk, "library_code": library.code}
        with writing(actor) as w:
            made = charge(
                w, patron_id=held.patron_id, kind=kind, amount=amount, because={"what": what}, key=key, **place
            )
            if paid:
                pay(w, patron_id=held.patron_id, amount=paid, method="TRANSFER", key=f"{key}-paid", **place)
            if waived:
                found = Charge.objects.get(pk=made)
                waive(w, charge_id=found.pk, amount=waived, reason="Miễn cho trình diễn", key=f"{key}-waived", **place)
        added += 1
    return added
