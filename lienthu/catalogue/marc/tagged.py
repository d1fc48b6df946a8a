"""MARC as text, one field a line: ``#245 10 $aTruyện Kiều``, ``=245  10$a…`` (MarcEdit), ``245 10 |a``, Aleph's lines.

A record ends at an empty line, a line of signs, or where a leader or control number comes again. A line without a tag
goes on with the field before it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .frames import KEPT, Frame
from .problems import MarcError, problem
from .record import Field, Record, Subfield, leader_of

_LINE = re.compile(
    r"^(?:([0-9]{9})\s(LDR|FMT|[0-9]{3}|[A-Z]{3})|[=#*]?\s?(LDR|LEADER|FMT|[0-9]{3})(?=[\s#\\_0-9|:$‡]|$)"
    r"|(00[1-9])(?=.*\^$))(.*)$",
    re.DOTALL,
)
_MARK = re.compile(r"(\$\$|\|\||[$|‡ǂ^])(?=\s?[a-z0-9])")
_LIF_MARK = re.compile(r"_(?=[a-z0-9])")
_INDICATED = re.compile(r"^[\s:]{0,3}([0-9#_\\ ][0-9#_\\ ])\s{0,2}(?=[$|‡ǂ^_])")
_NO_BLANK = re.compile(r"[#_\\]")
_RULE = re.compile(r"^[#*=\-_+. ]{2,}$")
_LEADERS = ("LDR", "LEADER", "000")
_MARC_LEADER = re.compile(r"[0-9 ]{5}[a-z]")
_BARE_LEADER = re.compile(r"^[0-9]{5}[a-z][a-z][\x20-\x7e]{3}22[0-9]{5}[\x20-\x7e]{3}4500$")
_BRACED = {"{dollar}": "$", "{lcub}": "{", "{rcub}": "}"}
_LINES = 5_000


class Style(NamedTuple):
    """How subfields are marked, whether ``{dollar}`` stands for a dollar, and what ends every line."""

    mark: str
    is_mnemonic: bool
    line_end: str = ""


def tag_of(line: str) -> tuple[str, str, str] | None:
    """The tag of a line, Aleph's number of the record, and what follows; nothing for a line without a tag."""
    if _BARE_LEADER.match(line):
        return "LDR", "", line
    found = _LINE.match(line)
    return (found[2] or found[3] or found[4], found[1] or "", found[5]) if found else None


def style_of(text: str) -> Style | None:
    """The style of a text by its first lines; nothing when it is no tagged MARC."""
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    if len(lines) == 60 and len(text) >= 20000:
        lines.pop()
    tagged = sum(1 for line in lines if tag_of(line.strip()))
    if tagged < 3 or tagged * 10 < len(lines) * 6:
        return None
    if sum(line.rstrip().endswith("^") for line in lines) == len(lines) and _LIF_MARK.search(text):
        return Style("_", False, "^")
    marks = Counter(_MARK.findall(text))
    if not marks:
        return None
    return Style(marks.most_common(1)[0][0], text.lstrip().startswith("="))


def marked_style(text: str) -> Style:
    """The style of one stored record, of which it is known that it is tagged MARC."""
    found = style_of(text)
    if found is None:
        marks = Counter(_MARK.findall(text))
        found = Style(marks.most_common(1)[0][0] if marks else "$", text.lstrip().startswith("="))
    return found


def record_frames(lines: Iterable[Frame], limit: int) -> Iterator[Frame]:
    """Lines put together to records. A record with a line that is too long is reported whole."""
    group = _Group()
    number = ""
    ended = False
    for line in lines:
        text = line.raw.decode("latin-1").strip("\r\n \x1a\x00").removeprefix("\xef\xbb\xbf")
        found = tag_of(text)
        if not text or (not found and _RULE.match(text)):
            ended = bool(group.lines)
            if group.lines:
                group.add(line, "")
            continue
        tag, serial, _ = found or ("", "", "")
        begins = _begins(tag, group.tags) or (ended and tag) or serial != number
        if group.lines and (begins or len(group.lines) >= _LINES or group.size > limit):
            yield group.frame()
            group = _Group()
        ended = False
        number = serial if found else number
        group.add(line, tag)
    if group.lines:
        yield group.frame()


class _Group:
    """The lines of one record so far."""

    def __init__(self) -> None:
        self.lines: list[Frame] = []
        self.tags: set[str] = set()
        self.size = 0

    def add(self, line: Frame, tag: str) -> None:
        self.lines.append(line)
        self.tags.add(tag)
        self.size += line.length

    def frame(self) -> Frame:
        raw = b"".join(line.raw for line in self.lines)
        trouble = next((line.problem for line in self.lines if line.problem), None)
        return Frame(self.lines[0].offset, self.size, raw if trouble is None else raw[:KEPT], trouble)


def _begins(tag: str, before: set[str]) -> bool:
    if tag in _LEADERS:
        return bool(before - {"FMT"})
    return tag == "001" and ("001" in before or bool(before - {"FMT", "", *_LEADERS}))


def parse(text: str, style: Style) -> Record:
    """One record. Raises ``MarcError`` when no line of it is a field."""
    leader = ""
    entries: list[tuple[str, str]] = []
    for line in text.splitlines():
        found = tag_of(line.strip("\r\n \x1a\x00\ufeff"))
        if found:
            entries.append((found[0], found[2].removesuffix(style.line_end)))
        elif entries and line.strip() and not _RULE.match(line.strip()):
            tag, before = entries[-1]
            entries[-1] = tag, f"{before} {line.strip()}"
    fields: list[Field] = []
    for tag, content in entries:
        if tag in _LEADERS:
            leader = _leader(content) or leader
        elif tag.isdigit():
            fields += _field(tag, content, style)
    if not fields:
        raise MarcError(problem("record_empty"))
    return Record(leader_of(leader or "00000nam a2200000 a 4500"), fields)


def _leader(content: str) -> str:
    text = content.strip(" :|").removeprefix("L ").strip()
    text = re.sub(r"[#\\^_]", " ", text)
    found = _MARC_LEADER.search(text)
    return text[found.start() :] if found else ""


def _field(tag: str, content: str, style: Style) -> list[Field]:
    # Aleph: indicators at once, an "L" for the alphabet, then the text.
    aleph = re.match(r"^([0-9 ]{2}) L (.*)$", content, re.DOTALL)
    given, body = aleph.groups() if aleph else ("", content)
    if tag < "010":
        text = body.strip(" :|") if not style.is_mnemonic else body.strip().replace("\\", " ")
        return [Field(tag, text)] if text.strip() else []
    if not aleph:
        found = _INDICATED.match(content)
        given = found[1] if found else ""
        body = content[found.end() :] if found else content.lstrip(" :")
    lead, *pieces = re.split(rf"{re.escape(style.mark)}\s?(?=[a-z0-9])", body)
    subfields: list[Subfield] = [("a", lead.strip())] if lead.strip(" |:_#\\") and not pieces else []
    subfields += [(piece[0], _text(piece[1:], style)) for piece in pieces if piece[1:].strip()]
    indicators = _NO_BLANK.sub(" ", given).ljust(2)
    return [Field(tag, "", indicators, subfields)] if subfields else []


def _text(piece: str, style: Style) -> str:
    if style.is_mnemonic:
        for name, sign in _BRACED.items():
            piece = piece.replace(name, sign)
    return piece.strip()
