"""Stock-taking under /ban-lam-viec/kiem-ke/."""

from django.urls import path

from lienthu.stocktaking.views import counting, ending, lists, offline

app_name = "stocktaking"
_DESK = "ban-lam-viec/kiem-ke/"
_ONE = _DESK + "<str:public>/"
urlpatterns = [
    path(_DESK, lists.index, name="list"),
    path(_DESK + "moi", lists.new, name="new"),
    path(_DESK + "sw.js", offline.worker, name="worker"),
    path(_DESK + "ngoai-mang/", offline.shell, name="offline"),
    path(_ONE, counting.show, name="round"),
    path(_ONE + "quet", counting.scan, name="scan"),
    path(_ONE + "bo-so", counting.unscan, name="unscan"),
    path(_ONE + "khong-tinh-thieu", counting.spare, name="spare"),
    path(_ONE + "tien-do", ending.progress, name="progress"),
    path(_ONE + "ket-thuc", ending.close, name="close"),
    path(_ONE + "hoan-tac", ending.give_back, name="return"),
    path(_ONE + "bo", ending.discard, name="discard"),
    path(_ONE + "bien-ban", ending.minutes, name="minutes"),
]
