"""The labelled sets, the forms that pairs come in, and the report."""

import base64
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from lienthu.catalogue import reason_wording
from lienthu.catalogue.marc.iso2709 import build
from lienthu.catalogue.matching import Reason, decide
from lienthu.catalogue.matching.evaluation import evaluate, evidence, labelled_sets
from lienthu.catalogue.matching.pairs import PairsError, read_pairs, record_of

LEAST_F1 = 0.99
LEAST_HELD_OUT_F1 = 0.96
SIDE = {"title": "Số đỏ", "authors": "Vũ Trọng Phụng", "year": "2011"}


def test_matching_agrees_with_people_on_the_labelled_sets():
    total = {name: evaluate(pairs, source=name) for name, pairs in labelled_sets()}
    assert sum(one.pairs for one in total.values()) >= 600
    for name, one in total.items():
        assert one.f1 >= (LEAST_HELD_OUT_F1 if name.startswith("held_out") else LEAST_F1), (name, one.as_dict())


def test_every_labelled_pair_is_decided_alike_from_both_sides():
    for _, pairs in labelled_sets():
        for pair in pairs:
            one, other = evidence(pair.left), evidence(pair.right)
            assert decide(one, other).verdict is decide(other, one).verdict


@pytest.mark.parametrize("label", ["same", True, 1, "1", "Match", "TRUE", "duplicate", 1.0])
def test_many_words_mean_the_same(label):
    [pair] = read_pairs(json.dumps({"left": SIDE, "right": SIDE, "label": label}).encode())
    assert pair.same


@pytest.mark.parametrize("label", ["different", False, 0, "0", "no_match", "non-match", "nonmatch"])
def test_many_words_mean_different(label):
    [pair] = read_pairs(json.dumps({"left": SIDE, "right": SIDE, "label": label}).encode())
    assert not pair.same


def test_a_record_is_read_in_every_form():
    record = record_of(SIDE, line=1, side="left")
    marc = record.as_marcjson()
    packed = base64.b64encode(build(record)).decode()
    forms = [SIDE, marc, {"marc": marc}, json.dumps(marc), packed, {"record": packed}]
    told = {evidence(record_of(form, line=1, side="left")) for form in forms}
    assert len(told) == 1
    assert told.pop().names == ("vũ trọng phụng",)


def test_a_json_list_and_other_names_of_the_sides_are_read():
    rows = [{"a": SIDE, "b": SIDE, "match": True}, {"record1": SIDE, "record2": SIDE, "same": 0}]
    assert [pair.same for pair in read_pairs(json.dumps(rows).encode())] == [True, False]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("{", "not_json"),
        ("3", "not_an_object"),
        ('{"left": {"title": "a"}, "label": 1}', "no_sides"),
        ('{"left": {"title": "a"}, "right": {"title": "a"}}', "no_label"),
        ('{"left": {"title": "a"}, "right": {"title": "a"}, "label": "perhaps"}', "label_unknown"),
        ('{"left": {"title": "a"}, "right": {"year": 1}, "label": 1}', "no_title"),
        ('{"left": {"title": "a"}, "right": 7, "label": 1}', "no_record"),
        ('{"left": {"title": "a"}, "right": "AAAA", "label": 1}', "not_marc"),
    ],
)
def test_a_bad_line_is_named(row, code):
    good = json.dumps({"left": SIDE, "right": SIDE, "label": 1})
    with pytest.raises(PairsError) as raised:
        list(read_pairs(f"# a comment\n{good}\n\n{row}\n".encode()))
    assert (raised.value.line, raised.value.code) == (4, code)
    with translation.override("en"):
        assert "ine 4" in reason_wording.pairs_problem(raised.value)


def test_the_report_is_one_json_object(tmp_path):
    file = tmp_path / "pairs.jsonl"
    file.write_text(
        json.dumps({"left": SIDE, "right": SIDE, "label": "same"})
        + "\n"
        + json.dumps({"left": SIDE, "right": SIDE | {"title": "Giông tố"}, "label": "same", "note": "nhãn sai"})
    )
    out = StringIO()
    call_command("match_report", str(file), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["precision"], report["recall"], report["pairs"]) == (1.0, 0.5, 2)
    assert report["f1"] == pytest.approx(2 / 3, abs=1e-6)
    [mistake] = report["mistakes"]
    assert (mistake["line"], mistake["verdict"], mistake["note"]) == (2, "DIFFERENT", "nhãn sai")
    assert "Số đỏ" in mistake["reasons"][0]["sentence"]


def test_the_report_in_words_names_mistakes_and_figures():
    out = StringIO()
    call_command("match_report", stdout=out)
    assert "held_out" in out.getvalue()
    assert "F1" in out.getvalue().splitlines()[-1]


def test_a_missing_or_empty_file_is_told(tmp_path):
    (tmp_path / "empty").write_text("")
    for name in ("absent", "empty"):
        with pytest.raises(CommandError) as raised:
            call_command("match_report", str(tmp_path / name))
        assert raised.value.returncode == 2


def test_every_reason_that_occurs_has_a_sentence():
    codes = {
        reason.code
        for _, pairs in labelled_sets()
        for pair in pairs
        for reason in decide(evidence(pair.left), evidence(pair.right)).reasons
    }
    assert codes <= set(reason_wording.SENTENCES)
    assert reason_wording.reason_sentence(Reason("isbn_same", 3.0, "978", "978")) == "Cùng ISBN: 978."
    edition = Reason("edition_different", -6.0, "r3", "4", veto=True)
    assert reason_wording.reason_sentence(edition) == "Khác lần xuất bản: tái bản lần thứ 3 và 4."
    assert reason_wording.reason_sentence(Reason("of_an_older_version", 1.0, "", "")) == "of_an_older_version"
