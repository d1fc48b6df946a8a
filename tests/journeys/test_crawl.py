"""Every page that one can reach from the home page by links answers, in Vietnamese and in English."""

import re
import urllib.error
import urllib.request
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.journeys.conftest import Product

PAGES = 220
# Each of these is one page with endless variations of its parameters.
PER_PATH = 3
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
MAIN = re.compile(r"<main\b[^>]*>(.*?)</main>", re.DOTALL)
ICON = re.compile(r'<use href="([^"#]+)#([^"]+)"')
VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]", re.IGNORECASE)


def _open(url: str, language: str) -> tuple[int, str, str]:
    request = urllib.request.Request(url, headers={"Accept-Language": language})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, "", ""


def _missing_icons(url: str, text: str, sprites: dict[str, str]) -> list[str]:
    """Names of icons on a page that the sprite does not have: a browser shows nothing in their place."""
    used = set(ICON.findall(text))
    for sprite, _ in used:
        if sprite not in sprites:
            sprites[sprite] = _open(urljoin(url, sprite), "vi")[2]
    return [name for sprite, name in used if f'id="{name}"' not in sprites[sprite]]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_link_from_the_home_page_is_broken_or_empty(product: Product, language: str) -> None:
    waiting, seen, per_path = deque([product.url + "/"]), {product.url + "/"}, dict[str, int]()
    broken: list[tuple[str, str]] = []
    sprites: dict[str, str] = {}
    visited = 0
    while waiting and visited < PAGES:
        url = waiting.popleft()
        visited += 1
        status, kind, text = _open(url, language)
        if status != 200:
            broken.append((url, str(status)))
            continue
        if kind != "text/html":
            continue
        main = MAIN.search(text)
        words = re.sub(r"<[^>]+>", " ", main[1]) if main else ""
        if len(words.split()) < 3:
            broken.append((url, "empty"))
        if language == "vi" and not VIETNAMESE.search(words):
            broken.append((url, "no Vietnamese"))
        broken += [(url, f"no icon {name}") for name in _missing_icons(url, text, sprites)]
        if f'lang="{language}"' not in text[:400]:
            broken.append((url, "another language"))
        for found in LINK.findall(text):
            link = urldefrag(urljoin(url, found.replace("&amp;", "&")))[0]
            path = re.sub(r"/[^/]*$", "", urlsplit(link).path)
            if not link.startswith(product.url) or link in seen or per_path.get(path, 0) >= PER_PATH * 8:
                continue
            per_path[path] = per_path.get(path, 0) + 1
            seen.add(link)
            waiting.append(link)
    assert not broken, broken[:20]
    assert visited > 60
