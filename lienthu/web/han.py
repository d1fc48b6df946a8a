"""Pages that hold Han or Nom signs get the style sheet that names their fonts; others do not carry its weight.

Signs beyond the common block (CJK extensions A–I, U+3400–4DBF and planes 2 and 3) stand in titles, headings and notes
of any page, so it is the finished page that is asked, not each template.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lienthu.web.tags.frame import asset

SHEET = "han-nom.css"
# By this header a part of a page, which has no head, tells the script the sheet it needs (scripts/han-nom.js).
HEADER = "X-Style-Sheet"
# The first bytes of these signs in UTF-8: none of them begins a Latin or Vietnamese letter.
_BEYOND = re.compile(rb"\xe3[\x90-\xbf]|\xe4[\x80-\xb6]|\xf0[\xa0-\xbf]")
_END_OF_HEAD = b"</head>"


class HanNomMiddleware:
    """Add the sheet to the head of a page with such signs, or name it in a header when the answer has no head."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            _add_sheet(response)
        return response


def _add_sheet(response: HttpResponse) -> None:
    page = response.content
    if not _BEYOND.search(page):
        return
    address = asset(SHEET)
    head, found, rest = page.partition(_END_OF_HEAD)
    if not found:
        response[HEADER] = address
        return
    response.content = b'%s<link rel="stylesheet" href="%s">%s%s' % (head, address.encode(), found, rest)
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))
