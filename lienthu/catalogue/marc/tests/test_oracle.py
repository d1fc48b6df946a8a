"""Every ISO 2709 file of the collected data, compared with pymarc subfield by subfield."""

import csv
import logging
import warnings

import pymarc
import pytest

from lienthu.catalogue.marc import iso2709
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.reader import Bad, RawRecord, open_records
from lienthu.testing import shared_data

from .records import good_records

_DOUBLE_ENCODED = "text was encoded to UTF-8 twice after the directory was made; pymarc cuts by the stale lengths"
_CP866 = "not MARC at all: code page 866 and no subfields"
_NO_MARC8 = "Cyrillic in code page 1251; pymarc shows MARC-8 signs and blanks"
_SALVAGED = "the directory is broken; taken apart at the field terminators"
_FILE = "dev/marc/openlibrary/marc/tests/test_data/bin_input/"

# What this reader reads otherwise than pymarc, by file and record number, and why.
DIFFERENT = {
    ("dev/marc/traject/bad_subfield_code.marc", 1): "a mark stands before the subfield code",
    ("dev/marc/processing-marc/bad_encoding.mrc", 1): _DOUBLE_ENCODED,
    ("dev/marc/perl/marc-charset/t/cyrillic.marc", 1): "pymarc does not know the Cyrillic extension as G0",
    ("dev/marc/evergreen/hebrew.marc", 18): "an unknown character is U+FFFD, pymarc makes it a blank",
    ("dev/marc/pymarc/bad_marc8_escape.dat", 1): "an escape sequence cut short is dropped, pymarc keeps it",
    ("dev/marc/pymarc/bad_subfield_code.dat", 1): "a code with a mark; pymarc cuts by the stale lengths",
    ("dev/marc/pymarc/utf8_invalid.mrc", 1): "U+FFFD as a code stays; pymarc takes the next letter",
    (_FILE + "collingswood_bad_008.mrc", 1): "control fields are MARC-8 too, pymarc takes Latin-1",
    (_FILE + "dasrmischepriv00rein_meta.mrc", 1): _DOUBLE_ENCODED,
    (_FILE + "lesabndioeinas00sche_meta.mrc", 1): _DOUBLE_ENCODED,
    (_FILE + "new_poganucpeoplethe00stowuoft_meta.mrc", 1): _DOUBLE_ENCODED,
    (_FILE + "poganucpeoplethe00stowuoft_meta.mrc", 1): _DOUBLE_ENCODED,
    (_FILE + "upei_short_008.mrc", 1): "008 is shorter than its length in the directory says",
    **{("dev/marc/catmandu/bu_bibs.mrc", number): _DOUBLE_ENCODED for number in (3, 6, 22, 25, 69, 74, 91)},
}
# What pymarc cannot read, but this reader can.
ONLY_HERE = {
    ("dev/marc/ruby-marc/marc8_accented_chars.marc", 1): "MARC-8 although leader/09 says UTF-8",
    ("dev/marc/ruby-marc/marc_with_bad_utf8.utf8.marc", 1): _DOUBLE_ENCODED,
    ("dev/marc/catmandu/bu_bibs.mrc", 82): _DOUBLE_ENCODED,
    **{("dev/marc/pymarc/bad_records.mrc", number): _SALVAGED for number in (2, 3, 4, 5, 6)},
}
# What is refused, with the code of the reason.
REFUSED = {
    ("dev/marc/traject/bad_utf_byte.utf8.marc", 1): "encoding_unknown",
    ("dev/marc/perl/marc-record/t/badldr.usmarc", 7): "record_truncated",
    ("dev/marc/perl/marc-record/t/filler.usmarc", 2): "record_truncated",
    ("dev/marc/evergreen/oss.marc", 28): "leader_broken",
    ("dev/marc/ruby-marc/bad_eacc_encoding.marc8.marc", 1): "encoding_unknown",
    ("dev/marc/ruby-marc/cp866_multirecord.marc", 1): "directory_broken",
    ("dev/marc/ruby-marc/cp866_multirecord.marc", 2): "directory_broken",
    ("dev/marc/ruby-marc/cp866_unimarc.marc", 1): "directory_broken",
    ("dev/marc/ruby-marc/utf8_with_bad_bytes.marc", 1): "utf8_damaged",
    ("dev/marc/pymarc/bad_eacc_encoding.dat", 1): "encoding_unknown",
    ("dev/marc/pymarc/bad_records.mrc", 7): "record_too_short",
    **{("dev/marc/pymarc/1251.dat", number): "encoding_unknown" for number in range(1, 7)},
    **{("dev/marc/catmandu/bu_bibs.mrc", number): "directory_broken" for number in (15, 31, 34, 45, 51, 62, 72, 77)},
}
UNIMARC = {"dev/marc/pymarc/testunimarc.dat", "dev/marc/catmandu/dollar_subfields.mrc"}


def _files():
    with open(shared_data("dev/marc/PARSE_REFERENCE.tsv"), encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def _as_pymarc_reads(item):
    # pymarc trusts the length, which is not what is compared here.
    raw = b"%05d" % len(item.raw) + item.raw[5:]
    record = pymarc.Record(raw, to_unicode=True, force_utf8=item.encoding == "utf-8", hide_utf8_warnings=True)
    return [
        (field.tag, field.data)
        if field.control_field
        else (field.tag, "".join(field.indicators or ()), [(one.code, one.value) for one in field.subfields])
        for field in record.fields
    ]


def _as_we_read(item):
    record = iso2709.parse(item.raw, repair=False).record
    return [
        (field.tag, field.value) if field.is_control else (field.tag, field.indicators, list(field.subfields))
        for field in record.fields
    ]


@pytest.fixture(scope="module")
def compared():
    """(file, number) of every item -> what came out of the comparison."""
    outcome = {}
    logging.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in _files():
            name = row["file"]
            with open(shared_data(name), "rb") as stream:
                try:
                    items = list(open_records(stream))
                except UnreadableFile as refusal:
                    outcome[name, 0] = refusal.problem.code
                    continue
            for item in items:
                outcome[name, item.number] = _compare(item)
    logging.disable(logging.NOTSET)
    return outcome


def _compare(item):
    if isinstance(item, Bad):
        return item.problem.code
    try:
        theirs = _as_pymarc_reads(item)
    except (pymarc.exceptions.PymarcException, UnicodeDecodeError, ValueError):
        return "only here"
    return "equal" if theirs == _as_we_read(item) else "different"


def test_every_subfield_of_every_file_is_as_pymarc_reads_it_but_for_the_named_ones(compared):
    named = {**DIFFERENT, **ONLY_HERE, **REFUSED}
    others = {
        place: result for place, result in compared.items() if result != "equal" and place not in named and place[1]
    }
    assert others == {}
    assert sum(1 for result in compared.values() if result == "equal") == 8577


def test_the_named_differences_are_still_there(compared):
    assert {place: compared[place] for place in DIFFERENT} == dict.fromkeys(DIFFERENT, "different")
    assert {place: compared[place] for place in ONLY_HERE} == dict.fromkeys(ONLY_HERE, "only here")
    assert {place: compared[place] for place in REFUSED} == REFUSED


def test_unimarc_files_are_refused_as_unimarc(compared):
    assert {name: compared[name, 0] for name in UNIMARC} == dict.fromkeys(UNIMARC, "unimarc")


def test_every_record_terminator_of_the_reference_gives_a_record_or_a_reason(compared):
    counts: dict[str, int] = {}
    for (name, number), _ in compared.items():
        counts[name] = max(counts.get(name, 0), number)
    for row in _files():
        name, terminators = row["file"], int(row["record_terminators_0x1D"])
        if name in UNIMARC:
            continue
        # Two files of the Perl tests carry something that is no record between or behind their records.
        if name.endswith("filler.usmarc"):
            assert counts[name] == terminators + 1
        else:
            assert counts[name] == terminators, name


def test_the_library_of_congress_records_on_vietnam_are_all_read():
    for name, count in (("lc_vie_ship", 72), ("lc_041vie", 10), ("lc_about_vietnam_ship", 165)):
        with open(shared_data(f"ship/marc/lc_vietnam/{name}.mrc"), "rb") as stream:
            items = list(open_records(stream))
        assert len(items) == count
        assert all(isinstance(item, RawRecord) and item.encoding == "utf-8" and not item.notes for item in items)


def test_marcxml_and_iso2709_of_the_same_records_agree():
    with open(shared_data("ship/marc/lc_vietnam/lc_vie_ship.mrc"), "rb") as stream:
        binary = good_records(stream)
    with open(shared_data("ship/marc/lc_vietnam/derived_lc_vie_ship.marcxml"), "rb") as stream:
        xml = good_records(stream)
    assert [record.fields for record in binary] == [record.fields for record in xml]
