"""What the desk page remembers between two scans: the library, the reader before it, what was done for them."""

import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest

_KEY = "circulation_desk"
MOST_LINES = 60


@dataclass
class Line:
    """One line of the present turn. `state` is a badge: lent, returned, here, refused, …"""

    state: str
    title: str
    number: str
    text: str = ""
    due: str = ""
    reasons: list[dict[str, str]] = field(default_factory=list)
    loan_id: int | None = None
    where: str = ""


@dataclass
class Desk:
    """The desk of one person in one session.

    `mode` is LEND, RETURN or one of actions.MARKS; `choices` are what an unclear entry may have meant. `sign` is the
    kind of the last answer (done, elsewhere, ask, refused), which is also heard; `said` its words for screen readers.
    """

    library_id: int = 0
    patron_id: int = 0
    card: str = ""
    mode: str = "LEND"
    lines: list[Line] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    asked: str = ""
    problem: dict[str, Any] = field(default_factory=dict)
    sign: str = ""
    said: str = ""

    def add(self, line: Line) -> None:
        """Put a line on top."""
        self.lines = [line, *self.lines][:MOST_LINES]

    def clear_answer(self) -> None:
        self.choices, self.problem, self.asked, self.sign, self.said = [], {}, "", "", ""


def load(request: HttpRequest) -> Desk:
    """The desk of this session."""
    kept = dict(request.session.get(_KEY) or {})
    lines = [Line(**line) for line in kept.pop("lines", [])]
    return Desk(**kept, lines=lines)


def save(request: HttpRequest, desk: Desk) -> None:
    """Keep the desk."""
    request.session[_KEY] = asdict(desk)


def new_key() -> str:
    """A key for the next request of the page, so that sending it twice does it once."""
    return uuid.uuid4().hex
