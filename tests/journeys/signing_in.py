"""How journeys enter."""

import re

from playwright.sync_api import Page

from tests.journeys.conftest import Product


def sign_in(page: Page, product: Product, name: str, then: str = "/ban-lam-viec/") -> None:
    """Sign in as the demonstration account of this name, and wait for the page that was wanted."""
    page.goto(f"/tai-khoan/dang-nhap/?next={then}")
    page.fill("[name=login]", name)
    page.fill("[name=password]", product.passwords[name])
    page.keyboard.press("Enter")
    # not the page of signing in, whose address names the wanted one after ?next=
    page.wait_for_url(re.compile(rf"^[^?]*{re.escape(then)}$"))
