"""The desk under /ban-lam-viec/thong-bao/, the reader's part under /tai-khoan/."""

app_name = "notices"
urlpatterns: list[object] = []
