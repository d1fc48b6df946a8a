"""A form of a name or subject: its subfields, its text as headings of the catalogue spell it, its key."""

from collections.abc import Sequence
from dataclasses import dataclass

from lienthu.catalogue.marc import Field, Record, describe
from lienthu.catalogue.marc.description import unstopped
from lienthu.kernel.text import exact_key, normalise

Subfields = tuple[tuple[str, str], ...]

KEY_LENGTH = 300
# The field of a bibliographic record in which a kind of heading stands first; its text is spelt as there.
TAG_OF_KIND = {
    "PERSON": "100", "CORPORATE": "110", "MEETING": "111", "TITLE": "830", "TOPIC": "650", "PLACE": "651",
    "GENRE": "655",
}  # fmt: skip
DIVISIONS = "vxyz"
PERSON_CODES = "abcqd"


class FormProblem(ValueError):
    """A form that cannot stand: `code` is "empty" or "no_words"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class HeadingForm:
    """One form: kind, first indicator and the second, subfields without punctuation at their end."""

    kind: str
    subfields: Subfields
    indicators: str = "  "

    @property
    def text(self) -> str:
        """The words as a record's heading has them: "Nguyễn Du, 1765-1820", "Vietnam -- History"."""
        return text_of(self.kind, self.subfields)

    @property
    def key(self) -> str:
        """What tells one heading from another, whatever its capitals and the place of its tone marks."""
        return key_of(self.text)


def key_of(text: str) -> str:
    """The key of a heading with this text."""
    return exact_key(text)[:KEY_LENGTH]


def text_of(kind: str, subfields: Sequence[tuple[str, str]], *, tag: str = "") -> str:
    """The text that the catalogue derives from a field with these subfields; empty when it derives none."""
    one = Field(tag or TAG_OF_KIND[kind], "", "  ", list(subfields))
    headings = describe(Record("00000nam a2200000 a 4500", [one])).headings
    return headings[0].text if headings else ""


def clean_form(kind: str, subfields: Sequence[tuple[str, str]], indicators: str = "  ") -> HeadingForm:
    """A form from what a person or a file gave: normalised, without empty parts. FormProblem when nothing is left."""
    parts = [(code, " ".join(normalise(value).split())) for code, value in subfields]
    parts = [(code, value) for code, value in parts if value and len(code) == 1 and code.isascii() and code.isalnum()]
    if not parts:
        raise FormProblem("empty")
    code, value = parts[-1]
    parts[-1] = (code, unstopped(value))
    form = HeadingForm(kind, tuple(parts), indicators[:2].ljust(2))
    if not form.key:
        raise FormProblem("no_words")
    return form


def person_form(
    *, name: str, numeral: str = "", title: str = "", full: str = "", dates: str = "", indicator: str = "0"
) -> HeadingForm:
    """The form of a person's name from its parts; the commas between them are set here."""
    name, title = name.strip().rstrip(","), title.strip().rstrip(",")
    parts = [("a", name), ("b", numeral), ("c", title), ("q", full), ("d", dates.strip())]
    given = [(code, value.strip()) for code, value in parts if value.strip()]
    followed = [
        (code, f"{value}," if place + 1 < len(given) and given[place + 1][0] in "cd" else value)
        for place, (code, value) in enumerate(given)
    ]
    return clean_form("PERSON", followed, f"{indicator} ")


def beginnings(text: str) -> list[str]:
    """What a heading with divisions begins with: of "a -- b -- c" these are "a" and "a -- b"."""
    parts = text.split(" -- ")
    return [" -- ".join(parts[:count]) for count in range(1, len(parts))]
