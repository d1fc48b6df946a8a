"""The pure rules: what is asked and how it is quoted, what an overlay does, how good a record is."""

import pytest

from lienthu.catalogue.marc import Field, Record
from lienthu.targets.policy.asking import Question, isbn10
from lienthu.targets.policy.origin import adopted, traced
from lienthu.targets.policy.overlay import DEFAULT, Origin, Rule, overlay
from lienthu.targets.policy.quality import quality_of
from lienthu.targets.sru import Server, address_of, cql
from lienthu.targets.z3950 import pqf

LEADER = "00000nam a2200000 a 4500"


def _field(tag: str, *subfields: tuple[str, str], indicators: str = "  ") -> Field:
    return Field(tag, "", indicators, list(subfields))


OURS = Record(
    LEADER,
    [
        Field("001", "TQ1"),
        _field("082", ("a", "895.9")),
        _field("100", ("a", "Nguyễn Du")),
        _field("245", ("a", "Truyện Kiều")),
        _field("500", ("a", "Ghi chú của ta")),
        _field("590", ("a", "Tặng phẩm")),
        _field("650", ("a", "Truyện thơ")),
        _field("852", ("a", "VN-T-TINH"), ("p", "D.001")),
        _field("500", ("a", "Bản của ta rách bìa"), ("5", "VN-T-TINH")),
        _field("952", ("p", "D.002")),
    ],
)
THEIRS = Record(
    "00000cam a2200000 a 4500",
    [
        Field("001", "123"),
        Field("003", "DLC"),
        Field("008", "790101s1979    vm            000 0 vie d"),
        _field("020", ("a", "9786041012349")),
        _field("040", ("a", "DLC"), ("d", "DLC")),
        _field("082", ("a", "895.9221")),
        _field("110", ("a", "Hội nhà văn")),
        _field("245", ("a", "Truyện Kiều :"), ("b", "đoạn trường tân thanh")),
        _field("590", ("a", "Their local note")),
        _field("650", ("a", "Truyện thơ.")),
        _field("650", ("a", "Vietnamese poetry")),
        _field("852", ("a", "DLC"), ("p", "X1")),
        _field("906", ("a", "7")),
    ],
)


class TestAsking:
    def test_an_isbn_is_asked_in_both_lengths_and_an_issn_with_its_hyphen(self) -> None:
        for typed in ("604-1-01234-3", "978-604-1-01234-9", "9786041012349"):
            assert Question.of({"number": typed}).clauses()[0].texts == ("9786041012349", "6041012343")
        assert isbn10("9780306406157") == "0306406152" and isbn10("9791097085004") == ""
        assert Question.of({"number": "0866 7497"}).clauses()[0].texts == ("0866-7497",)
        assert Question.of({"number": "979-10-97085-00-4"}).clauses()[0].texts[0] == "9791097085004"

    def test_a_year_alone_or_signs_alone_ask_for_nothing(self) -> None:
        assert Question.of({"year": "1979"}).asks_only_year()
        assert Question.of({"title": '"" * ?', "year": "19x9"}).clauses() == []

    def test_words_are_joined_and_known_indexes_only_are_asked(self) -> None:
        question = Question.of({"title": "Truyện Kiều", "year": "1979"})
        assert (
            pqf.query_of(question, pqf.DEFAULT_INDEXES)
            == '@and @and @attr 1=4 "Truyện" @attr 1=4 "Kiều" @attr 1=31 "1979"'
        )
        assert (
            pqf.query_of(question, {"title": "1=4,4=6"})
            == '@and @attr 1=4 @attr 4=6 "Truyện" @attr 1=4 @attr 4=6 "Kiều"'
        )
        assert cql.query_of(question, cql.DEFAULT_INDEXES) == 'dc.title all "Truyện Kiều" and dc.date = "1979"'
        assert cql.query_of(question, {"title": "pica.tit ="}) == 'pica.tit = "Truyện" and pica.tit = "Kiều"'
        assert pqf.query_of(Question.of({"author": "x"}), {"title": "1=4"}) == ""

    def test_a_number_in_two_spellings_is_one_clause(self) -> None:
        question = Question.of({"number": "9786041012349", "author": "Du"})
        assert (
            cql.query_of(question, cql.DEFAULT_INDEXES)
            == '(bath.isbn = "9786041012349" or bath.isbn = "6041012343") and dc.creator all "Du"'
        )

    @pytest.mark.parametrize(
        ("typed", "term"),
        [
            ('a" @attr 1=1016 "b', '"a\\" @attr 1=1016 \\"b"'),
            ("back\\slash", '"back\\\\slash"'),
            ("new\nline\x00", '"new line "'),
            ("@or @and", '"@or @and"'),
        ],
    )
    def test_what_is_typed_stays_one_term_of_pqf(self, typed: str, term: str) -> None:
        assert pqf.quoted(typed) == term

    @pytest.mark.parametrize(
        ("typed", "term"),
        [
            ('a" or dc.title="b', '"a\\" or dc.title=\\"b"'),
            ("x*?^\\", '"x\\*\\?\\^\\\\"'),
            ("a\r\nb", '"a b"'),
        ],
    )
    def test_what_is_typed_stays_one_term_of_cql(self, typed: str, term: str) -> None:
        assert cql.quoted(typed) == term

    @pytest.mark.parametrize("bad", ['1=4 "x"', "1=4,", "title", "1=4 @or", "0=1"])
    def test_attributes_that_are_none_are_never_sent(self, bad: str) -> None:
        with pytest.raises(ValueError):
            pqf.query_of(Question.of({"title": "x"}), {"title": bad})

    def test_the_address_of_a_search_follows_the_version_and_keeps_what_the_base_has(self) -> None:
        old = address_of(Server("http://x/sru?kho=1", version="1.1"), query='a & "b"', records=5)
        assert old.startswith("http://x/sru?kho=1&version=1.1&query=a+%26+%22b%22&startRecord=1&maximumRecords=5")
        assert "operation=searchRetrieve&recordPacking=xml&recordSchema=marcxml" in old
        new = address_of(Server("http://x/sru", version="2.0"), query="a", records=5)
        assert "operation" not in new and "queryType=cql&recordXMLEscaping=xml" in new


class TestOverlay:
    def _texts(self, record: Record, tag: str) -> list[str]:
        return [field.get("a") for field in record.all(tag)]

    def test_by_default_ours_stays_and_only_grows(self) -> None:
        laid = overlay(OURS, THEIRS, DEFAULT)
        assert self._texts(laid.record, "245") == ["Truyện Kiều"]
        assert self._texts(laid.record, "100") == ["Nguyễn Du"] and not laid.record.all("110")
        assert self._texts(laid.record, "020") == ["9786041012349"]
        assert self._texts(laid.record, "082") == ["895.9", "895.9221"]
        assert self._texts(laid.record, "650") == ["Truyện thơ", "Vietnamese poetry"]
        assert laid.record.value("001") == "TQ1" and laid.record.leader == LEADER
        assert not [line for line in laid.lines if line.origin is Origin.DROPPED]

    def test_local_fields_survive_even_when_everything_is_taken(self) -> None:
        laid = overlay(OURS, THEIRS, dict.fromkeys(DEFAULT, Rule.TAKE))
        assert self._texts(laid.record, "590") == ["Tặng phẩm"]
        assert [field.get("p") for field in laid.record.all("852", "952")] == ["D.001", "D.002"]
        assert [field.get("a") for field in laid.record.all("500")] == ["Ghi chú của ta", "Bản của ta rách bìa"]
        assert not laid.record.all("906") and laid.record.value("001") == "TQ1"
        assert self._texts(laid.record, "110") == ["Hội nhà văn"] and not laid.record.all("100")
        assert laid.record.leader[5:8] == "cam"
        dropped = [line.text for line in laid.lines if line.origin is Origin.DROPPED]
        assert any("Nguyễn Du" in text for text in dropped)

    def test_locked_tags_stay_as_they_are(self) -> None:
        laid = overlay(OURS, THEIRS, dict.fromkeys(DEFAULT, Rule.TAKE), locked={"650"})
        assert self._texts(laid.record, "650") == ["Truyện thơ"]

    def test_a_rule_for_one_tag_goes_before_its_group(self) -> None:
        laid = overlay(OURS, THEIRS, {**DEFAULT, "245": Rule.TAKE})
        assert self._texts(laid.record, "245") == ["Truyện Kiều :"]

    def test_an_equal_record_changes_nothing(self) -> None:
        assert not overlay(OURS, OURS, dict.fromkeys(DEFAULT, Rule.UNION)).changes
        assert overlay(OURS, OURS, DEFAULT).record == OURS

    def test_every_field_of_both_records_is_accounted_for(self) -> None:
        for rule in Rule:
            laid = overlay(OURS, THEIRS, dict.fromkeys(DEFAULT, rule))
            texts = [line.text for line in laid.lines]
            for field in OURS.fields:
                same = [f for f in laid.record.fields if f == field]
                assert same or repr(field) in texts, (rule, field)
            for line in laid.lines:
                kept = line.origin in (Origin.OURS, Origin.BOTH, Origin.THEIRS) and line.tag != "LDR"
                assert not kept or any(repr(f) == line.text for f in laid.record.fields), (rule, line)

    def test_the_origin_is_noted_in_035_and_040(self) -> None:
        new = adopted(THEIRS, agency="VN-T-TINH")
        assert self._texts(new, "035") == ["(DLC)123"]
        assert new.all("040")[0].values("d") == ["DLC", "VN-T-TINH"]
        assert not new.all("001", "003", "590", "852", "906")
        laid = traced(overlay(OURS, THEIRS, DEFAULT).record, THEIRS, agency="VN-T-TINH")
        assert self._texts(laid, "035") == ["(DLC)123"] and laid.all("040")[0].values("d")[-1] == "VN-T-TINH"
        assert traced(laid, THEIRS, agency="VN-T-TINH") == laid


def test_a_rich_record_scores_higher_than_a_poor_one() -> None:
    poor = quality_of(Record("00000nam a22000007a 4500", [_field("245", ("a", "X"))]))
    assert quality_of(THEIRS).score > poor.score
    assert "subject" in poor.missing and "title" not in poor.missing and poor.level == "7"
