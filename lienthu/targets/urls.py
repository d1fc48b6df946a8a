from django.urls import path

from lienthu.targets.views import rules, search, take, takes, targets

app_name = "targets"
_SEARCH = "ban-lam-viec/bien-muc-sao-chep/"
_TARGETS = "ban-lam-viec/nguon-bieu-ghi/"
urlpatterns = [
    path(_SEARCH, search.ask, name="search"),
    path(_SEARCH + "da-lay/", takes.index, name="takes"),
    path(_SEARCH + "da-lay/<int:take_id>", takes.raw, name="take_raw"),
    path(_SEARCH + "<str:public_id>/", search.results, name="results"),
    path(_SEARCH + "<str:public_id>/tien-do", search.progress, name="progress"),
    path(_SEARCH + "<str:public_id>/<str:found_id>/", take.preview, name="preview"),
    path(_SEARCH + "<str:public_id>/<str:found_id>/lay", take.new, name="take"),
    path(_SEARCH + "<str:public_id>/<str:found_id>/bo-sung/<int:record_id>", take.over, name="overlay"),
    path(_TARGETS, targets.index, name="list"),
    path(_TARGETS + "them/", targets.add, name="add"),
    path(_TARGETS + "co-san", targets.add_known, name="add_known"),
    path(_TARGETS + "quy-tac/", rules.index, name="rules"),
    path(_TARGETS + "quy-tac/<str:code>/", rules.edit, name="rules_of"),
    path(_TARGETS + "<int:target_id>/", targets.edit, name="edit"),
    path(_TARGETS + "<int:target_id>/thu", targets.check, name="check"),
    path(_TARGETS + "<int:target_id>/xoa", targets.remove, name="remove"),
]
