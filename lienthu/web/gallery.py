"""The gallery of components at `/thanh-phan`: every component in every state. It exists only while DEBUG is on.

Names, titles and figures here are samples that show the shape of a component; they are never stored or counted.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from lienthu.web import components as c
from lienthu.web.states import STATES

_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PAGES = ("400", "403", "403_csrf", "404", "500", "503", "web/offline", "web/refused")


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Tên thư viện", help_text="Tên đầy đủ như trong quyết định thành lập.")
    code = forms.CharField(label="Mã thư viện", max_length=16)
    email = forms.EmailField(label="Thư điện tử", required=False)
    kind = forms.ChoiceField(
        label="Loại hình", choices=[("", "Chọn loại hình"), ("P", "Công cộng"), ("S", "Trường học")]
    )
    founded = forms.DateField(label="Ngày thành lập", required=False, help_text="Ví dụ 22/11/2026")
    about = forms.CharField(label="Giới thiệu", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    services = forms.MultipleChoiceField(
        label="Dịch vụ",
        choices=[("loan", "Mượn về nhà"), ("read", "Đọc tại chỗ"), ("copy", "Sao chụp")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    status = forms.ChoiceField(
        label="Tình trạng", choices=[("on", "Đang hoạt động"), ("off", "Tạm ngừng")], widget=forms.RadioSelect
    )
    public = forms.BooleanField(
        label="Hiện trên trang công cộng", required=False, help_text="Bỏ chọn để chỉ nội bộ thấy."
    )


class SampleFilter(forms.Form):
    """Filters of the sample table."""

    title = forms.CharField(label="Nhan đề", required=False)
    status = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), ("AVAILABLE", "Có sẵn")])


class UploadForm(forms.Form):
    """A file to import."""

    file = forms.FileField(label="Tệp biểu ghi", help_text="ISO 2709, MARCXML, JSON, Excel hoặc CSV.")


def _facets() -> list[c.FacetGroup]:
    libraries = ["Thư viện tỉnh", "Trường Đại học Tân Trào", "Sơn Dương", "Chiêm Hóa", "Na Hang", "Hàm Yên", "Lâm Bình"]
    return [
        c.FacetGroup("Còn trong kho", "available", [c.FacetOption("Chỉ tài liệu có sẵn", "1", 14)]),
        c.FacetGroup(
            "Loại tài liệu",
            "type",
            [c.FacetOption("Sách", "BOOK", 2100, True), c.FacetOption("Tài liệu số", "DIGITAL", 5)],
        ),
        c.FacetGroup("Thư viện", "library", [c.FacetOption(name, name, 19 - i) for i, name in enumerate(libraries)]),
    ]


def _table(sort: str, page: int, filters: forms.Form | None = None) -> c.Table:
    rows = [
        ("Đất rừng phương Nam", "VV.012345", 2018, "AVAILABLE", date(2026, 12, 6), 1204),
        ("Dế Mèn phiêu lưu ký", "TN.004410", 2019, "ON_LOAN", date(2026, 12, 6), 88),
        ("Lịch sử Tân Trào", "DC.000218", 1998, "REFERENCE_ONLY", None, 3),
        ("Toán 7, tập hai", "GK.003301", 2022, "LOST", None, 41),
    ]
    return c.Table(
        caption="Bản tài liệu",
        columns=[
            c.Column("title", "Nhan đề", sortable=True),
            c.Column("accession", "ĐKCB", kind="code"),
            c.Column("year", "Năm", kind="code", sortable=True, hidden_on_phone=True),
            c.Column("status", "Tình trạng", kind="badge"),
            c.Column("due", "Hạn trả", kind="date"),
            c.Column("loans", "Lượt mượn", kind="number", sortable=True, hidden_on_phone=True),
        ],
        rows=[
            c.Row(
                dict(zip(("title", "accession", "year", "status", "due", "loans"), row, strict=True)),
                url="#",
                actions=[c.Link("Sửa", "#", icon="edit")],
            )
            for row in rows
        ],
        total=1234,
        number=page,
        size=20,
        sort=sort,
        filters=filters,
        exports=[c.Link("Excel", "#"), c.Link("CSV", "#")],
    )


def _charts() -> dict[str, object]:
    return {
        "bars": c.BarChart(
            title="Lượt mượn theo thư viện, tháng 10/2026",
            unit="lượt",
            summary="Thư viện tỉnh chiếm hơn nửa số lượt mượn.",
            points=[
                c.ChartPoint("Thư viện tỉnh", 4120),
                c.ChartPoint("Trường Đại học Tân Trào", 2210),
                c.ChartPoint("Sơn Dương", 640.5),
                c.ChartPoint("Chiêm Hóa", 320),
                c.ChartPoint("Na Hang", 0),
            ],
            source="số liệu mẫu của trang này",
            export="#",
        ),
        "lines": c.LineChart(
            title="Bạn đọc đăng ký mới",
            unit="người",
            labels=[f"T{month}" for month in range(1, 13)],
            series=[
                c.Series("Công cộng", [120, 130, 90, 140, 180, 210, 260, 240, 200, 190, 185, 170]),
                c.Series("Trường học", [60, 80, 70, 75, 90, 40, 20, 180, 260, 170, 160, 150]),
                c.Series("Đại học", [30, 32, None, 28, 36, 20, 12, 90, 110, 60, 55, 50]),
            ],
            source="số liệu mẫu của trang này",
        ),
    }


def _map() -> c.PointMap:
    ring = [
        (105.05, 21.5),
        (105.6, 21.48),
        (105.62, 21.9),
        (105.45, 22.6),
        (105.1, 22.65),
        (104.9, 22.2),
        (105.05, 21.5),
    ]
    return c.PointMap(
        title="Các thư viện trên bản đồ",
        boundaries=[c.Boundary("Đường bao mẫu", [ring])],
        points=[
            c.MapPoint("Thư viện tỉnh", 21.82, 105.21, "#", "đang mở cửa đến 17:00"),
            c.MapPoint("Sơn Dương", 21.70, 105.39, "#", "mở cửa lúc 13:30"),
            c.MapPoint("Chiêm Hóa", 22.15, 105.26, "#"),
            c.MapPoint("Na Hang", 22.35, 105.39, "#"),
        ],
        source="tọa độ mẫu của trang này",
    )


def _works() -> list[c.Progress]:
    return [
        c.Progress("Chờ đến lượt", state="waiting", unit="biểu ghi"),
        c.Progress("Nhập tệp lc-vietnam.mrc", 12400, 25000, "biểu ghi", 4120.4, 180),
        c.Progress("Đang đếm biểu ghi", 3100, 0, "biểu ghi"),
        c.Progress("Nhập tệp dia-chi.xlsx", 312, 312, "biểu ghi", state="done", next=c.Link("Xem báo cáo", "#")),
        c.Progress("Nhập tệp hong.mrc", 12, 90, "biểu ghi", state="failed", message="Tệp đứt ở byte 40.213."),
    ]


def _values() -> dict[str, object]:
    moment = datetime(2026, 11, 22, 14, 5, tzinfo=_HANOI)
    return {
        "crumbs": [c.Crumb("Trang chủ", "/"), c.Crumb("Các thư viện", "#"), c.Crumb("Thư viện tỉnh")],
        "figures": [
            c.Figure("Thư viện đang liên thông", 31),
            c.Figure("Đầu tài liệu", 18402, url="#"),
            c.Figure("Trang đã số hóa", 2316, note="tháng này thêm 210"),
            c.Figure("Sẵn sàng cho mượn hôm nay", 41077.5),
        ],
        "steps": [
            c.Step("Chọn tệp", "done"),
            c.Step("Xem thử", "current", note="12 biểu ghi cần xem"),
            c.Step("Nhập"),
        ],
        "tabs": [c.Tab("Mô tả", "#", True), c.Tab("ISBD", "#"), c.Tab("MARC 21", "#"), c.Tab("Bản", "#", count=6)],
        "events": [
            c.TimelineEntry(moment, "Nhập 312 biểu ghi", "Tệp dia-chi.xlsx", "Cán bộ biên mục", "#"),
            c.TimelineEntry(moment, "Xem thử tệp", state="waiting"),
        ],
        "definitions": [
            ("Nhóm", "Học sinh THCS"),
            ("Thẻ", "Còn hạn đến 31/08/2027"),
            ("Chủ đề", ["Văn học dân gian", mark_safe('<a href="#">Tuyên Quang</a>')]),
        ],
        "moment": moment,
        "segments": [("Kim Vân Kiều tân ", False), ("truyện", True)],
        "covers": [(f"Tập {digit}: Văn hóa dân gian người Dao", f"{digit}{digit}5.{digit}") for digit in range(10)],
    }


def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    page = request.GET.get("page", "3")
    bound = SampleForm({"name": "", "code": "VN-TQ-TINH", "email": "sai", "status": "on", "public": "on"})
    context = {
        "states": STATES,
        "facets": _facets(),
        "table": _table(
            request.GET.get("sort", "title"), int(page) if page.isdigit() else 1, SampleFilter(request.GET)
        ),
        "empty_table": c.Table(
            "Lượt mượn",
            [c.Column("title", "Nhan đề")],
            [],
            empty=c.Empty("Chưa có lượt mượn nào hôm nay.", "Quét thẻ bạn đọc để bắt đầu.", c.Link("Mở quầy", "#")),
        ),
        "form": SampleForm(auto_id="trong_%s"),
        "bound": bound,
        "upload": UploadForm(),
        "map": _map(),
        "works": _works(),
        "live": c.Progress("Tự cập nhật", 0, 5, "bước", url=reverse("web:gallery_progress") + "?n=1"),
        "suggest": reverse("web:gallery_suggestions"),
        "pages": PAGES,
        **_charts(),
        **_values(),
    }
    return render(request, "web/gallery/components.html", context)


def desk(request: HttpRequest) -> HttpResponse:
    """The frame of staff desks."""
    menu = [
        {
            "label": "Bàn làm việc",
            "entries": [
                {"label": label, "url": "#", "current": place == 0, "icon": icon}
                for place, (label, icon) in enumerate([("Biên mục", "book-2"), ("Nhập dữ liệu", "upload")])
            ],
        },
        {"label": "Giám sát", "entries": [{"label": "Nhật ký", "url": "#", "current": False, "icon": "history"}]},
    ]
    context = {"desk_menu": menu, "desk_place": "Thư viện tỉnh", "table": _table("title", 1), **_values()}
    return render(request, "web/gallery/desk.html", context)


def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the pages that say what went wrong."""
    template = next((one for one in PAGES if one.removeprefix("web/") == name), None)
    if template is None:
        raise Http404
    return render(request, f"{template}.html")


def suggestions(request: HttpRequest) -> JsonResponse:
    """Answers like the suggestions of a search box."""
    typed = request.GET.get("q", "")
    titles = [("Truyện Kiều", "nhan đề"), ("Nguyễn Du", "tác giả"), ("Truyện thơ Nôm", "chủ đề")]
    return JsonResponse({"items": [{"text": text, "note": note, "url": ""} for text, note in titles] if typed else []})


def running(request: HttpRequest) -> HttpResponse:
    """A progress bar that ends after five steps."""
    done = min(5, int(request.GET.get("n", "1")))
    url = reverse("web:gallery_progress") + f"?n={done + 1}"
    work = c.Progress("Tự cập nhật", done, 5, "bước", state="done" if done == 5 else "running", url=url)
    return render(request, "web/components/progress.html", {"work": work})
