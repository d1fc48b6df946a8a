"""Dublin Core and MODS brought to MARC, and hostile XML refused."""

import io

import pytest

from lienthu.catalogue.marc.description import describe
from lienthu.catalogue.marc.limits import ReadLimits
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.reader import Bad, RawRecord, open_records, reread
from lienthu.kernel.text.encodings import falsified

OAI_DC = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>
<record><header><identifier>oai:tq:1</identifier><datestamp>2020-01-01</datestamp></header><metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Văn hóa dân tộc Tày : khảo cứu</dc:title><dc:title>Tay culture</dc:title>
<dc:creator>Nông, Quốc Chấn</dc:creator><dc:creator>Viện Văn hóa</dc:creator><dc:contributor>Tô Hoài</dc:contributor>
<dc:subject>Dân tộc Tày; Văn hóa</dc:subject><dc:publisher>Văn hóa dân tộc</dc:publisher><dc:date>1998-05</dc:date>
<dc:type>Luận văn thạc sĩ</dc:type><dc:language>Tiếng Việt</dc:language><dc:format>application/pdf</dc:format>
<dc:format>120 tr.</dc:format><dc:identifier>http://hdl.handle.net/1/2</dc:identifier>
<dc:identifier>ISBN 978-604-1-00001-8</dc:identifier><dc:rights>Đọc tại chỗ</dc:rights></oai_dc:dc></metadata></record>
<record><header status="deleted"><identifier>oai:tq:2</identifier></header></record>
</ListRecords></OAI-PMH>"""

MODS = """<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods version="3.7">
<titleInfo><nonSort>The</nonSort><title>tale of Kiều</title><subTitle>a poem</subTitle>
<partNumber>Vol. 1</partNumber></titleInfo>
<titleInfo type="alternative"><title>Truyện Kiều</title></titleInfo>
<name type="personal" usage="primary"><namePart type="family">Nguyễn</namePart><namePart type="given">Du</namePart>
<namePart type="date">1765-1820</namePart><role><roleTerm type="text">author</roleTerm></role></name>
<name type="corporate"><namePart>Viện Văn học</namePart><role><roleTerm type="text">editor</roleTerm></role></name>
<typeOfResource>text</typeOfResource><genre>thơ</genre>
<originInfo><place><placeTerm type="text">Hà Nội</placeTerm></place><publisher>Văn học</publisher>
<dateIssued>2005</dateIssued><edition>In lần thứ 3</edition><issuance>monographic</issuance></originInfo>
<language><languageTerm type="code" authority="iso639-2b">vie</languageTerm></language>
<physicalDescription><extent>200 tr.</extent></physicalDescription><abstract>Tóm tắt</abstract>
<note type="statement of responsibility">Nguyễn Du</note><note>Ghi chú</note>
<subject authority="lcsh"><topic>Vietnamese poetry</topic><geographic>Vietnam</geographic></subject>
<subject><name type="personal"><namePart>Thúy Kiều</namePart></name></subject>
<classification authority="ddc">895.922</classification>
<relatedItem type="series"><titleInfo><title>Tủ sách văn học</title><partNumber>5</partNumber></titleInfo></relatedItem>
<identifier type="isbn">9786041000018</identifier><identifier type="doi">10.1000/182</identifier>
<location><url>https://example.org/kieu</url><shelfLocator>895.92 NG527</shelfLocator></location>
<accessCondition>Công cộng</accessCondition>
<recordInfo><recordIdentifier>m-77</recordIdentifier></recordInfo></mods></modsCollection>"""


def read(text, **options):
    return list(open_records(io.BytesIO(text if isinstance(text, bytes) else text.encode()), **options))


def lines(item):
    return [line for line in repr(item.record).splitlines() if not line.startswith(("=LDR", "=008"))]


def test_dublin_core_of_oai_becomes_marc_and_a_deleted_record_is_named():
    first, second = read(OAI_DC)
    assert lines(first) == [
        "=001  oai:tq:1",
        "=020    $a978-604-1-00001-8",
        "=041    $avie",
        "=100  1 $aNông, Quốc Chấn",
        "=245  00$aVăn hóa dân tộc Tày$bkhảo cứu",
        "=246  33$aTay culture",
        "=260    $bVăn hóa dân tộc$c1998-05",
        "=300    $a120 tr.",
        "=347    $bapplication/pdf",
        "=502    $aLuận văn thạc sĩ",
        "=540    $aĐọc tại chỗ",
        "=653    $aDân tộc Tày",
        "=653    $aVăn hóa",
        "=700  1 $aTô Hoài",
        "=710  2 $aViện Văn hóa",
        "=856  40$uhttp://hdl.handle.net/1/2",
    ]
    found = describe(first.record)
    assert (found.year, found.language, found.type) == (1998, ["vie"], "THESIS")
    assert isinstance(second, Bad) and second.problem.code == "record_deleted"
    assert reread(first.raw, format="dc", encoding="utf-8") == first.record


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('<records xmlns:dc="http://purl.org/dc/elements/1.1/"><item><dc:title>Số đỏ</dc:title></item>'
         "<item><dc:title>Tắt đèn</dc:title></item></records>", ["Số đỏ", "Tắt đèn"]),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
         '<rdf:Description rdf:about="x"><dc:title>Số đỏ</dc:title></rdf:Description></rdf:RDF>', ["Số đỏ"]),
        ('<metadata xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:title>Số đỏ</dcterms:title>'
         "<dcterms:issued>1936</dcterms:issued></metadata>", ["Số đỏ"]),
        ('<dublin_core schema="dc"><dcvalue element="title" qualifier="none">Số đỏ</dcvalue>'
         '<dcvalue element="contributor" qualifier="author">Vũ Trọng Phụng</dcvalue></dublin_core>', ["Số đỏ"]),
        ('<dc xmlns="http://purl.org/dc/elements/1.1/"><title>Số đỏ</title></dc>', ["Số đỏ"]),
        ('<list xmlns="http://purl.org/dc/elements/1.1/"><book><title>Số đỏ</title></book></list>', ["Số đỏ"]),
    ],
)  # fmt: skip
def test_other_dresses_of_dublin_core_are_read(text, title):
    reading = open_records(io.BytesIO(text.encode()))
    assert reading.format == "dc"
    assert [item.record.subfields("245", "a")[0] for item in reading if isinstance(item, RawRecord)] == title


def test_qualified_terms_keep_their_schemes():
    text = (
        '<qualifieddc xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>X</dc:title>'
        '<dc:subject xsi:type="dcterms:LCSH">Folklore</dc:subject><dc:subject xsi:type="dcterms:DDC">398.2</dc:subject>'
        "<dcterms:spatial>Tuyên Quang</dcterms:spatial><dcterms:isPartOf>Tập san</dcterms:isPartOf></qualifieddc>"
    )
    (item,) = read(text)
    assert {"=650   0$aFolklore", "=082  04$a398.2", "=651   4$aTuyên Quang", "=773  0 $tTập san"} <= set(lines(item))


def test_mods_becomes_marc():
    (item,) = read(MODS)
    assert lines(item) == [
        "=001  m-77",
        "=020    $a9786041000018",
        "=024  7 $a10.1000/182$2doi",
        "=041    $avie",
        "=082  04$a895.922",
        "=100  1 $aNguyễn, Du$d1765-1820",
        "=245  04$aThe tale of Kiều$ba poem$nVol. 1$cNguyễn Du",
        "=246  33$aTruyện Kiều",
        "=250    $aIn lần thứ 3",
        "=260    $aHà Nội$bVăn học$c2005",
        "=300    $a200 tr.",
        "=490  0 $aTủ sách văn học$v5",
        "=500    $aGhi chú",
        "=520    $aTóm tắt",
        "=540    $aCông cộng",
        "=600  14$aThúy Kiều",
        "=650   0$aVietnamese poetry$zVietnam",
        "=655   4$athơ",
        "=710  2 $aViện Văn học$eeditor",
        "=852    $h895.92 NG527",
        "=856  40$uhttps://example.org/kieu",
    ]
    assert item.record.leader[6:8] == "am" and item.format == "mods"
    assert reread(item.raw, format="mods", encoding="utf-8") == item.record


def test_old_text_inside_these_is_brought_over():
    text = MODS.replace("tale of Kiều", falsified("Lịch sử tỉnh Tuyên Quang", "tcvn3"))
    (item,) = read(text)
    assert "Lịch sử tỉnh Tuyên Quang" in item.record.subfields("245", "a")[0]
    assert item.record.subfields("246", "a") == ["Truyện Kiều"]


def test_a_broken_record_between_good_ones_loses_only_itself():
    one = "<dc:title>A</dc:title>"
    text = (
        '<list xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<rec>{one}</rec><rec><dc:title>B</dc:titel></rec><rec>{one}</rec></list>"
    )
    items = read(text)
    assert [isinstance(item, RawRecord) for item in items] == [True, False, True]


@pytest.mark.parametrize(
    "prolog",
    ['<!DOCTYPE r [<!ENTITY a "b">]>', '<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd">', "<!ENTITY x SYSTEM 'file:///etc/passwd'>"],
)  # fmt: skip
def test_document_types_and_entities_are_refused(prolog):
    for text in (OAI_DC, MODS):
        body = text.partition("?>")[2] if text.startswith("<?xml") else text
        with pytest.raises(UnreadableFile) as refused:
            read(prolog + body)
        assert refused.value.problem.code == "xml_dtd"


def test_an_endless_element_is_bounded():
    limits = ReadLimits(xml_record=20_000)
    text = MODS.replace("Tóm tắt", "x" * 2_000_000)
    items = read(text, limits=limits)
    assert [item.problem.code for item in items if isinstance(item, Bad)] == ["record_too_large"]
    assert len(items[0].raw) <= 1 << 16
