"""The reader's own lists under /tai-khoan/."""

from django.urls import path

from lienthu.readinglists.views import lists, one, saving

app_name = "readinglists"
_OWN = "tai-khoan/danh-sach/"
urlpatterns = [
    path(_OWN, lists.index, name="lists"),
    path(_OWN + "luu/<str:record>/", saving.save, name="save"),
    path(_OWN + "<str:public_id>/", one.detail, name="list"),
    path(_OWN + "<str:public_id>/tai-ve.<str:ending>", one.export, name="export"),
    path(_OWN + "<str:public_id>/doi-ten", one.rename, name="rename"),
    path(_OWN + "<str:public_id>/xoa", one.delete, name="delete"),
    path(_OWN + "<str:public_id>/<int:entry_id>/bo", one.remove, name="remove"),
    path(_OWN + "<str:public_id>/<int:entry_id>/ghi-chu", one.note, name="note"),
    path(_OWN + "<str:public_id>/<int:entry_id>/chuyen", one.move, name="move"),
]
