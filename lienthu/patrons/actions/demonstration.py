"""Readers of the demonstration province: named by kind and number, since nobody is invented."""

from dataclasses import dataclass
from datetime import date

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor
from lienthu.identity.queries import account_by_username
from lienthu.kernel import ids
from lienthu.libraries.queries import library_by_code
from lienthu.patrons.actions.cards import issue_card
from lienthu.patrons.actions.consenting import add_guardian
from lienthu.patrons.actions.registering import PatronData, register
from lienthu.patrons.models import Card, Patron
from lienthu.patrons.policy import CHILD_AGE, age_on


@dataclass(frozen=True, slots=True)
class DemoReader:
    """One reader; the card number tells them again."""

    card: str
    name: str
    category: str
    born: date
    library: str
    group: str = ""
    account: str = ""


READERS = (
    DemoReader("TD-0001", "Bạn đọc trình diễn 01", "ADULT", date(1988, 4, 12), "VN-TQ-TINH", account="bandoc"),
    DemoReader("TD-0002", "Bạn đọc trình diễn 02", "OFFICIAL", date(1979, 9, 2), "VN-TQ-TINH"),
    DemoReader("TD-0003", "Bạn đọc cao tuổi trình diễn 01", "SENIOR", date(1950, 1, 20), "VN-TQ-TINH"),
    DemoReader("TD-0004", "Sinh viên trình diễn 01", "STUDENT", date(2006, 6, 1), "VN-TQ-DHTT", "Khoa Văn hóa"),
    DemoReader("TD-0005", "Giảng viên trình diễn 01", "TEACHER", date(1984, 11, 20), "VN-TQ-DHTT", "Khoa Ngữ văn"),
    DemoReader("TD-0006", "Học sinh trình diễn 01", "SECONDARY_PUPIL", date(2013, 3, 8), "VN-TQ-THCSCH", "Lớp 8A"),
    DemoReader("TD-0007", "Học sinh trình diễn 02", "SECONDARY_PUPIL", date(2014, 8, 19), "VN-TQ-THCSCH", "Lớp 7B"),
    DemoReader("TD-0008", "Thiếu nhi trình diễn 01", "PRIMARY_PUPIL", date(2018, 5, 5), "VN-TQ-TINH"),
)


def load_readers(*, actor: Actor) -> int:
    """Register the readers who are not there yet, with their cards; how many."""
    added = 0
    known = set(Card.objects.filter(number__startswith="TD-").values_list("number", flat=True))
    for one in READERS:
        library = library_by_code(one.library)
        if one.card in known or library is None:
            continue
        with writing(actor) as w:
            data = PatronData(full_name=one.name, category=one.category, birth_date=one.born, group=one.group)
            patron = register(actor=actor, library=library, data=data, consented=True, confirmed_new=True)
            issue_card(actor=actor, patron=patron, library=library, number=one.card)
            card = Card.objects.get(number=one.card)
            age = age_on(one.born, card.issued_on)
            if age is not None and age < CHILD_AGE:
                add_guardian(actor=actor, child=patron, name="Người giám hộ trình diễn", child_agreed=True)
            account = account_by_username(one.account) if one.account else None
            if account is not None:
                Patron.objects.filter(pk=patron.pk).update(account=account)
                w.audit("patrons.changed", target=("patron", ids.encode(patron.pk)), at=library.code)
        added += 1
    return added
