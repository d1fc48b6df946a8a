from django.urls import path

from lienthu.batchedit.views import beginning, lists, one, running, stepping

app_name = "batchedit"
_DESK = "ban-lam-viec/sua-hang-loat/"
_ONE = _DESK + "<str:public_id>/"
urlpatterns = [
    path(_DESK, lists.index, name="list"),
    path(_DESK + "moi/", beginning.new, name="new"),
    path(_DESK + "mau/", lists.templates, name="templates"),
    path(_DESK + "mau/<int:template_id>/bo", lists.remove, name="template_remove"),
    path(_ONE, one.detail, name="edit"),
    path(_ONE + "tien-do", one.progress, name="progress"),
    path(_ONE + "bieu-ghi.csv", one.export, name="export"),
    path(_ONE + "chon", beginning.choose, name="choose"),
    path(_ONE + "buoc/them", stepping.add, name="step_add"),
    path(_ONE + "buoc/<int:number>", stepping.change, name="step"),
    path(_ONE + "buoc/<int:number>/doi", stepping.arrange, name="step_arrange"),
    path(_ONE + "dung-mau", stepping.use_template, name="use_template"),
    path(_ONE + "luu-mau", stepping.keep_template, name="keep_template"),
    path(_ONE + "xem-truoc", running.preview, name="preview"),
    path(_ONE + "chay", running.run, name="run"),
    path(_ONE + "dung", running.stop, name="stop"),
    path(_ONE + "hoan-tac", running.give_back, name="return"),
    path(_ONE + "bo", running.drop, name="drop"),
]
