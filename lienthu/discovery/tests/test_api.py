"""The JSON API of search and records, with the names that outside programs rely on."""

import pytest
from django.test import Client

from lienthu.catalogue.tests.factories import cluster
from lienthu.discovery.tests.conftest import Network

PROMISED = {
    *("id", "title", "authors", "year", "publisher", "isbn", "language", "type", "libraries", "available", "manifest"),
}


def test_search_answers_in_the_promised_form(network: Network, client: Client) -> None:
    answer = client.get("/api/v1/search?q=truyen+kieu&size=1").json()
    assert {"total", "items", "facets", "took_ms"} <= answer.keys()
    (item,) = answer["items"]
    assert item.keys() >= PROMISED
    assert (answer["total"], item["id"], item["year"], item["language"]) == (2, cluster("kieu").public_id, 1979, "vie")
    assert (item["isbn"], item["libraries"], item["available"], item["manifest"]) == (
        ["9786041012349"],
        ["VN-T-TINH", "VN-T-XA"],
        True,
        None,
    )
    assert {"value": "VN-T-XA", "label": "Thư viện xã Tân Trào", "count": 1} in answer["facets"]["library"]


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("library=VN-T-XA", 3),
        ("language=vie", 6),
        ("type=BOOK", 5),
        ("year_from=1975&year_to=1985", 3),
        ("digital=true", 0),
        ("available=true", 2),
        ("q=kiều&sort=year_asc&page=2&size=2", 3),
        ("page=50", 7),
        ("q=%22", 0),
    ],
)
def test_search_narrows_by_its_parameters(network: Network, client: Client, query: str, total: int) -> None:
    assert client.get(f"/api/v1/search?{query}").json()["total"] == total


def test_a_page_behind_the_last_is_empty(network: Network, client: Client) -> None:
    answer = client.get("/api/v1/search?page=50").json()
    assert (answer["total"], answer["items"], answer["page"]) == (7, [], 50)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=-1", "page"),
        ("page=abc", "page"),
        ("size=101", "size"),
        ("sort=best", "sort"),
        ("year_from=x", "year_from"),
        ("digital=perhaps", "digital"),
        ("q=" + "a" * 10_001, "q"),
    ],
)
def test_parameters_of_a_wrong_type_are_a_problem_that_names_them(
    network: Network, client: Client, query: str, parameter: str
) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == 422 and [error["parameter"] for error in problem["errors"]] == [parameter]


def test_a_record_has_its_public_copies_only(network: Network, client: Client) -> None:
    answer = client.get(f"/api/v1/records/{cluster('kieu').public_id}")
    assert answer["Access-Control-Allow-Origin"] == "*"
    record = answer.json()
    assert (record["title"], record["subtitle"]) == ("Truyện Kiều", "đoạn trường tân thanh")
    assert sorted(copy["status"] for copy in record["copies"]) == [
        *("AVAILABLE", "AVAILABLE", "AVAILABLE", "ON_LOAN", "REFERENCE_ONLY"),
    ]
    assert client.get(f"/api/v1/records/{cluster('an').public_id}").json()["copies"] == []


def test_an_unknown_record_is_a_problem(network: Network, client: Client) -> None:
    answer = client.get("/api/v1/records/khongco")
    assert (answer.status_code, answer["Content-Type"], answer.json()["status"]) == (
        404,
        "application/problem+json",
        404,
    )


def test_openapi_describes_both(client: Client, db: None) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/search", "/api/v1/records/{public_id}"} <= paths.keys()
