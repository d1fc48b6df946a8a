"""Weedings at the desk, under /ban-lam-viec/thanh-loc/, and the public lists, under /thanh-loc/."""

from django.urls import path

from lienthu.weeding.views import lists, one, public, steps

app_name = "weeding"
_DESK = "ban-lam-viec/thanh-loc/"
urlpatterns = [
    path("thanh-loc/", public.index, name="public"),
    path("thanh-loc/<str:public>/", public.one, name="public_of"),
    path(_DESK, lists.index, name="list"),
    path(_DESK + "moi", lists.new, name="new"),
    path(_DESK + "<str:public>/", one.show, name="weeding"),
    path(_DESK + "<str:public>/sua", one.change, name="change"),
    path(_DESK + "<str:public>/tim", steps.find, name="find"),
    path(_DESK + "<str:public>/them", steps.add, name="add"),
    path(_DESK + "<str:public>/bot/<int:piece_id>", steps.remove, name="remove"),
    path(_DESK + "<str:public>/giu/<int:piece_id>", steps.keep, name="keep"),
    path(_DESK + "<str:public>/y-kien", steps.objection, name="objection"),
    path(_DESK + "<str:public>/quyet-dinh", steps.decision, name="decision"),
    path(_DESK + "<str:public>/chuyen-buoc", steps.advance, name="advance"),
    path(_DESK + "<str:public>/bo-dot", steps.discard, name="discard"),
    path(_DESK + "<str:public>/tien-do", one.progress, name="progress"),
    path(_DESK + "<str:public>/bien-ban", one.minutes, name="minutes"),
]
