from django.urls import path

from lienthu.patrons.views import cards, lists, one, registering

app_name = "patrons"
_DESK = "ban-lam-viec/ban-doc/"
urlpatterns = [
    path(_DESK, lists.index, name="list"),
    path(_DESK + "them", registering.register_reader, name="register"),
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
    path("tai-khoan/the/", cards.own, name="own_card"),
    path("tai-khoan/the/anh", cards.own_photo, name="own_photo"),
    path("tai-khoan/the/the.pdf", cards.own_pdf, name="own_pdf"),
]
