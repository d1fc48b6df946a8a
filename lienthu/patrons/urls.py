from django.urls import path

from lienthu.patrons.views import cards, data, lists, merging, one, online, registering

app_name = "patrons"
_DESK = "ban-lam-viec/ban-doc/"
urlpatterns = [
    path(_DESK, lists.index, name="list"),
    path(_DESK + "them", registering.register_reader, name="register"),
    path(_DESK + "nghi-trung/", merging.duplicates, name="duplicates"),
    path(_DESK + "nghi-trung/quyet-dinh", merging.decide, name="decide"),
    path(_DESK + "bo-gop/<int:merge_id>", merging.undo, name="undo_merge"),
    path(_DESK + "<str:public_id>/", one.detail, name="patron"),
    path(_DESK + "<str:public_id>/sua", registering.edit, name="edit"),
    path(_DESK + "<str:public_id>/doi-the", one.replace, name="replace"),
    path(_DESK + "<str:public_id>/mat-the", one.lost, name="lost"),
    path(_DESK + "<str:public_id>/chan", one.place_block, name="block"),
    path(_DESK + "<str:public_id>/bo-chan/<int:block_id>", one.lift, name="lift"),
    path(_DESK + "<str:public_id>/giam-ho", one.guardian, name="guardian"),
    path(_DESK + "<str:public_id>/anh", cards.photo, name="photo"),
    path(_DESK + "<str:public_id>/doi-anh", cards.change_photo, name="change_photo"),
    path(_DESK + "<str:public_id>/the.pdf", cards.card_pdf, name="card_pdf"),
    path(_DESK + "<str:public_id>/tai-khoan", one.account, name="account"),
    path(_DESK + "<str:public_id>/nhan-thay", one.proxy, name="proxy"),
    path(_DESK + "<str:public_id>/ngung-nhan-thay/<int:proxy_id>", one.stop_proxy, name="end_proxy"),
    path(_DESK + "<str:public_id>/gop", merging.merge_by_card, name="merge"),
    path(_DESK + "<str:public_id>/xac-nhan", online.confirm_one, name="confirm"),
    path(_DESK + "<str:public_id>/tu-choi", online.decline_one, name="decline"),
    path(_DESK + "<str:public_id>/du-lieu/", data.desk, name="data"),
    path(_DESK + "<str:public_id>/du-lieu/xoa", data.desk_erase, name="data_erase"),
    path(_DESK + "<str:public_id>/du-lieu/du-lieu.<str:kind>", data.desk_export, name="data_export"),
    path("dang-ky-the/", online.request_one, name="request_card"),
    path("dang-ky-the/da-nhan", online.requested, name="requested"),
    path("tai-khoan/du-lieu/", data.own, name="own_data"),
    path("tai-khoan/du-lieu/dong-y", data.own_consent, name="own_consent"),
    path("tai-khoan/du-lieu/xoa", data.own_erase, name="own_erase"),
    path("tai-khoan/du-lieu/du-lieu.<str:kind>", data.own_export, name="own_export"),
    path("tai-khoan/the/", cards.own, name="own_card"),
    path("tai-khoan/the/anh", cards.own_photo, name="own_photo"),
    path("tai-khoan/the/the.pdf", cards.own_pdf, name="own_pdf"),
]
