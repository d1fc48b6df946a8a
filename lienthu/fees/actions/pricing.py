"""What is asked for: price lists from a day on, and the bank account that transfers go to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from lienthu.audit.actions import writing
from lienthu.fees.access import PRICE, require_at
from lienthu.fees.actions.refusals import Refused
from lienthu.fees.models import BankAccount, ChargeKind, Price, PriceList
from lienthu.fees.policy.vietqr import Transfer, payload
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import Library


@dataclass(frozen=True, slots=True)
class PriceData:
    """One priced service as a form gives it; money is whole đồng."""

    kind: str
    name_vi: str
    name_en: str
    unit_vi: str
    unit_en: str
    amount: int


def publish_prices(
    *, actor: Actor, library: Library, valid_from: date, basis: str, basis_on: date, lines: Sequence[PriceData]
) -> PriceList:
    """Publish the prices of a library from a day on, on the basis of a decision of a day.

    No lines: nothing is priced any more. Raises both Refused: in the past, without a basis, before its basis.
    """
    require_at(actor, PRICE, library)
    if valid_from < clock.today():
        raise Refused("IN_THE_PAST")
    if not basis.strip():
        raise Refused("BASIS_NEEDED")
    if basis_on > valid_from:
        raise Refused("BEFORE_ITS_BASIS")
    with writing(actor) as w:
        # The row of the library keeps two publications from taking one number.
        Library.objects.select_for_update().get(pk=library.pk)
        last = PriceList.objects.filter(library=library).aggregate(last=Max("number"))["last"] or 0
        made = PriceList.objects.create(
            library=library,
            number=last + 1,
            valid_from=valid_from,
            basis=basis.strip()[:300],
            basis_on=basis_on,
            published_at=clock.now(),
            published_by=actor.name[:200],
        )
        Price.objects.bulk_create(
            Price(
                list=made,
                position=position,
                kind=ChargeKind(line.kind),
                name_vi=line.name_vi,
                name_en=line.name_en,
                unit_vi=line.unit_vi,
                unit_en=line.unit_en,
                amount=line.amount,
            )
            for position, line in enumerate(lines, start=1)
        )
        w.audit(
            "fees.prices_published",
            target=("library", library.code),
            at=library.code,
            details={"number": made.number, "from": valid_from.isoformat(), "lines": len(lines), "basis": made.basis},
        )
    return made


def set_bank_account(*, actor: Actor, library: Library, bank: str, number: str, holder: str) -> BankAccount:
    """Let transfers go to this account from now on. Raises identity's Refused, ValueError."""
    require_at(actor, PRICE, library)
    payload(Transfer(bank, number, 0, ""))
    with writing(actor) as w:
        Library.objects.select_for_update().get(pk=library.pk)
        BankAccount.objects.filter(library=library, ended_at=None).update(ended_at=clock.now())
        made = BankAccount.objects.create(
            library=library, bin=bank, number=number, holder=holder.strip()[:120], since=clock.now()
        )
        w.audit(
            "fees.bank_account_set",
            target=("library", library.code),
            at=library.code,
            details={"bin": bank, "number": f"…{number[-4:]}"},
        )
    return made
