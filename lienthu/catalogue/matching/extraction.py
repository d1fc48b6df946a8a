"""From a MARC record to its evidence."""

import re

from lienthu.catalogue.marc import Record
from lienthu.catalogue.marc.description import Description
from lienthu.catalogue.marc.numbers import isbn13, issn
from lienthu.catalogue.matching import volumes
from lienthu.catalogue.matching.editions import edition_of
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.forms import form_of
from lienthu.catalogue.matching.imprints import extent_of, years_of
from lienthu.catalogue.matching.persons import body_key, name_key
from lienthu.catalogue.matching.publishers import publisher_keys
from lienthu.catalogue.matching.titles import TitleParts, title_parts, without_article
from lienthu.kernel.text import exact_key, folded_key

_SPACES = re.compile(r"\s+")
_OCLC = re.compile(r"\(OCoLC\)\D*0*([0-9]+)|^oc[mn]0*([0-9]+)")
_WHOLE_SET = re.compile(r"\b(?:set|bộ|trọn bộ|complete|series|ensemble|gesamt)\b", re.IGNORECASE)
_LANGUAGE = re.compile("[a-z]{3}")
_NO_LANGUAGE = frozenset(["und", "zxx", "mul", "mis"])
_TWO_LETTERS = {"vi": "vie", "en": "eng", "fr": "fre", "ru": "rus", "zh": "chi", "de": "ger", "ja": "jpn", "ko": "kor"}
_OTHER_CODES = {"fra": "fre", "deu": "ger", "zho": "chi", "nld": "dut", "ces": "cze", "ell": "gre", "fas": "per"}
_PLACE_NOISE = re.compile(r"\[[^\]]*\]|[?\[\]]|\b(?:tp|thanh pho|t p)\b")

NAMES_KEPT, TITLES_KEPT, NUMBERS_KEPT, PUBLISHERS_KEPT = 12, 6, 6, 3


def evidence_of(record: Record, description: Description) -> Evidence:
    """What the record says about its edition; never fails."""
    languages = _languages(record)
    main_language = languages[0] if languages else ""
    parts = title_parts(record, language=main_language)
    if not parts.title and not parts.part:
        parts.title = exact_key(description.title)
    extent = _first(record, "300", "a").lower()
    if not parts.volume:
        before = volumes.before_pages(extent)
        parts.volume += [before] * bool(before)
    years, last_year = years_of(record)
    pages, extent_volumes = extent_of(extent)
    isbn, isbn_weak = _isbn(record)
    form, reproduction = form_of(record)
    number, kind, words = edition_of(" ".join(_first_field_values(record, "250", "ab")))
    persons, bodies = _names(record)
    return Evidence(
        kind=description.type,
        level=record.leader[7:8],
        form=form,
        reproduction=reproduction,
        languages=languages,
        isbn=isbn,
        isbn_weak=isbn_weak,
        issn=issn(_first(record, "022", "a")),
        lccn=_SPACES.sub("", _first(record, "010", "a")).lower(),
        national=_national(record),
        oclc=_oclc(record),
        title=parts.title,
        title_folded=folded_key(parts.title),
        rest=parts.rest,
        part=parts.part,
        volume=tuple(parts.volume[:4]),
        other_titles=_other_titles(record, parts, main_language),
        names=persons,
        bodies=bodies,
        responsibility=parts.responsibility,
        edition=number,
        edition_kind=kind,
        edition_words=words,
        publishers=_publishers(record),
        place=_PLACE_NOISE.sub(" ", folded_key(description.place)).strip(),
        years=years,
        last_year=last_year,
        pages=pages,
        extent_volumes=extent_volumes,
        series=_series(description),
    )


def _first(record: Record, tag: str, code: str) -> str:
    field = record.get(tag)
    return field.get(code) if field else ""


def _first_field_values(record: Record, tag: str, codes: str) -> list[str]:
    field = record.get(tag)
    return field.values(codes) if field else []


def _languages(record: Record) -> tuple[str, ...]:
    """Of the text, the one of 008 first."""
    codes = [record.value("008")[35:38].strip().lower()]
    for text in record.subfields("041", "a"):
        lower = text.strip().lower()
        codes += [lower] if len(lower) == 2 else [lower[at : at + 3] for at in range(0, len(lower), 3)]
    codes = [_TWO_LETTERS.get(code, _OTHER_CODES.get(code, code)) for code in codes]
    return tuple(dict.fromkeys(code for code in codes if _LANGUAGE.fullmatch(code) and code not in _NO_LANGUAGE))


def _isbn(record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
    right: list[str] = []
    weak: list[str] = []
    for field in record.fields:
        if field.tag != "020":
            continue
        for code, value in field.subfields:
            if code not in "az":
                continue
            number = isbn13(value)
            if not number:
                # A wrong number printed in the book stands in every record of it.
                digits = re.sub(r"[^0-9Xx]", "", value.partition("(")[0])
                if len(digits) in (10, 13) and len(set(digits)) > 2:
                    weak.append(digits)
            elif code == "a" and not _WHOLE_SET.search(value + field.get("q")):
                right.append(number)
            else:
                weak.append(number)
    return tuple(dict.fromkeys(right))[:NUMBERS_KEPT], tuple(dict.fromkeys(weak))[:NUMBERS_KEPT]


def _national(record: Record) -> tuple[str, ...]:
    found = []
    for field in record.fields:
        if field.tag in ("015", "016"):
            number = folded_key(field.get("a")).replace(" ", "")
            if len(number) > 4:
                found.append(f"{field.get('2').lower() or field.indicators[0].strip()}:{number}")
    return tuple(dict.fromkeys(found))[:NUMBERS_KEPT]


def _oclc(record: Record) -> tuple[str, ...]:
    texts = record.subfields("035", "a")
    if record.value("003").strip() == "OCoLC":
        texts.append("(OCoLC)" + record.value("001"))
    found = [match[1] or match[2] for text in texts if (match := _OCLC.match(text.strip()))]
    return tuple(dict.fromkeys(found))[:NUMBERS_KEPT]


def _names(record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(persons, bodies): main entry first; names that only introduce another work (7xx with $t) are left out."""
    persons: list[str] = []
    bodies: list[str] = []
    for field in record.fields:
        if field.tag in ("100", "700"):
            if field.tag == "100" or not field.get("t"):
                persons.append(name_key(" ".join(field.values("ab"))))
        elif field.tag in ("110", "111", "710", "711") and not field.get("t"):
            bodies.append(body_key(" ".join(field.values("ab"))))
    return _distinct(persons, NAMES_KEPT), _distinct(bodies, NAMES_KEPT)


def _distinct(values: list[str], limit: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))[:limit]


def _other_titles(record: Record, parts: TitleParts, language: str) -> tuple[str, ...]:
    """Varying, parallel and uniform titles. A uniform title of a translation names the original: the veto of
    languages keeps original and translation apart."""
    titles = list(parts.parallel)
    for field in record.fields:
        if field.tag in ("246", "130", "240"):
            titles.append(without_article(exact_key(" ".join(field.values("abnp"))), language))
    return _distinct([title for title in titles if title != parts.title], TITLES_KEPT)


def _publishers(record: Record) -> tuple[str, ...]:
    found: list[str] = []
    for field in record.fields:
        if field.tag == "260" or (field.tag == "264" and field.indicators[1:] in ("1", " ", "0", "2")):
            for value in field.values("b"):
                found += publisher_keys(value)
    return _distinct(found, PUBLISHERS_KEPT)


def _series(description: Description) -> str:
    if not description.series:
        return ""
    words = folded_key(description.series[0]).split()
    return " ".join(word.lstrip("0") or "0" for word in words)
