"""The menus: which pages are offered to whom. A hidden entry is courtesy; access is checked in the actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.config.roles import ROLES
from lienthu.identity.access import Actor, Kind, actor_of, may_anywhere
from lienthu.kernel.languages import per_language


@dataclass(frozen=True)
class Entry:
    """One menu entry as templates use it. `note` says in one sentence what one does there."""

    label: str | Promise
    url: str
    current: bool
    icon: str = ""
    note: str | Promise = ""


@dataclass(frozen=True)
class Group:
    """Entries of the desk menu under one heading."""

    label: str | Promise
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Place:
    """A page that the desk or the account menu offers to those who hold its permission somewhere ("": everybody)."""

    group: str
    label: Promise
    view: str
    permission: str
    icon: str = ""
    note: str | Promise = ""


PUBLIC: list[tuple[str, Promise]] = [
    ("portal:home", _lazy("Trang chủ")),
    ("discovery:results", _lazy("Tra cứu")),
    ("discovery:browse", _lazy("Duyệt mục lục")),
    ("libraries:list", _lazy("Các thư viện")),
    ("portal:help", _lazy("Trợ giúp")),
]

GROUPS: dict[str, str | Promise] = {
    "": "",
    "circulation": _lazy("Lưu thông"),
    "catalogue": _lazy("Biên mục"),
    "network": _lazy("Mạng lưới"),
    "system": _lazy("Hệ thống"),
}

# Icons are named in lienthu/web/frontend/icons.txt too, where the build finds them.
DESK: list[Place] = [
    Place("", _lazy("Bàn làm việc"), "operations:desk", "web.enter_desk", "home"),
    Place(
        "circulation",
        _lazy("Quầy lưu thông"),
        "circulation:desk",
        "circulation.lend",
        "barcode",
        _lazy("Ghi mượn, ghi trả, gia hạn bằng máy quét và bàn phím; giá chờ, bản đang chuyển, quá hạn."),
    ),
    Place(
        "circulation",
        _lazy("Bạn đọc"),
        "patrons:list",
        "patrons.read",
        "users",
        _lazy("Đăng ký, cấp và đổi thẻ, người giám hộ, chặn và bỏ chặn."),
    ),
    Place(
        "circulation",
        _lazy("Thu tiền"),
        "fees:index",
        "fees.collect",
        "report",
        _lazy("Khoản phải nộp, phiếu thu, đặt cọc, ngăn kéo, đối soát, VietQR, bảng giá."),
    ),
    Place(
        "circulation",
        _lazy("Nội quy mượn"),
        "loanrules:places",
        "loanrules.read",
        "list-details",
        _lazy("Được mượn gì, bao lâu, bao nhiêu, gia hạn mấy lần; vì sao; đổi nội quy từ một ngày."),
    ),
    Place(
        "circulation",
        _lazy("Quầy ngoài mạng"),
        "offlinedesk:devices",
        "offlinedesk.enrol",
        "wifi-off",
        _lazy("Ghi danh máy để quầy vẫn làm việc khi mất mạng; xem việc nào cần người quyết định."),
    ),
    Place(
        "circulation",
        _lazy("Luân chuyển"),
        "rotation:list",
        "rotation.manage",
        "arrow-right",
        _lazy("Bộ sách đi các điểm: lập, bàn giao có biên bản, nhận, hạn trả, giao trả, lịch sử."),
    ),
    Place(
        "circulation",
        _lazy("Kiểm kê"),
        "stocktaking:list",
        "stocktaking.manage",
        "checklist",
        _lazy("Quét sách trên giá theo thứ tự bất kỳ, đối chiếu với mục lục, lập biên bản khớp, thừa, sai kho, thiếu."),
    ),
    Place(
        "circulation",
        _lazy("Thanh lọc"),
        "weeding:list",
        "weeding.manage",
        "trash",
        _lazy("Đợt thanh lọc: danh mục theo tiêu chí, công khai 15 ngày, quyết định, biên bản, đưa ra khỏi kho."),
    ),
    Place(
        "circulation",
        _lazy("Máy tự phục vụ"),
        "sip2:list",
        "sip2.manage",
        "building-community",
        _lazy("Máy mượn trả tự động nối bằng SIP2: thêm, sửa, mật khẩu, lần hoạt động gần nhất."),
    ),
    Place(
        "circulation",
        _lazy("Thông báo"),
        "notices:texts",
        "notices.read",
        "bell",
        _lazy("Thư, SMS và tin báo cho bạn đọc: mẫu, giờ gửi, cái gì chưa đến, ai cần gọi."),
    ),
    Place(
        "catalogue",
        _lazy("Tìm và biên mục"),
        "cataloguing:desk",
        "catalogue.edit_record",
        "edit",
        _lazy("Tìm, làm mới và sửa biểu ghi; thêm bản tài liệu; tiếp tục bản nháp."),
    ),
    Place(
        "catalogue",
        _lazy("Quét ISBN"),
        "cataloguing:scan",
        "catalogue.edit_record",
        "barcode",
        _lazy("Quét mã vạch bằng điện thoại: sách đã có trong mục lục thì thêm bản bằng một lần chạm."),
    ),
    Place(
        "catalogue",
        _lazy("In nhãn và phiếu"),
        "labels:index",
        "catalogue.edit_record",
        "printer",
        _lazy("Mã vạch, nhãn gáy và phiếu mục lục thành tệp PDF, theo dãy số hay từng biểu ghi."),
    ),
    Place(
        "catalogue",
        _lazy("Nhập biểu ghi"),
        "catalogue:imports",
        "catalogue.import_records",
        "cloud-upload",
        _lazy("Đưa biểu ghi từ tệp MARC, Excel hoặc CSV vào mục lục; kiểm tra thử trước, hoàn tác được sau."),
    ),
    Place(
        "catalogue",
        _lazy("Sửa hàng loạt"),
        "batchedit:list",
        "batchedit.run",
        "list-check",
        _lazy("Sửa nhiều biểu ghi và bản tài liệu một lần: xem trước từng thay đổi, chạy nền, hoàn tác cả lần."),
    ),
    Place(
        "catalogue",
        _lazy("Biên mục sao chép"),
        "targets:search",
        "catalogue.edit_record",
        "download",
        _lazy("Tìm biểu ghi ở thư viện khác, trong nước và nước ngoài, xem trước rồi lấy về."),
    ),
    Place(
        "catalogue",
        _lazy("Nguồn biểu ghi"),
        "targets:list",
        "targets.manage",
        "world",
        _lazy("Các mục lục bên ngoài được hỏi khi biên mục sao chép: SRU, Z39.50."),
    ),
    Place(
        "catalogue",
        _lazy("Thu hoạch"),
        "harvesting:sources",
        "harvesting.manage",
        "refresh",
        _lazy("Lấy biểu ghi của các kho khác theo lịch qua OAI-PMH; xem nguồn nào chậm, rút hoặc đưa trở lại."),
    ),
    Place(
        "catalogue",
        _lazy("Đề mục có kiểm soát"),
        "authorities:list",
        "authorities.edit",
        "list-details",
        _lazy("Tên người, cơ quan, chủ đề theo một dạng chuẩn; gộp đề mục trùng; sửa mọi biểu ghi một lần."),
    ),
    Place(
        "catalogue",
        _lazy("Biểu ghi nghi trùng"),
        "catalogue:pairs",
        "catalogue.review_merges",
        "books",
        _lazy("Quyết định những cặp biểu ghi có thể là một tài liệu; bỏ lần gộp sai."),
    ),
    Place(
        "catalogue",
        _lazy("Chia sẻ trong mục lục liên hợp"),
        "catalogue:sharing",
        "catalogue.share_records",
        "world",
        _lazy("Ai thấy biểu ghi của thư viện; rút toàn bộ và đưa trở lại."),
    ),
    Place(
        "network",
        _lazy("Danh bạ thư viện"),
        "libraries:desk_list",
        "libraries.edit_library",
        "building-community",
        _lazy("Thông tin, giờ mở cửa, dịch vụ và điểm phục vụ của từng thư viện."),
    ),
    Place(
        "network",
        _lazy("Tài khoản và vai trò"),
        "identity:accounts",
        "identity.grant_role",
        "users",
        _lazy("Cấp, gia hạn và thu hồi vai trò; giúp người quên mật khẩu."),
    ),
    Place(
        "system",
        _lazy("Tình trạng hệ thống"),
        "operations:system",
        "operations.read_health",
        "database",
        _lazy("Các bộ phận có chạy tốt không, bản sao lưu và lần thử phục hồi gần nhất."),
    ),
    Place(
        "system",
        _lazy("Nhật ký"),
        "identity:trail",
        "audit.read",
        "history",
        _lazy("Ai đã làm gì, lúc nào, ở đâu."),
    ),
]

ACCOUNT: list[Place] = [
    Place("", _lazy("Tài khoản của tôi"), "identity:home", ""),
    Place("", _lazy("Sách của tôi"), "circulation:own", ""),
    Place("", _lazy("Khoản thu"), "fees:own", ""),
    Place("", _lazy("Thẻ của tôi"), "patrons:own_card", ""),
    Place("", _lazy("Dữ liệu của tôi"), "patrons:own_data", ""),
    Place("", _lazy("Tin nhắn"), "notices:inbox", ""),
    Place("", _lazy("Bàn làm việc"), "operations:desk", "web.enter_desk"),
    Place("", _lazy("Mật khẩu"), "account_change_password", ""),
    Place("", _lazy("Bảo mật hai bước"), "mfa_index", ""),
    Place("", _lazy("Nơi đang đăng nhập"), "usersessions_list", ""),
]


def menu(request: HttpRequest) -> dict[str, object]:
    """Context processor: `menu` for every page; the desk's and the account's menus for who is signed in."""
    context: dict[str, object] = {"menu": _public(request)}
    # pages of errors may be made before anybody knows who asks
    if not hasattr(request, "user") or actor_of(request).kind == Kind.VISITOR:
        return context
    actor = actor_of(request)
    # worked out when a template shows them: parts of a page that a script asks for do not
    context["account_menu"] = SimpleLazyObject(lambda: _offered(request, ACCOUNT, actor))
    if may_anywhere(actor, "web.enter_desk"):
        context["desk_menu"] = SimpleLazyObject(lambda: _desk(request, actor))
        context["desk_place"] = SimpleLazyObject(lambda: _place_of(actor))
    return context


def _public(request: HttpRequest) -> tuple[Entry, ...]:
    addresses = _public_addresses(settings.ROOT_URLCONF)
    return _public_entries(addresses, tuple([_is_below(request, url) for url in addresses]))


@cache
def _public_addresses(_urls: str) -> tuple[str, ...]:
    return tuple(_url(name) for name, _label in PUBLIC)


@per_language
def _public_entries(addresses: Sequence[str], current: Sequence[bool]) -> tuple[Entry, ...]:
    entries = zip(PUBLIC, addresses, current, strict=True)
    return tuple(Entry(str(label), url, here) for (_name, label), url, here in entries if url)


def _desk(request: HttpRequest, actor: Actor) -> list[Group]:
    groups = [
        Group(label, _offered(request, [place for place in DESK if place.group == key], actor))
        for key, label in GROUPS.items()
    ]
    return [group for group in groups if group.entries]


def _offered(request: HttpRequest, places: Sequence[Place], actor: Actor) -> list[Entry]:
    """The entries whose permission the actor holds somewhere; pages that do not exist are left out."""
    entries = []
    for place in places:
        url = _url(place.view)
        if url and (not place.permission or may_anywhere(actor, place.permission)):
            # all other desk pages lie below the address of the desk itself
            current = request.path == url if place.view == "operations:desk" else _is_below(request, url)
            entries.append(Entry(place.label, url, current, place.icon, place.note))
    return entries


def _place_of(actor: Actor) -> str:
    """Where one works: the places of one's staff roles."""
    names = dict.fromkeys(grant.scope_name for grant in actor.grants if grant.role in ROLES and ROLES[grant.role].staff)
    if not names:
        return _("Toàn mạng lưới")
    first, *others = names
    if not others:
        return first
    return _("%(place)s và %(count)d nơi khác") % {"place": first, "count": len(others)}


def _is_below(request: HttpRequest, url: str) -> bool:
    return request.path == url or (url != "/" and request.path.startswith(url))


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
