"""What becomes of one row of a list: a new reader, a change, nothing, or a refusal with its reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lienthu.kernel import clock
from lienthu.kernel.text import folded_key
from lienthu.patrons.models import Card, Patron, PatronState, Roll
from lienthu.patrons.policy import CARD_FORM
from lienthu.patrons.sealing import marks

_CHANGING = ("full_name", "group", "phone", "email", "address")
_YEARS = 110


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome with its reason; whom it concerns; the values that would change."""

    outcome: str
    reason: str = ""
    patron: Patron | None = None
    changes: dict[str, Any] | None = None


def decide(roll: Roll, data: dict[str, str], *, fault: str = "") -> Decision:
    """Look at one person of a list; nothing is written."""
    born = date.fromisoformat(data["birth_date"]) if data.get("birth_date") else None
    fault = fault or _fault(roll, data, born)
    if fault:
        return Decision("REFUSED", fault)
    found, sure = _known(roll, data, born)
    if len(found) > 1:
        return Decision("REFUSED", "AMBIGUOUS")
    if not found:
        return Decision("NEW")
    (patron,) = found
    if sure and patron.home_library_id != roll.library_id:
        # who they are is not told: whoever made the list named the number, and no second card is needed
        return Decision("REFUSED", "ELSEWHERE")
    if patron.state != PatronState.ACTIVE:
        return Decision("REFUSED", "NOT_ACTIVE")
    changes = {name: data[name] for name in _CHANGING if data.get(name) and data[name] != getattr(patron, name)}
    if born and born != patron.birth_date:
        changes["birth_date"] = data["birth_date"]
    return Decision("CHANGED" if changes else "SAME", "", patron, changes)


def _fault(roll: Roll, data: dict[str, str], born: date | None) -> str:
    today = clock.today()
    if born and not date(today.year - _YEARS, 1, 1) <= born <= today:
        return "BAD_DATE"
    if roll.kind == "CLASSES" and born is None:
        return "NO_DATE"
    if data.get("card") and not CARD_FORM.fullmatch(data["card"]):
        return "BAD_CARD"
    return ""


def _known(roll: Roll, data: dict[str, str], born: date | None) -> tuple[list[Patron], bool]:
    """Whom the row names; whether a number says so, which counts at every library."""
    known = Patron.objects.select_related("home_library__scope", "category").exclude(
        state__in=(PatronState.MERGED, PatronState.ERASED)
    )
    if data.get("card") and (card := Card.objects.filter(number=data["card"]).first()):
        return list(known.filter(pk=card.patron_id)), True
    if data.get("identity_number") and (
        found := list(known.filter(identity_mark__in=marks(data["identity_number"]))[:2])
    ):
        return found, True
    same = known.filter(home_library_id=roll.library_id, name_folded=folded_key(data["full_name"]))
    same = same.filter(birth_date=born) if born else same.filter(group=data.get("group", ""))
    return list(same[:2]), False
