from django.urls import path

from lienthu.cataloguing.views import conflict, desk, editor, items, live, plain, records, scanning

app_name = "cataloguing"
_DESK, _SCAN = "ban-lam-viec/bien-muc/", "ban-lam-viec/quet-isbn/"
_RECORD, _DRAFT, _LIBRARY = (
    _DESK + "bieu-ghi/<int:record_id>/",
    _DESK + "nhap/<int:draft_id>/",
    _DESK + "thu-vien/<int:library_id>/",
)
urlpatterns = [
    path(_DESK, desk.index, name="desk"),
    path(_DESK + "moi/", desk.begin, name="begin"),
    path(_DESK + "moi/<str:code>/", editor.new, name="new"),
    path(_DESK + "moi/<str:code>/don-gian", plain.new, name="new_plain"),
    path(_DESK + "marc", editor.act, name="act"),
    path(_DESK + "don-gian", plain.act, name="act_plain"),
    path(_DESK + "kiem-tra", live.look, name="check"),
    path(_DESK + "tu-luu", live.keep, name="keep"),
    path(_DESK + "goi-y", live.suggestions, name="suggestions"),
    path(_DESK + "o-chon", live.boxes, name="boxes"),
    path(_DESK + "truong/<str:tag>", live.field_help, name="field"),
    path(_SCAN, scanning.index, name="scan"),
    path(_SCAN + "tra", scanning.look_up, name="scan_look_up"),
    path(_SCAN + "them", scanning.add, name="scan_add"),
    path(_RECORD, records.overview, name="record"),
    path(_RECORD + "marc", editor.record, name="record_marc"),
    path(_RECORD + "don-gian", plain.record, name="record_plain"),
    path(_RECORD + "rut", records.withdraw, name="withdraw"),
    path(_RECORD + "nhan-ban", records.duplicate, name="duplicate"),
    path(_RECORD + "them-thu-vien", records.adopt, name="adopt"),
    path(_RECORD + "ban/", items.add, name="add_items"),
    path(_RECORD + "ban/nhieu", items.many, name="many_items"),
    path(_RECORD + "ban/<int:item_id>", items.edit, name="item"),
    path(_DRAFT, editor.draft, name="draft"),
    path(_DRAFT + "don-gian", plain.draft, name="draft_plain"),
    path(_DRAFT + "xung-dot", conflict.conflict, name="conflict"),
    path(_DRAFT + "bo", records.drop, name="drop"),
    path(_LIBRARY, items.settings, name="settings"),
    path(_LIBRARY + "bo", items.remove, name="remove"),
]
