"""Union records as a file of references: for reference managers, and for spreadsheets."""

from collections.abc import Callable, Iterable, Iterator

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthu.catalogue.queries import UnionRecord
from lienthu.discovery.formats.entry import Entry, entry_of
from lienthu.discovery.formats.references import bibtex, csv_rows, ris

ENDINGS = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


def reference_file(records: Iterable[UnionRecord], *, ending: str, base: str, name: str) -> StreamingHttpResponse:
    """A download, streamed. `ending` is one of ENDINGS, `base` the address of the site without a slash at its end."""
    entries = (entry_of(record, url=base + reverse("discovery:record", args=[record.public_id])) for record in records)
    writers: dict[str, Callable[[Iterable[Entry]], Iterator[str]]] = {
        "bib": lambda found: (bibtex(entry) + "\n" for entry in found),
        "ris": lambda found: (ris(entry) for entry in found),
        "csv": lambda found: csv_rows(found, _heading()),
    }
    response = StreamingHttpResponse((text.encode() for text in writers[ending](entries)), content_type=ENDINGS[ending])
    response["Content-Disposition"] = f'attachment; filename="lienthu-{name}.{ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _heading() -> list[str]:
    return [
        *(_("Nhan đề"), _("Tác giả"), _("Năm"), _("Nhà xuất bản"), _("Nơi xuất bản"), _("Loại tài liệu")),
        *(_("Ngôn ngữ"), _("ISBN"), _("ISSN"), _("Chủ đề"), _("Địa chỉ")),
    ]
