"""Small things of HTTP that every page needs and no domain owns."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict, UnreadablePostError
from django.utils.translation import gettext as _


class BadRequestMiddleware:
    """Answer requests that no page can use with a plain 400 instead of an error further down.

    PostgreSQL text cannot hold NUL, and nobody types one: it is dropped from query strings and from forms. A path with
    one is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            return HttpResponseBadRequest(_("Địa chỉ có ký tự không hợp lệ."), content_type="text/plain; charset=utf-8")
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "").replace("\x00", "")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Forms are read here and not earlier: only now is it known that there is a page for them."""
        if request.method == "POST" and request.content_type in _FORMS:
            try:
                given = request.POST
            except UnreadablePostError:
                return
            if any("\x00" in value for _name, values in given.lists() for value in values):
                request.POST = _without_nul(given)


_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def _without_nul(given: QueryDict) -> QueryDict:
    cleaned = given.copy()
    for name, values in given.lists():
        cleaned.setlist(name, [value.replace("\x00", "") for value in values])
    cleaned._mutable = False
    return cleaned


def page_number(value: str | None, *, last: int = 1_000_000) -> int:
    """Read a page number that somebody may have edited: anything unusable is page 1, too large is `last`."""
    try:
        number = int(value or 1)
    except ValueError:
        return 1
    return min(max(number, 1), max(last, 1))
