"""Sets that travel, under /ban-lam-viec/luan-chuyen/."""

from django.urls import path

from lienthu.rotation.views import lists, one, steps

app_name = "rotation"
_DESK = "ban-lam-viec/luan-chuyen/"
urlpatterns = [
    path(_DESK, lists.index, name="list"),
    path(_DESK + "moi", lists.new, name="new"),
    path(_DESK + "<str:public>/", one.show, name="set"),
    path(_DESK + "<str:public>/sua", one.change, name="change"),
    path(_DESK + "<str:public>/quet", steps.scan, name="scan"),
    path(_DESK + "<str:public>/bo/<int:piece_id>", steps.remove, name="remove"),
    path(_DESK + "<str:public>/chuyen-buoc", steps.advance, name="advance"),
    path(_DESK + "<str:public>/bo-ca-bo", steps.discard, name="discard"),
    path(_DESK + "<str:public>/bien-ban", one.minutes, name="minutes"),
]
