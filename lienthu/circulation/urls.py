"""The desk under /ban-lam-viec/luu-thong/, the reader's part under /tai-khoan/."""

from django.urls import path

from lienthu.circulation.views import desk, fetching, holds, lists, own, what_if

app_name = "circulation"
_DESK = "ban-lam-viec/luu-thong/"
urlpatterns = [
    path(_DESK, desk.index, name="desk"),
    path(_DESK + "lam", desk.act, name="act"),
    path(_DESK + "phieu", desk.slip, name="slip"),
    path(_DESK + "gia-cho/", lists.shelf, name="shelf"),
    path(_DESK + "dang-chuyen/", lists.transit_list, name="transits"),
    path(_DESK + "qua-han/", lists.overdue_list, name="overdue"),
    path(_DESK + "can-tim/", fetching.to_fetch, name="fetch"),
    path(_DESK + "can-tim/<int:hold_id>/khong-thay", fetching.not_found, name="not_found"),
    path(_DESK + "doi-lai/<int:loan_id>", fetching.recall, name="recall"),
    path(_DESK + "nhom/", fetching.groups, name="groups"),
    path(_DESK + "nhom/<str:public>/", fetching.place_group, name="place_group"),
    path("ban-lam-viec/noi-quy-muon/<str:place>/ban-thao/thu/", what_if.what_if, name="what_if"),
    path("dat-muon/<str:public>/", holds.place, name="place_hold"),
    path("tai-khoan/sach/", own.index, name="own"),
    path("tai-khoan/sach/tre/<str:public_id>/", own.ward, name="own_ward"),
    path("tai-khoan/sach/gia-han", own.renew, name="own_renew"),
    path("tai-khoan/sach/dat-muon/<int:hold_id>/huy", own.cancel, name="own_cancel"),
    path("tai-khoan/sach/dat-muon/<int:hold_id>/tam-dung", own.freeze, name="own_freeze"),
]
