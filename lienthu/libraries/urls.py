from django.urls import path, register_converter

from lienthu.libraries.views import desk, desk_hours, registry, units


class LibraryCode:
    """A library code in an address; the rules of form decide in the view."""

    regex = r"[A-Za-z0-9][A-Za-z0-9:/-]{0,40}?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LibraryCode, "library_code")

app_name = "libraries"
urlpatterns = [
    path("thu-vien/", registry.library_list, name="list"),
    path("thu-vien/danh-sach.csv", registry.list_csv, name="list_csv"),
    path("thu-vien/danh-sach.json", registry.list_json, name="list_json"),
    path("thu-vien/<library_code:code>", registry.library, name="library"),
    path("don-vi-hanh-chinh/", units.units, name="units"),
    path("don-vi-hanh-chinh/<str:code>", units.unit, name="unit"),
    path("ban-lam-viec/thu-vien/", desk.desk_list, name="desk_list"),
    path("ban-lam-viec/thu-vien/them", desk.add, name="desk_add"),
    path("ban-lam-viec/thu-vien/<library_code:code>/sua", desk.edit, name="desk_edit"),
    path("ban-lam-viec/thu-vien/<library_code:code>/dich-vu", desk.edit_services, name="desk_services"),
    path("ban-lam-viec/thu-vien/<library_code:code>/su-kien", desk.add_event, name="desk_event"),
    path("ban-lam-viec/thu-vien/<library_code:code>/diem-phuc-vu", desk.branches, name="desk_branches"),
    path("ban-lam-viec/thu-vien/<library_code:code>/diem-phuc-vu/<str:branch>", desk.branch, name="desk_branch"),
    path(
        "ban-lam-viec/thu-vien/<library_code:code>/diem-phuc-vu/<str:branch>/dong",
        desk.close,
        name="desk_branch_close",
    ),
    path("ban-lam-viec/thu-vien/<library_code:code>/gio", desk_hours.hours, name="desk_hours"),
    path("ban-lam-viec/thu-vien/<library_code:code>/gio/mua", desk_hours.seasons, name="desk_season"),
    path(
        "ban-lam-viec/thu-vien/<library_code:code>/gio/mua/<int:pk>/bo", desk_hours.drop_season, name="desk_season_drop"
    ),
    path("ban-lam-viec/thu-vien/<library_code:code>/gio/ngay", desk_hours.exceptions, name="desk_exception"),
    path(
        "ban-lam-viec/thu-vien/<library_code:code>/gio/ngay/<int:pk>/bo",
        desk_hours.drop_exception,
        name="desk_exception_drop",
    ),
]
