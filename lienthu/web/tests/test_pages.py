import pytest
from django.template.loader import render_to_string


@pytest.mark.parametrize("name", ["400", "403_csrf", "500", "503"])
def test_error_pages_need_no_request_and_say_what_to_do_next(name):
    html = render_to_string(f"{name}.html")
    assert "Làm gì tiếp theo" in html
    assert "<style" not in html and "style=" not in html


@pytest.mark.django_db
def test_a_missing_page_offers_the_search_box(client):
    answer = client.get("/khong-co-trang-nay")
    assert answer.status_code == 404
    assert 'action="/tim-kiem"' in answer.content.decode()


@pytest.mark.django_db
def test_the_service_worker_keeps_only_public_files(client):
    script = client.get("/sw.js")
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    kept = script.content.decode().split("const KEPT = [")[1].split("]")[0]
    assert kept.count(",") == 3
    assert "ngoai\\u002Dtuyen" in kept
    assert "tai\\u002Dkhoan" not in kept


@pytest.mark.django_db
def test_the_site_can_be_kept_on_a_phone(client):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    assert answer.json()["short_name"] == "Liên Thư"


@pytest.mark.django_db
def test_the_gallery_does_not_exist_outside_development(client):
    assert client.get("/thanh-phan").status_code == 404


@pytest.mark.django_db
def test_pages_speak_english_on_request(client):
    client.cookies["django_language"] = "en"
    html = client.get("/khong-co-trang-nay").content.decode()
    assert '<html lang="en">' in html
    assert "There is no such page" in html
    assert 'lang="vi"' in html
