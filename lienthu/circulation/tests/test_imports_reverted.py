"""An import is taken back although readers have borrowed of it: what circulated stays."""

from lienthu.catalogue.actions.batches import request_revert
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.models import Item, SourceRecord
from lienthu.catalogue.tests.factories import SYSTEM, field, marc, take
from lienthu.circulation.actions import checkout
from lienthu.circulation.models import Loan
from lienthu.circulation.tests.conftest import Network


def test_a_record_with_a_lent_copy_stays_when_its_import_is_taken_back(network: Network) -> None:
    batch = take(
        network.a,
        marc("muon", field("245", "10", ("a", "Số đỏ")), field("852", "  ", ("a", network.a.code), ("p", "A.1"))),
        marc("khong", field("245", "10", ("a", "Bến quê")), field("852", "  ", ("a", network.a.code), ("p", "A.2"))),
    )
    lent = Item.objects.get(accession_number="A.1")
    checkout(actor=network.actor, item_id=lent.pk, patron_id=network.first.id, library_id=network.a.pk)
    request_revert(actor=SYSTEM, batch=batch, in_background=False)
    counts = revert_import(actor=SYSTEM, batch=batch).counts
    assert (counts["withdrawn"], counts["kept"]) == (1, 1)
    assert Loan.objects.get().item.record.status == "ACTIVE"
    assert SourceRecord.objects.get(control_number="khong").status == "DELETED"
    assert not Item.objects.filter(accession_number="A.2").exists()
