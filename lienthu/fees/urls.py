"""The till under /ban-lam-viec/thu-tien/, the reader's part under /tai-khoan/, prices for everybody."""

from django.urls import path

from lienthu.fees.views import accounts, days, own, papers, pricing, transfers

app_name = "fees"
_DESK = "ban-lam-viec/thu-tien/"
urlpatterns = [
    path(_DESK, accounts.index, name="index"),
    path(_DESK + "ban-doc/<str:public_id>/", accounts.account, name="account"),
    path(_DESK + "ban-doc/<str:public_id>/lam", accounts.act, name="act"),
    path(_DESK + "phieu/<int:entry_id>/", papers.receipt, name="receipt"),
    path(_DESK + "trong-ngay/", days.day, name="day"),
    path(_DESK + "ngan-keo/", days.drawer, name="drawer"),
    path(_DESK + "doi-soat/", days.reconciliation, name="reconcile"),
    path(_DESK + "chuyen-khoan/", transfers.index, name="transfers"),
    path(_DESK + "chuyen-khoan/<int:transfer_id>/", transfers.decide, name="decide"),
    path(_DESK + "bang-gia/", pricing.desk, name="price_desk"),
    path(_DESK + "bang-gia/tai-khoan", pricing.set_bank, name="set_bank"),
    path("bang-gia/", pricing.index, name="prices"),
    path("bang-gia/<str:code>/", pricing.one, name="prices_of"),
    path("tai-khoan/khoan-thu/", own.index, name="own"),
    path("tai-khoan/khoan-thu/chuyen-khoan", own.ask_transfer, name="own_transfer"),
    path("tai-khoan/khoan-thu/phieu/<int:entry_id>.pdf", papers.own_receipt, name="own_receipt"),
    path("tai-khoan/khoan-thu/vietqr/<str:public>.svg", papers.vietqr, name="vietqr"),
]
