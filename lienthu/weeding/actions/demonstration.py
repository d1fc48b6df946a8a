"""Lists of the demonstration province, public for long enough to be decided. Adds nothing twice."""

from datetime import timedelta

from lienthu.catalogue.queries.items import copies_on_shelf
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import library_by_code
from lienthu.weeding.actions.deciding import publish_list
from lienthu.weeding.actions.drafting import add_numbers, make_weeding
from lienthu.weeding.models import Weeding

LISTS = (
    ("Thanh lọc trình diễn: bản rách nát", "Rách bìa, mất trang, không đóng lại được"),
    ("Thanh lọc trình diễn: bản ẩm mốc", "Ẩm mốc, dễ lây sang bản khác"),
)
COUNCIL = [("Phụ trách Thư viện tỉnh", "Chủ tịch"), ("Thủ thư Thư viện tỉnh", "Thành viên")]
# Away from the copies that other parts of the demonstration lend and send.
FROM_THE_START, COPIES, DAYS_PUBLIC = 60, 6, 20


def load_weedings(*, actor: Actor, code: str) -> int:
    """Make up lists at a library, public since some weeks; how many were made."""
    library = library_by_code(code)
    if library is None or Weeding.objects.filter(library=library).exists():
        return 0
    numbers = [
        copy.accession_number
        for copy in copies_on_shelf(library.pk, limit=FROM_THE_START + COPIES * len(LISTS))[FROM_THE_START:]
    ]
    made = 0
    for place, (name, why) in enumerate(LISTS):
        one = make_weeding(actor=actor, name=name, library=library, council=COUNCIL)
        mine = numbers[place * COPIES : (place + 1) * COPIES]
        if mine and add_numbers(actor=actor, weeding_id=one.pk, numbers=mine, why=why).count:
            publish_list(actor=actor, weeding_id=one.pk, at=clock.now() - timedelta(days=DAYS_PUBLIC))
        made += 1
    return made
