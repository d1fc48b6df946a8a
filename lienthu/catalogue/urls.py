from django.urls import path

from lienthu.catalogue.views import clusters, history, imports, reviewing, sharing

app_name = "catalogue"
_DESK = "ban-lam-viec/nhap-bieu-ghi/"
_REVIEW = "ban-lam-viec/nghi-trung/"
_CLUSTER = "ban-lam-viec/bieu-ghi-lien-hop/<str:public_id>/"
_SHARING = "ban-lam-viec/chia-se/"
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
    path(_REVIEW, reviewing.index, name="pairs"),
    path(_REVIEW + "cap/<str:public_id>/", reviewing.pair, name="pair"),
    path(_REVIEW + "cap/<str:public_id>/quyet-dinh", reviewing.decide, name="decide"),
    path(_REVIEW + "lich-su/", reviewing.history, name="merges"),
    path(_REVIEW + "lich-su/<str:public_id>/bo", reviewing.undo, name="undo_merge"),
    path(_CLUSTER, clusters.cluster, name="cluster"),
    path(_CLUSTER + "<str:step>", clusters.change, name="cluster_change"),
    path(_SHARING, sharing.index, name="sharing"),
    path(_SHARING + "<str:code>/", sharing.library, name="sharing_library"),
    path(_SHARING + "<str:code>/rut", sharing.withdraw, name="sharing_withdraw"),
    path(_SHARING + "<str:code>/dua-lai", sharing.restore, name="sharing_restore"),
]
