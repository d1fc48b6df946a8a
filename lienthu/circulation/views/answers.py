"""What an answer of the desk sounds like, and says to those who do not see it."""

from lienthu.circulation.views.session import Desk

_ELSEWHERE = ("to_hold_shelf", "to_transit")


def sign_of(desk: Desk, *, entry: bool) -> tuple[str, str]:
    """The sound of the answer that the desk shows, and its words; `entry`: something was scanned or typed."""
    if desk.problem:
        return "refused", " ".join([desk.problem["title"], *(one["text"] for one in desk.problem["reasons"])])
    if desk.choices:
        return "ask", ", ".join(one["title"] for one in desk.choices)
    if not entry:
        return "", ""
    if not desk.lines:
        return ("done", "") if desk.patron_id else ("", "")
    line = desk.lines[0]
    words = " ".join(filter(None, (line.title, line.due, line.text)))
    return ("elsewhere" if line.state in _ELSEWHERE else "done"), words
