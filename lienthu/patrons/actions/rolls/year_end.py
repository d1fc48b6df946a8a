"""The end of a school year: every class goes up, the last ones leave. A list like the others, taken back like them."""

from collections.abc import Mapping

from django.db.models import Count

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import ids
from lienthu.libraries.queries import Library
from lienthu.patrons.access import EDIT
from lienthu.patrons.models import Patron, PatronState, Roll, RollRow


def classes_of(library: Library) -> list[tuple[str, int]]:
    """The classes and units of a library's readers, with how many are in each."""
    rows = Patron.objects.filter(home_library=library, state=PatronState.ACTIVE).exclude(group="")
    return list(rows.values_list("group").annotate(count=Count("pk")).order_by("group"))


def start_year_end(*, actor: Actor, library: Library, becoming: Mapping[str, str]) -> Roll:
    """Make the list of who goes where: `becoming` maps a class to the next one, "" for those who leave.

    Nothing is changed until the list is committed. Raises Refused.
    """
    require(actor, EDIT, at=library.scope)
    moving = {old: new for old, new in becoming.items() if old != new}
    with writing(actor) as w:
        roll = Roll.objects.create(
            library=library,
            kind="YEAR_END",
            status="CHECKED",
            choices={"classes": moving},
            actor_id=actor.account_id,
            actor_name=actor.name,
        )
        readers = Patron.objects.filter(home_library=library, state=PatronState.ACTIVE, group__in=moving)
        rows = RollRow.objects.bulk_create(
            RollRow(
                roll=roll,
                number=number,
                data={"from": one.group, "to": moving[one.group]},
                outcome="CHANGED",
                patron=one,
            )
            for number, one in enumerate(readers.order_by("group", "name_sort", "pk"), start=1)
        )
        roll.total, roll.counts = len(rows), {"CHANGED": len(rows)}
        roll.save()
        w.audit("patrons.roll_checked", target=("roll", ids.encode(roll.pk)), at=library.code, details=roll.counts)
    return roll
