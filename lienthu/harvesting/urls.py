from django.urls import path

from lienthu.harvesting.views import runs, sources

app_name = "harvesting"
_DESK = "ban-lam-viec/thu-hoach/"
urlpatterns = [
    path(_DESK, sources.index, name="sources"),
    path(_DESK + "them", sources.add, name="add"),
    path(_DESK + "lan/<str:public_id>/", runs.detail, name="run"),
    path(_DESK + "lan/<str:public_id>/tien-do", runs.progress, name="run_progress"),
    path(_DESK + "lan/<str:public_id>/tra-lai", runs.restore, name="run_restore"),
    path(_DESK + "<str:public_id>/", sources.detail, name="source"),
    path(_DESK + "<str:public_id>/sua", sources.edit, name="edit"),
    path(_DESK + "<str:public_id>/chay", runs.start, name="start"),
    path(_DESK + "<str:public_id>/rut", runs.withdraw, name="withdraw"),
]
