"""Readers for tests of the actions: rows of our own behind the calls of the readers' room."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lienthu.kernel import ids


@dataclass(frozen=True)
class Block:
    code: str
    reason: str
    until: date | None = None
    library_code: str | None = None


@dataclass
class Summary:
    id: int
    public_id: str
    name: str
    category: str = "ADULT"
    category_name: str = "Người lớn"
    group: str = ""
    age: int | None = 30
    home_library_id: int | None = None
    preferred_language: str = "vi"
    keep_history: bool = False
    card_expires: date | None = None
    blocks: tuple[Block, ...] = ()
    guardian_missing: bool = False
    account_id: int | None = None


@dataclass(frozen=True)
class Standing:
    card_expires: date | None
    blocks: tuple[Block, ...]
    guardian_missing: bool
    category: str
    age: int | None


@dataclass(frozen=True)
class Holder:
    patron_id: int
    card_id: int
    card_number: str
    card_status: str
    replaced_by: str | None
    patron: Summary


@dataclass
class Room:
    people: dict[int, Summary] = field(default_factory=dict)

    def add(self, name: str, **values: object) -> Summary:
        number = len(self.people) + 1
        self.people[number] = Summary(number, ids.encode(number), name, **values)  # type: ignore[arg-type]
        return self.people[number]


ROOM = Room()


def patrons_by_id(ids: Iterable[int]) -> dict[int, Summary]:
    return {number: ROOM.people[number] for number in ids if number in ROOM.people}


def standing(*, patron_id: int, library_id: int, on: date) -> Standing:
    one = ROOM.people[patron_id]
    return Standing(one.card_expires, one.blocks, one.guardian_missing, one.category, one.age)


def age_band(age: int | None) -> str:
    return "?" if age is None else "26-59"


def patron_of_account(account_id: int) -> int | None:
    return next((one.id for one in ROOM.people.values() if one.account_id == account_id), None)


def patron_of_card(number: str) -> Holder | None:
    wanted = number.strip().upper()
    one = next((one for one in ROOM.people.values() if f"T-{one.id:04d}" == wanted), None)
    return Holder(one.id, one.id, wanted, "ACTIVE", None, one) if one else None


def find_patrons(words: str, *, among: object, limit: int = 20) -> list[Summary]:
    return [one for one in ROOM.people.values() if words.lower() in one.name.lower()][:limit]


def visible(actor: object) -> object:
    return None
