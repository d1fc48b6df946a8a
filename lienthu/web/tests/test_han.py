"""Han and Nom signs beyond the common block: which pages get their fonts, and what the fonts hold."""

import re

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from lienthu.web.han import HEADER, HanNomMiddleware
from lienthu.web.tests.test_assets import covered

PAGE = "<html><head><title>Sách</title></head><body>%s</body></html>"
LINK = '<link rel="stylesheet" href="/static/dist/han-nom.css"></head>'


@pytest.fixture(autouse=True)
def plain_addresses(settings):
    settings.DEBUG = True
    settings.STATIC_URL = "/static/"


def answered(body: str, *, content_type: str = "text/html; charset=utf-8") -> HttpResponse:
    answer = HanNomMiddleware(lambda request: HttpResponse(body, content_type=content_type))
    response = answer(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize("sign", ["𡨸", "𤾓", "㐌", "𫇐", "䶵"])
def test_a_page_with_a_sign_beyond_the_common_block_gets_the_sheet(sign):
    text = answered(PAGE % sign).content.decode()
    assert text == (PAGE % sign).replace("</head>", LINK)


@pytest.mark.parametrize("text", ["Truyện Kiều", "đất rừng Ở Ỹ “…” – ₫", "金雲翹", "カナ", "😀", ""])
def test_a_page_without_such_a_sign_is_left_as_it_is(text):
    response = answered(PAGE % text)
    assert response.content.decode() == PAGE % text
    assert HEADER not in response


def test_a_part_of_a_page_names_the_sheet_in_a_header():
    response = answered("<tr><td>𡨸</td></tr>")
    assert response.content.decode() == "<tr><td>𡨸</td></tr>"
    assert response[HEADER] == "/static/dist/han-nom.css"


def test_other_kinds_of_answers_are_left_alone():
    assert answered("𡨸</head>", content_type="application/xml").content.decode() == "𡨸</head>"
    streamed = HanNomMiddleware(lambda request: StreamingHttpResponse(["𡨸"]))(RequestFactory().get("/"))
    assert isinstance(streamed, StreamingHttpResponse)


def faces(sheet: str, prefix: str) -> dict[str, set[int]]:
    found = re.findall(r"(@font-face\{[^}]*url\(fonts/((?:han|nom)-[\w-]+\.woff2)\)[^}]*\})", sheet)
    return {name: covered(face) for face, name in found if name.startswith(prefix)}


def test_vietnamese_signs_come_in_small_files_and_all_others_in_whole_ones(dist):
    sheet = (dist / "han-nom.css").read_text()
    small, whole = faces(sheet, "nom"), faces(sheet, "han")
    # of two faces that hold a sign the later one is used
    assert sheet.index("fonts/nom-") > sheet.rindex("fonts/han-")
    assert max((dist / "fonts" / name).stat().st_size for name in small) < 80_000
    signs = {ord(sign) for sign in "𤾓𢆥𥪞𡎝𠊛些𡨸𡗶㐌𠄼" if ord(sign) > 0xFFFF or sign == "㐌"}
    assert signs <= set().union(*small.values())
    assert set().union(*small.values()) <= set().union(*whole.values())
    # Extensions A to F, but for the few signs that the font does not draw
    assert len(set().union(*whole.values())) > 60_000
