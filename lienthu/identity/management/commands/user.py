"""`lienthu user create|grant|revoke|list`: accounts from the command line, by the system itself."""

import getpass
import json
import secrets
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lienthu.identity.access import role_in_words, roles, system_actor
from lienthu.identity.actions import NotPossible, create_account, grant_role, revoke_role
from lienthu.identity.models import Account, Scope
from lienthu.identity.queries import AccountFilter, account_by_username, find_accounts, scope_by_code

ACTOR = system_actor("dòng lệnh")


class Command(BaseCommand):
    help = "Tài khoản: tạo, cấp và thu hồi vai trò, liệt kê."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="Tạo tài khoản.")
        create.add_argument("username")
        create.add_argument("--name", required=True, help="Họ và tên.")
        create.add_argument("--email", default="")
        create.add_argument("--role", default="", choices=["", *roles()])
        create.add_argument("--at", default="", metavar="CODE", help="Mã nơi giữ vai trò.")
        create.add_argument("--until", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
        create.add_argument("--password-stdin", action="store_true", help="Đọc mật khẩu từ đầu vào chuẩn.")
        create.add_argument("--emergency", action="store_true", help="Tài khoản khẩn cấp: mọi quyền ở mọi nơi.")
        for verb, text in (("grant", "Cấp vai trò."), ("revoke", "Thu hồi vai trò.")):
            change = verbs.add_parser(verb, help=text)
            change.add_argument("username")
            change.add_argument("--role", required=True, choices=[*roles()])
            change.add_argument("--at", required=True, metavar="CODE")
            change.add_argument("--reason", default="")
            if verb == "grant":
                change.add_argument("--until", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
        listing = verbs.add_parser("list", help="Liệt kê tài khoản và vai trò hiện nay.")
        listing.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except NotPossible as problem:
            raise CommandError(problem.message) from problem

    def _create(self, options: dict[str, Any]) -> None:
        password, shown = self._password(options)
        account = create_account(
            actor=ACTOR,
            username=options["username"],
            full_name=options["name"],
            email=options["email"],
            password=password,
            role=options["role"],
            at=_scope(options["at"]) if options["at"] else None,
            valid_to=options["until"],
            is_superuser=options["emergency"],
        )
        self.stdout.write(_("Đã tạo tài khoản %(name)s.") % {"name": account.username})
        if shown:
            self.stdout.write(_("Mật khẩu: %(password)s") % {"password": password})

    def _password(self, options: dict[str, Any]) -> tuple[str, bool]:
        """The password, and whether it was made here and must be shown once."""
        if options["password_stdin"]:
            return sys.stdin.readline().rstrip("\r\n"), False
        if sys.stdin.isatty():
            return getpass.getpass(_("Mật khẩu: ")), False
        return secrets.token_urlsafe(12), True

    def _grant(self, options: dict[str, Any]) -> None:
        grant = grant_role(
            actor=ACTOR,
            account=_account(options["username"]),
            role=options["role"],
            at=_scope(options["at"]),
            valid_to=options["until"],
            reason=options["reason"],
        )
        words = role_in_words(role=grant.role, place=grant.scope.name, valid_to=grant.valid_to)
        self.stdout.write(_("Đã cấp: %(role)s.") % {"role": words})

    def _revoke(self, options: dict[str, Any]) -> None:
        held = _account(options["username"]).grants.filter(
            role=options["role"], scope__code=options["at"], revoked_at=None
        )
        if not held:
            raise CommandError(_("Tài khoản này không giữ vai trò đó ở nơi đó."))
        for grant in held:
            revoke_role(actor=ACTOR, grant=grant, reason=options["reason"])
        self.stdout.write(_("Đã thu hồi vai trò."))

    def _list(self, options: dict[str, Any]) -> None:
        for account in find_accounts(AccountFilter(), among=Account.objects.all()):
            held: Any = account
            words = [
                role_in_words(role=grant.role, place=grant.scope.name, valid_to=grant.valid_to)
                for grant in held.present_grants
            ]
            if options["json"]:
                row = {"username": account.username, "name": account.full_name, "active": account.is_active}
                self.stdout.write(json.dumps(row | {"roles": words}, ensure_ascii=False))
            else:
                self.stdout.write("\t".join([account.username, account.full_name, "; ".join(words)]))


def _account(username: str) -> Account:
    account = account_by_username(username)
    if account is None:
        raise CommandError(_("Không có tài khoản nào mang tên đăng nhập này."))
    return account


def _scope(code: str) -> Scope:
    scope = scope_by_code(code)
    if scope is None:
        raise CommandError(_("Không có nơi nào mang mã %(code)s.") % {"code": code})
    return scope
