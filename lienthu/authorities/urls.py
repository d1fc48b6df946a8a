from django.urls import path

from lienthu.authorities.views import changing, editing, joining, lists, one, uploads

app_name = "authorities"
_DESK = "ban-lam-viec/de-muc/"
_ONE = _DESK + "<str:public_id>/"
_CHANGE = _DESK + "thay-doi/<str:public_id>/"
_UPLOAD = _DESK + "nhap/<str:public_id>/"
urlpatterns = [
    path(_DESK, lists.index, name="list"),
    path(_DESK + "xuat.mrc", lists.export, name="export"),
    path(_DESK + "tao/", editing.new, name="new"),
    path(_DESK + "trong-bieu-ghi/", lists.in_records, name="headings"),
    path(_DESK + "trong-bieu-ghi/<int:heading_id>/", one.from_heading, name="from_heading"),
    path(_DESK + "co-the-trung/", joining.alike, name="duplicates"),
    path(_DESK + "co-the-trung/gop", joining.pair, name="pair"),
    path(_DESK + "nhap/", uploads.index, name="uploads"),
    path(_UPLOAD, uploads.detail, name="upload"),
    path(_UPLOAD + "tien-do", uploads.progress, name="upload_progress"),
    path(_UPLOAD + "nhap", uploads.commit, name="upload_commit"),
    path(_UPLOAD + "hoan-tac", uploads.give_back, name="upload_return"),
    path(_DESK + "de-nghi/", lists.proposals, name="proposals"),
    path(_DESK + "de-nghi/<str:public_id>/", one.reply, name="reply"),
    path(_DESK + "thay-doi/", lists.changes, name="changes"),
    path(_CHANGE, changing.detail, name="change"),
    path(_CHANGE + "tien-do", changing.progress, name="change_progress"),
    path(_CHANGE + "hoan-tac", changing.give_back, name="change_return"),
    path(_ONE, one.detail, name="authority"),
    path(_ONE + "sua", editing.edit, name="edit"),
    path(_ONE + "gop", joining.merge, name="merge"),
    path(_ONE + "tach", joining.split, name="split"),
    path(_ONE + "ve-dang-chuan", joining.align, name="align"),
    path(_ONE + "xoa", one.delete, name="delete"),
    path(_ONE + "de-nghi", one.ask, name="ask"),
    path(_ONE + "bieu-ghi.mrc", one.marc, name="marc"),
]
