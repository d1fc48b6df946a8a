"""Citations as sentences: APA (7th edition) and ISO 690:2021, which TCVN follows for bibliographic references."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lienthu.discovery.formats.entry import Entry, Name

_MOST_AUTHORS_APA = 20
_MOST_AUTHORS_ISO = 3


def apa(entry: Entry) -> str:
    """ "Karnow, S. (1983). Vietnam: A history. Viking."; Vietnamese names stay whole and in their order."""
    year = str(entry.year) if entry.year else _("không rõ năm")
    title = _stopped(entry.full_title if not entry.edition else f"{entry.full_title} ({entry.edition})")
    if not entry.names:
        return _sentences([title, f"({year}).", _stopped(entry.publisher), entry.url])
    return _sentences([_stopped(_apa_names(entry.names)), f"({year}).", title, _stopped(entry.publisher), entry.url])


def iso690(entry: Entry) -> str:
    """ "NGUYỄN DU. Truyện Kiều. Hà Nội: Văn học, 1979. ISBN …. URL"."""
    names = "; ".join(_iso_name(name) for name in entry.names[:_MOST_AUTHORS_ISO])
    if len(entry.names) > _MOST_AUTHORS_ISO:
        names = _("%(names)s và những người khác") % {"names": names}
    imprint = ": ".join(part for part in (entry.place, entry.publisher) if part)
    published = ", ".join(part for part in (imprint, str(entry.year or "")) if part)
    numbers = [f"ISBN {number}." for number in entry.isbn[:1]] + ([f"ISSN {entry.issn}."] if entry.issn else [])
    return _sentences(
        [
            _stopped(names),
            _stopped(entry.full_title),
            _stopped(entry.edition),
            _stopped(published),
            _stopped(entry.extent.rstrip(" ;:+.")),
            *(_stopped(series) for series in entry.series[:1]),
            *numbers,
            _("Truy cập tại: %(url)s") % {"url": entry.url},
        ]
    )


def _apa_names(names: Sequence[Name]) -> str:
    written = [_apa_name(name) for name in names]
    if len(written) > _MOST_AUTHORS_APA:
        return ", ".join(written[: _MOST_AUTHORS_APA - 1]) + ", … " + written[-1]
    if len(written) == 1:
        return written[0]
    return ", ".join(written[:-1]) + ", & " + written[-1]


def _apa_name(name: Name) -> str:
    if not name.given:
        return name.family
    initials = " ".join(f"{part[0].upper()}." for part in name.given.replace("-", " ").split() if part[0].isalpha())
    return f"{name.family}, {initials}" if initials else name.family


def _iso_name(name: Name) -> str:
    return f"{name.family.upper()}, {name.given}" if name.given else name.family.upper()


def _stopped(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".?!" else f"{text}."


def _sentences(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)
