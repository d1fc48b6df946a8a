"""One reader registered at several desks, or by several clicks, at one moment: with real transactions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from django.db import connection

from lienthu.libraries.tests.factories import library, person
from lienthu.patrons.actions import LooksTheSame, PatronData, register
from lienthu.patrons.models import Category, Patron

DESKS = 6


def test_a_reader_registered_at_several_desks_at_once_is_one_reader(transactional_db: None) -> None:
    Category.objects.get_or_create(code="ADULT", defaults={"name_vi": "Người lớn", "name_en": "Adults", "position": 1})
    main = library("VN-TQ-AO", "Thư viện A")
    desk = person("thuthuao", "LIBRARIAN", main.scope)
    data = PatronData(full_name="Bạn đọc trình diễn", category="ADULT", birth_date=date(1990, 2, 1))

    def one(_desk: int) -> str:
        try:
            register(actor=desk.actor, library=main, data=data, consented=True)
            return "registered"
        except LooksTheSame:
            return "asked"
        finally:
            connection.close()

    with ThreadPoolExecutor(DESKS) as desks:
        told = sorted(desks.map(one, range(DESKS)))
    assert told == ["asked"] * (DESKS - 1) + ["registered"]
    assert Patron.objects.count() == 1
