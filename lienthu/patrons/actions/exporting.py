"""Everything that is kept of a reader, for the reader: as tables with titles, and as JSON."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, ids
from lienthu.patrons.access import READ
from lienthu.patrons.actions.owners import Section, owners
from lienthu.patrons.models import (
    Block,
    BlockCode,
    Card,
    CardStatus,
    Consent,
    Guardianship,
    Patron,
    PatronState,
    Proxy,
    Purpose,
)
from lienthu.patrons.sealing import unseal

_SHOWN_DIGITS = 3


def export(*, actor: Actor, patron: Patron) -> list[Section]:
    """All sections, the reader's own first, then those of the other rooms. Raises Refused; noted in the trail."""
    if actor.account_id is None or actor.account_id != patron.account_id:
        require(actor, READ, at=patron.home_library.scope)
    with writing(actor) as w:
        w.audit("patrons.exported", target=("patron", ids.encode(patron.pk)), at=patron.home_library.code)
    found = [_person(patron), _cards(patron), _guardians(patron), _proxies(patron), _blocks(patron), _consents(patron)]
    for _name, owner in owners():
        found += owner.about(patron_id=patron.pk)
    return found


def as_json(sections: list[Section]) -> dict[str, Any]:
    """The same for machines: by key, days and moments as ISO 8601."""
    return {
        "format": "lienthu.reader/1",
        "made_at": clock.now().isoformat(),
        **{
            one.key: [
                {key: _plain(value) for (key, _title), value in zip(one.columns, row, strict=True)} for row in one.rows
            ]
            for one in sections
        },
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _person(patron: Patron) -> Section:
    rows = [
        (_("Họ và tên"), patron.full_name),
        (_("Ngày sinh"), patron.birth_date),
        (_("Nhóm bạn đọc"), patron.category.name_vi),
        (_("Lớp, khoa, đơn vị"), patron.group),
        (_("Điện thoại"), patron.phone),
        (_("Thư điện tử"), patron.email),
        (_("Nơi ở"), patron.address),
        (_("Ngôn ngữ"), patron.language),
        (_("Ghi chú"), patron.note),
        (_("Số định danh"), _masked(patron)),
        (_("Ảnh"), _("có") if patron.photo_key else ""),
        (_("Thư viện"), patron.home_library.name_vi),
        (_("Tình trạng"), str(PatronState(patron.state).label)),
        (_("Đăng ký"), patron.registered_at),
    ]
    return Section(
        "person",
        _("Thông tin về bạn"),
        (("what", _("Mục")), ("value", _("Đang ghi"))),
        tuple((label, value) for label, value in rows if value),
    )


def _masked(patron: Patron) -> str:
    number = unseal(patron.identity_sealed) if patron.identity_sealed else None
    return "•" * (len(number) - _SHOWN_DIGITS) + number[-_SHOWN_DIGITS:] if number else ""


def _cards(patron: Patron) -> Section:
    return Section(
        "cards",
        _("Thẻ"),
        (("number", _("Số thẻ")), ("state", _("Tình trạng")), ("issued", _("Ngày cấp")), ("until", _("Hạn dùng"))),
        tuple(
            (one.number, str(CardStatus(one.status).label), one.issued_on, one.valid_until)
            for one in Card.objects.filter(patron=patron).order_by("id")
        ),
    )


def _guardians(patron: Patron) -> Section:
    return Section(
        "guardians",
        _("Người giám hộ"),
        (("name", _("Họ và tên")), ("relation", _("Quan hệ")), ("phone", _("Điện thoại")), ("on", _("Đồng ý ngày"))),
        tuple(
            (one.guardian.full_name if one.guardian else one.name, one.relation, one.phone, one.consented_on)
            for one in Guardianship.objects.select_related("guardian").filter(child=patron).order_by("id")
        ),
    )


def _proxies(patron: Patron) -> Section:
    return Section(
        "proxies",
        _("Người nhận thay"),
        (("name", _("Họ và tên")), ("phone", _("Điện thoại")), ("until", _("Đến hết ngày")), ("ended", _("Đã ngừng"))),
        tuple(
            (one.collector.full_name if one.collector else one.name, one.phone, one.until, one.ended_at)
            for one in Proxy.objects.select_related("collector").filter(patron=patron).order_by("id")
        ),
    )


def _blocks(patron: Patron) -> Section:
    return Section(
        "blocks",
        _("Chặn mượn"),
        (
            ("kind", _("Loại")),
            ("reason", _("Lý do")),
            ("from", _("Từ ngày")),
            ("until", _("Đến hết ngày")),
            ("lifted", _("Đã bỏ chặn")),
        ),
        tuple(
            (str(BlockCode(one.code).label), one.reason, one.starts, one.until, one.lifted_at)
            for one in Block.objects.filter(patron=patron).order_by("id")
        ),
    )


def _consents(patron: Patron) -> Section:
    return Section(
        "consents",
        _("Sự đồng ý"),
        (("at", _("Lúc")), ("purpose", _("Mục đích")), ("given", _("Trả lời")), ("by", _("Người trả lời"))),
        tuple(
            (
                one.at,
                str(Purpose(one.purpose).label),
                _("đồng ý") if one.given else _("rút lại"),
                one.get_by_display(),
            )
            for one in Consent.objects.filter(patron=patron).order_by("id")
        ),
    )
