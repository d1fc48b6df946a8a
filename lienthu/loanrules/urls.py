from django.urls import path

from lienthu.loanrules.views import drafting, public, publishing, table, why

app_name = "loanrules"
BASE = "ban-lam-viec/noi-quy-muon/"
PLACE = f"{BASE}<str:place>/"
urlpatterns = [
    path("noi-quy/", public.index, name="public"),
    path("noi-quy/<str:code>/", public.one, name="public_of"),
    path(BASE, table.places, name="places"),
    path(PLACE, table.table, name="table"),
    path(f"{PLACE}noi-quy.csv", table.table_csv, name="csv"),
    path(f"{PLACE}vi-sao", why.why, name="why"),
    path(f"{PLACE}ban-thao", drafting.draft, name="draft"),
    path(f"{PLACE}ban-thao/dong", drafting.add, name="row_add"),
    path(f"{PLACE}ban-thao/dong/<int:rule_id>", drafting.change, name="row"),
    path(f"{PLACE}ban-thao/dong/<int:rule_id>/bo", drafting.drop, name="row_drop"),
    path(f"{PLACE}ban-thao/bo", drafting.discard, name="discard"),
    path(f"{PLACE}ban-thao/cong-bo", publishing.publish, name="publish"),
    path(f"{PLACE}lich-su", publishing.history, name="history"),
    path(f"{PLACE}lich-su/<int:number>", publishing.edition, name="edition"),
    path(f"{PLACE}lich-su/<int:number>/rut", publishing.withdraw, name="withdraw"),
]
