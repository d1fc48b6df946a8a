from django.urls import path

from lienthu.catalogue.views import history, imports

app_name = "catalogue"
_DESK = "ban-lam-viec/nhap-bieu-ghi/"
urlpatterns = [
    path(_DESK, imports.index, name="imports"),
    path(_DESK + "tai-len/", imports.upload, name="upload"),
    path(_DESK + "<str:public_id>/", imports.detail, name="import"),
    path(_DESK + "<str:public_id>/tien-do", imports.progress, name="import_progress"),
    path(_DESK + "<str:public_id>/kiem-tra", imports.check, name="import_check"),
    path(_DESK + "<str:public_id>/nhap", imports.commit, name="import_commit"),
    path(_DESK + "<str:public_id>/hoan-tac", imports.revert, name="import_revert"),
    path(_DESK + "<str:public_id>/tu-choi.csv", imports.rejections, name="import_rejections"),
    path(_DESK + "<str:public_id>/tu-choi.bin", imports.rejected_bytes, name="import_rejected_bytes"),
    path("ban-lam-viec/bieu-ghi/<int:record_id>/lich-su", history.history, name="history"),
    path("ban-lam-viec/bieu-ghi/<int:record_id>/khoi-phuc", history.restore, name="restore"),
]
