"""One set of the demonstration province: the provincial library's, at a school. Adds nothing twice."""

from datetime import timedelta

from lienthu.catalogue.queries.items import copies_on_shelf
from lienthu.identity.access import Actor
from lienthu.kernel import clock
from lienthu.libraries.queries import library_by_code
from lienthu.rotation.actions.drafting import add_copies, make_set
from lienthu.rotation.actions.refusals import Refused
from lienthu.rotation.actions.travelling import confirm_arrival, hand_over, scan_arrival
from lienthu.rotation.models import RotationSet

OWNER, HOST = "VN-TQ-TINH", "VN-TQ-THCSCH"
NAME = "Tủ sách luân chuyển trường học"
COPIES, FROM_THE_END, DAYS = 6, 40, 10


def load_sets(*, actor: Actor) -> int:
    """Make up one set that is at its place, soon to come back; how many were made."""
    owner, host = library_by_code(OWNER), library_by_code(HOST)
    if owner is None or host is None or RotationSet.objects.filter(owner=owner).exists():
        return 0
    copies = [copy.accession_number for copy in copies_on_shelf(owner.pk, limit=FROM_THE_END)[-COPIES:]]
    if not copies:
        return 0
    one = make_set(actor=actor, name=NAME, owner=owner, host=host, due_on=clock.today() + timedelta(days=DAYS))
    added = add_copies(actor=actor, set_id=one.pk, numbers=copies)
    try:
        hand_over(actor=actor, set_id=one.pk)
    except Refused:  # somebody asked for these copies meanwhile: then the draft is what there is to see
        return 1
    for number in added.added:
        try:
            scan_arrival(actor=actor, set_id=one.pk, number=number)
        except Refused:
            continue
    try:
        confirm_arrival(actor=actor, set_id=one.pk, why={})
    except Refused:
        return 1
    return 1
