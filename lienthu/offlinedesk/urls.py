"""The application under /quay-ngoai-tuyen/ (its own scope), the pages about devices under /ban-lam-viec/."""

from django.urls import path

from lienthu.offlinedesk.views import app, devices, events, machine

app_name = "offlinedesk"
_APP = "quay-ngoai-tuyen/"
_DESK = "ban-lam-viec/quay-ngoai-tuyen/"
_ONE = _DESK + "may/<str:public_id>/"
urlpatterns = [
    path(_APP, app.index, name="app"),
    path(_APP + "sw.js", app.worker, name="worker"),
    path(_APP + "manifest.webmanifest", app.manifest, name="manifest"),
    path(_APP + "may/chao", machine.hello, name="hello"),
    path(_APP + "may/ban-sao", machine.copy, name="copy"),
    path(_APP + "may/nhat-ky", machine.log, name="log"),
    path(_APP + "may/ket-qua", machine.outcomes, name="outcomes"),
    path(_DESK, devices.index, name="devices"),
    path(_DESK + "ghi-danh", devices.enrolment, name="enrol"),
    path(_DESK + "viec/", events.index, name="events"),
    path(_DESK + "viec/<int:event_id>/xong", events.done, name="settle"),
    path(_DESK + "nhan/<int:received_id>/nguyen-van", devices.raw, name="raw"),
    path(_ONE, devices.detail, name="device"),
    path(_ONE + "thu-hoi", devices.revocation, name="revoke"),
    path(_ONE + "mo-khoa", devices.unlocking, name="unlock"),
    path(_ONE + "nap-tep", devices.upload, name="upload"),
    path(_ONE + "ap-dung", devices.application, name="apply"),
]
