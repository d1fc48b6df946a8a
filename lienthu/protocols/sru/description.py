"""This server in the words of ZeeRex (explain.z3950.org), made anew for each request since the host is that of it."""

from collections.abc import Iterable

from lienthu.catalogue.marc.crosswalks.xmltext import xml_text
from lienthu.protocols.sru.messages import DEFAULT_RECORDS, MAX_RECORDS
from lienthu.protocols.sru.translation import CONTEXT_SETS, INDEXES

SCHEMA = "http://explain.z3950.org/dtd/2.0/"

_TITLES = {
    "cql.serverchoice": ("Từ bất kỳ", "Any word"),
    "dc.title": ("Nhan đề", "Title"),
    "dc.creator": ("Tác giả", "Author"),
    "dc.subject": ("Chủ đề", "Subject"),
    "dc.publisher": ("Nhà xuất bản", "Publisher"),
    "dc.date": ("Năm xuất bản", "Year of publication"),
    "dc.language": ("Ngôn ngữ", "Language"),
    "bath.isbn": ("ISBN", "ISBN"),
    "bath.issn": ("ISSN", "ISSN"),
    "rec.identifier": ("Mã biểu ghi", "Record identifier"),
}
SCANNED = frozenset({"cql.serverchoice", "dc.title", "dc.creator", "dc.subject"})
SORTED = frozenset({"dc.title", "dc.date"})
_SPELLED = {"cql.serverchoice": "serverChoice"}
_RELATIONS = ("=", "==", "exact", "adj", "all", "any", "<>", "<", ">", "<=", ">=", "within")


def zeerex(
    *, host: str, port: int, path: str, title: str, title_en: str, schemas: Iterable[tuple[str, str, str]]
) -> str:
    """`schemas`: (short name, address, title) of each record schema."""
    sets = "".join(f'<set name="{name}" identifier="{address}"/>' for name, address in CONTEXT_SETS.items())
    shapes = "".join(
        f'<schema name="{name}" identifier="{address}" retrieve="true" sort="false">'
        f"<title>{xml_text(words)}</title></schema>"
        for name, address, words in schemas
    )
    supports = "".join(f'<supports type="relation">{xml_text(one)}</supports>' for one in _RELATIONS)
    return (
        f'<explain xmlns="{SCHEMA}"><serverInfo protocol="SRU" version="2.0" transport="http" method="GET POST">'
        f"<host>{xml_text(host)}</host><port>{port}</port><database>{xml_text(path.strip('/'))}</database></serverInfo>"
        f'<databaseInfo><title lang="vi" primary="true">{xml_text(title)}</title>'
        f'<title lang="en">{xml_text(title_en)}</title></databaseInfo>'
        f"<indexInfo>{sets}{''.join(map(_index, INDEXES))}</indexInfo><schemaInfo>{shapes}</schemaInfo>"
        f'<configInfo><default type="numberOfRecords">{DEFAULT_RECORDS}</default>'
        f'<setting type="maximumRecords">{MAX_RECORDS}</setting><default type="contextSet">cql</default>'
        '<default type="index">cql.serverChoice</default><default type="relation">=</default>'
        f'<default type="retrieveSchema">marcxml</default>{supports}'
        '<supports type="booleanModifier">rel.algorithm</supports>'
        '<supports type="maskingCharacter">*</supports><supports type="maskingCharacter">?</supports>'
        '<supports type="relationModifier">respectAccents</supports><supports type="scan"/></configInfo></explain>'
    )


def _index(name: str) -> str:
    context, _, local = name.partition(".")
    words = _TITLES.get(name)
    titles = f'<title lang="vi">{words[0]}</title><title lang="en">{words[1]}</title>' if words else ""
    scan, sort = str(name in SCANNED).lower(), str(name in SORTED).lower()
    return (
        f'<index search="true" scan="{scan}" sort="{sort}">{titles}'
        f'<map><name set="{context}">{_SPELLED.get(name, local)}</name></map></index>'
    )
