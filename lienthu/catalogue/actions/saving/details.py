"""What follows from the content of a record: its bytes, numbers, headings and copies."""

from lienthu.audit.actions import Writing
from lienthu.catalogue.actions.chunks import HeadingCache, insert_headings, insert_identifiers, insert_revisions
from lienthu.catalogue.actions.clustering import settle
from lienthu.catalogue.actions.copies import Places, write_copies
from lienthu.catalogue.actions.incoming import Incoming, Placed
from lienthu.catalogue.actions.saving.content import RecordRefused
from lienthu.catalogue.marc import Problem
from lienthu.catalogue.models import Item
from lienthu.catalogue.wording import problem


def taken_numbers(incoming: Incoming, *, record_id: int | None, places: Places) -> list[Problem]:
    """A problem for each accession number of this record's copies that names a copy of another record."""
    numbers = {draft.accession_number for draft in incoming.copies} - {""}
    if not numbers:
        return []
    owners = {
        (library_id, number): owner
        for library_id, number, owner in Item.objects.filter(accession_number__in=numbers).values_list(
            "library_id", "accession_number", "record_id"
        )
    }
    return [
        problem("accession_number_taken", accession_number=draft.accession_number)
        for draft in incoming.copies
        if owners.get((places.libraries.get(draft.library, places.default_library), draft.accession_number), record_id)
        != record_id
    ]


def write_details(w: Writing, placed: list[Placed], places: Places) -> None:
    """Revisions, numbers, headings and copies of written records. RecordRefused when a number is another copy's."""
    insert_revisions(placed, batch_id=None, actor_id=w.actor.account_id, actor_name=w.actor.name)
    insert_identifiers(placed)
    insert_headings(placed, HeadingCache())
    settle(w, placed)
    refused = write_copies(placed, places=places, batch_id=None).refused
    if refused:
        raise RecordRefused([problem("accession_number_taken", accession_number=c.accession_number) for c in refused])
