"""The JSON API: one NinjaAPI, the routers of the modules, and problems as RFC 9457 says."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lienthu.discovery import api as discovery
from lienthu.libraries import api as libraries
from lienthu.loanrules import api as loanrules

PROBLEM = "application/problem+json"


class Api(NinjaAPI):
    """Everything here is public data to read, so pages of other sites may ask for it too."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        response = super().create_temporal_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        return response


api = Api(
    title="Liên Thư",
    version="1",
    description="Mục lục chung của các thư viện trong tỉnh. The union catalogue of a province.",
    urls_namespace="api",
    # The interactive page would load scripts from elsewhere; /lap-trinh explains the addresses instead.
    docs_url=None,
)
api.add_router("", discovery.router)
api.add_router("", libraries.router)
api.add_router("", loanrules.router)


def problem(request: HttpRequest, *, status: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """A problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = api.create_response(request, {key: value for key, value in body.items() if value != ""}, status=status)
    response["Content-Type"] = PROBLEM
    response["Access-Control-Allow-Origin"] = "*"
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters of a wrong type or outside their limits: 422 with each of them named."""
    errors = [
        {
            "parameter": ".".join(str(part) for part in one["loc"] if part not in ("query", "question")),
            "detail": one["msg"],
        }
        for one in error.errors
    ]
    return problem(
        request,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        title=_("Tham số không dùng được"),
        detail=_("Xem từng tham số trong errors; giới hạn ghi ở /api/v1/openapi.json."),
        errors=errors,
    )


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """An answer other than success that an operation chose."""
    return problem(
        request, status=error.status_code, title=HTTPStatus(error.status_code).phrase, detail=str(error.message)
    )


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing under this address."""
    return problem(request, status=HTTPStatus.NOT_FOUND, title=HTTPStatus.NOT_FOUND.phrase, detail=str(error))
