"""The codec against the examples of the standard, and against anything at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthu.protocols.sip2.charsets import CHARSETS, decode, encode, shown_by
from lienthu.protocols.sip2.messages import (
    REQUESTS,
    RESPONSES,
    Malformed,
    body_of,
    checksum_right,
    clean,
    date_of,
    date_text,
    delimiter_of,
    parse,
    sealed,
)

# Examples of messages in the standard (3M SIP 2.00, "Examples").
LOGIN = b"9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZEC78"
STATUS = b"9900302.00AY1AZFCA5"


@pytest.mark.parametrize("line", [b"941AY3AZFDFA", STATUS, b"96AZFEF6", b"97AZFEF5"])
def test_the_checksums_of_the_standards_examples_are_right(line):
    assert checksum_right(line) is True
    assert checksum_right(line[:-1] + (b"0" if line[-1:] != b"0" else b"1")) is False


def test_a_line_without_checksum_is_neither_right_nor_wrong():
    assert checksum_right(b"9900302.00") is None


def test_the_standards_sign_in_is_read():
    message = parse(LOGIN.decode())

    assert (message.code, message.get("CN"), message.get("CO"), message.get("CP")) == (
        "93", "LoginUserID", "LoginPassword", "LocationCode",
    )  # fmt: skip
    assert (message.sequence, message.checked) == ("5", True)
    assert message.fixed == {"uid_algorithm": "0", "pwd_algorithm": "0"}


def test_fixed_fields_are_read_by_place_also_when_nothing_follows_them():
    message = parse(STATUS.decode())

    assert message.fixed == {"status": "0", "width": "030", "version": "2.00"}
    assert message.sequence == "1"


def test_a_number_without_checksum_counts_only_where_a_field_may_begin():
    assert parse("1720260101    120000AOA|AB12|AY4").sequence == "4"
    assert parse("1720260101    120000AOA|ABXAY4").get("AB") == "XAY4"


@pytest.mark.parametrize("line", ["", "9", "ZZ", "6400", "990030", "17short", "11YN2026"])
def test_what_is_no_request_is_malformed(line):
    with pytest.raises(Malformed):
        parse(line)


@pytest.mark.parametrize(
    ("line", "sign"), [("9300CNa|COb|AY1AZ0000", "|"), ("9300CNa^COb^AY1AZ0000", "^"), ("9300CNa", "|")]
)
def test_the_delimiter_of_a_machine_is_seen_in_its_sign_in(line, sign):
    assert delimiter_of(line) == sign


def test_moments_are_local_unless_the_zone_says_otherwise():
    local, universal = date_of("20260102    030405"), date_of("20260102   Z030405")
    assert local is not None and local.isoformat() == "2026-01-02T03:04:05+07:00"
    assert universal is not None and universal.isoformat() == "2026-01-02T03:04:05+00:00"
    assert date_of("20260230    030405") is None
    assert date_of("                  ") is None
    assert date_text(universal) == "20260102    100405"


# --- letters -------------------------------------------------------------------------------------------------

SENTENCE = "Truyện Kiều – Nguyễn Du, đặng “Ướt ỡ ặ ệ”"


def test_utf_8_and_windows_1258_keep_every_vietnamese_letter():
    assert shown_by(SENTENCE, "utf-8") == SENTENCE
    assert shown_by("Truyện Kiều, Nguyễn Du, đặng Ướt ỡ ặ ệ", "cp1258") == "Truyện Kiều, Nguyễn Du, đặng Ướt ỡ ặ ệ"


@pytest.mark.parametrize("charset", ["ascii", "cp437"])
def test_letters_that_a_code_page_lacks_lose_their_marks_and_nothing_more(charset):
    assert shown_by("Nguyễn Ướt đặng", charset) == "Nguyen Uot dang"


def test_western_code_pages_keep_the_marks_they_have():
    assert shown_by("Lê Văn Hoà, bệnh", "cp850") == "Lê Van Hoà, benh"
    assert shown_by("書", "cp850") == "?"


@given(st.text(max_size=60), st.sampled_from(list(CHARSETS)))
def test_no_text_breaks_a_message_in_any_code_page(text, charset):
    body = body_of("94", {"ok": "1"}, [("AF", text)])
    raw = sealed(encode(body, charset), sequence="3", checked=True)
    message = parse(decode(raw, charset), layouts=RESPONSES)

    assert checksum_right(raw)
    assert b"\r" not in raw and b"\n" not in raw
    assert [name for name, _value in message.fields] == ["AF"]
    assert message.sequence == "3"


VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40).map(clean)
NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2).filter(lambda name: name not in ("AY", "AZ"))


@given(st.data())
def test_what_was_written_is_read_again(data):
    layouts = data.draw(st.sampled_from([REQUESTS, RESPONSES]))
    code = data.draw(st.sampled_from(sorted(layouts)))
    fixed = {
        one.name: data.draw(st.text("YN 0123456789", min_size=one.length, max_size=one.length)) for one in layouts[code]
    }
    fields = tuple(data.draw(st.lists(st.tuples(NAMES, VALUES), max_size=6)))
    sequence = data.draw(st.sampled_from(["", *"0123456789"]))
    body = body_of(code, fixed, fields, layouts=layouts).encode()
    message = parse(sealed(body, sequence=sequence, checked=True).decode(), layouts=layouts)

    assert (message.code, message.fixed, message.fields) == (code, fixed, fields)
    assert (message.sequence, message.checked) == (sequence, True)


@given(st.text(max_size=200))
def test_reading_never_fails_otherwise_than_by_saying_malformed(text):
    try:
        parse(text)
    except Malformed:
        return


@given(st.binary(max_size=200), st.sampled_from(list(CHARSETS)))
def test_bytes_of_any_kind_become_text(raw, charset):
    assert isinstance(decode(raw, charset), str)
