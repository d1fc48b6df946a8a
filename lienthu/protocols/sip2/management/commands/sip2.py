"""lienthu sip2: the server for self-check machines; or a machine added from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lienthu.identity.access import system_actor
from lienthu.libraries.queries import library_by_code
from lienthu.protocols.sip2.actions import LoginTaken, add_terminal
from lienthu.protocols.sip2.models import Permit
from lienthu.protocols.sip2.processes import serve_with
from lienthu.protocols.sip2.server import Doors

DEFAULT_PORT = 6001


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=None)
        parser.add_argument("--host", default=settings.SIP2_HOST)
        parser.add_argument("--tls-port", type=int, default=settings.SIP2_TLS_PORT or None)
        parser.add_argument("--processes", type=int, default=settings.SIP2_PROCESSES)
        parser.add_argument("--add", metavar="LOGIN", default="")
        parser.add_argument("--library", metavar="CODE", default="")
        parser.add_argument("--name", default="")
        parser.add_argument("--permits", default="CHECKOUT,CHECKIN,RENEW,READERS,HOLD")

    def handle(self, *args: Any, **given: Any) -> None:
        if given["add"]:
            self._add(**given)
            return
        tls_port = given["tls_port"]
        if tls_port and not settings.SIP2_CERTIFICATE:
            raise CommandError(_("Cổng TLS cần chứng thư: đặt LIENTHU_SIP2_CERTIFICATE."))
        port = given["port"] or settings.SIP2_PORT or (None if tls_port else DEFAULT_PORT)
        doors = Doors(
            host=given["host"],
            port=port,
            tls_port=tls_port,
            certificate=settings.SIP2_CERTIFICATE,
            key=settings.SIP2_KEY,
        )
        try:
            whole = serve_with(doors, threads=settings.SIP2_THREADS, processes=given["processes"])
        except OSError as error:
            raise CommandError(_("Máy chủ SIP2 không mở được cổng: %(why)s") % {"why": error}) from error
        if not whole:
            raise CommandError(_("Một tiến trình của máy chủ SIP2 đã dừng."))

    def _add(self, **given: Any) -> None:
        library = library_by_code(given["library"])
        if library is None:
            raise CommandError(_("Không có thư viện nào mang mã %(code)s.") % {"code": given["library"]})
        permits = [one.strip().upper() for one in given["permits"].split(",") if one.strip()]
        if not set(permits) <= set(Permit.values):
            raise CommandError(_("Việc được phép: %(permits)s.") % {"permits": ", ".join(Permit.values)})
        try:
            made = add_terminal(
                actor=system_actor("sip2"),
                library=library,
                values={"login": given["add"], "name": given["name"] or given["add"], "permits": permits},
            )
        except LoginTaken as error:
            raise CommandError(_("Tên đăng nhập này đã có máy dùng.")) from error
        self.stdout.write(_("Tên đăng nhập: %(login)s") % {"login": made.terminal.login})
        self.stdout.write(_("Mật khẩu (chỉ hiện lần này): %(password)s") % {"password": made.password})
