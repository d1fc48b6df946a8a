"""The desk under /ban-lam-viec/thong-bao/, the reader's part under /tai-khoan/."""

from django.urls import path

from lienthu.notices.views import outbox, own, texts

app_name = "notices"
_DESK = "ban-lam-viec/thong-bao/"
urlpatterns = [
    path(_DESK, texts.index, name="texts"),
    path(_DESK + "mau/<str:place>/<str:kind>/", texts.text, name="text"),
    path(_DESK + "mau/<str:place>/<str:kind>/bo", texts.drop, name="drop_text"),
    path(_DESK + "hop-gui/", outbox.index, name="outbox"),
    path(_DESK + "hop-gui/<int:number>/", outbox.delivery, name="delivery"),
    path(_DESK + "hop-gui/<int:number>/gui-lai", outbox.again, name="again"),
    path(_DESK + "hop-gui/<int:number>/da-nhan", outbox.arrived, name="arrived"),
    path(_DESK + "can-bao/", outbox.calls, name="calls"),
    path(_DESK + "can-bao/<int:number>/da-bao", outbox.mark_told, name="told"),
    path(_DESK + "gio-gui/", texts.hours, name="hours"),
    path("tai-khoan/tin-nhan/", own.inbox, name="inbox"),
    path("tai-khoan/tuy-chon/", own.choices, name="choices"),
    path("tai-khoan/thiet-bi", own.device, name="device"),
    path("tai-khoan/thiet-bi/<int:number>/bo", own.drop_device, name="drop_device"),
    path("tai-khoan/sw.js", own.worker, name="worker"),
]
