"""Own pages under /tai-khoan/, desk pages of accounts and of the audit trail under /ban-lam-viec/."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path

from lienthu.identity.views import accounts, grants, own, trail

# django-allauth finds its pages by these names.
SIGN_IN = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-nhap/khoa/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("dang-nhap/buoc-hai/", mfa.authenticate, name="mfa_authenticate"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("dang-ky/", account.signup, name="account_signup"),
    path("da-ngung/", account.account_inactive, name="account_inactive"),
    path("mat-khau/quen/", account.password_reset, name="account_reset_password"),
    path("mat-khau/quen/da-gui/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mat-khau/dat-lai/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mat-khau/da-dat-lai/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
OWN_SECURITY = [
    path("xac-nhan-lai/", account.reauthenticate, name="account_reauthenticate"),
    path("mat-khau/doi/", account.password_change, name="account_change_password"),
    path("mat-khau/dat/", account.password_set, name="account_set_password"),
    path("bao-mat/", mfa.index, name="mfa_index"),
    path("bao-mat/xac-nhan-lai/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("bao-mat/ung-dung/bat/", totp.activate_totp, name="mfa_activate_totp"),
    path("bao-mat/ung-dung/tat/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("bao-mat/ma-du-phong/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("bao-mat/ma-du-phong/tao/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("bao-mat/ma-du-phong/tai/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("bao-mat/khoa/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("bao-mat/khoa/them/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("bao-mat/khoa/xac-nhan-lai/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("bao-mat/khoa/<int:pk>/xoa/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("bao-mat/khoa/<int:pk>/sua/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("phien/", sessions.list_usersessions, name="usersessions_list"),
]
OWN = [
    path("tai-khoan/", own.home, name="home"),
    path("tai-khoan/sua/", own.edit, name="edit_own"),
]
DESK = [
    path("ban-lam-viec/tai-khoan/", accounts.account_list, name="accounts"),
    path("ban-lam-viec/tai-khoan/tai-ve.csv", accounts.account_csv, name="accounts_csv"),
    path("ban-lam-viec/tai-khoan/tao/", accounts.account_new, name="account_new"),
    path("ban-lam-viec/tai-khoan/cap-vai-tro/", grants.grant_by_name, name="grant_by_name"),
    path("ban-lam-viec/tai-khoan/vai-tro/", grants.role_table, name="roles"),
    path("ban-lam-viec/tai-khoan/<str:public_id>/", accounts.account_detail, name="account"),
    path("ban-lam-viec/tai-khoan/<str:public_id>/cap-vai-tro/", grants.grant, name="grant"),
    path("ban-lam-viec/tai-khoan/<str:public_id>/thu-hoi/<int:grant_id>/", grants.revoke, name="revoke"),
    path("ban-lam-viec/tai-khoan/<str:public_id>/mat-khau/", accounts.account_password, name="account_password"),
    path("ban-lam-viec/tai-khoan/<str:public_id>/ngung/", accounts.account_deactivate, name="account_deactivate"),
    path("ban-lam-viec/tai-khoan/<str:public_id>/dung-lai/", accounts.account_reactivate, name="account_reactivate"),
    path("ban-lam-viec/tai-khoan/<str:public_id>/go-buoc-hai/", accounts.account_reset_mfa, name="account_reset_mfa"),
    path("ban-lam-viec/nhat-ky/", trail.entry_list, name="trail"),
    path("ban-lam-viec/nhat-ky/tai-ve.csv", trail.entry_csv, name="trail_csv"),
    path("ban-lam-viec/nhat-ky/kiem-tra/", trail.verification, name="trail_verification"),
    path("ban-lam-viec/nhat-ky/<int:seq>/", trail.entry_detail, name="trail_entry"),
]
urlpatterns = [
    path("tai-khoan/", include([*SIGN_IN, *OWN_SECURITY])),
    path("", include(([*OWN, *DESK], "identity"))),
]
