"""While the database restarts, pages say so and when to come back."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client


@pytest.fixture
def away(transactional_db: None) -> Iterator[None]:
    """Connections lead to a port where nobody listens."""
    connection.close()
    kept = connection.settings_dict
    connection.settings_dict = kept | {"HOST": "127.0.0.1", "PORT": "9", "OPTIONS": {"connect_timeout": 2}}
    yield
    connection.close()
    connection.settings_dict = kept


def test_a_page_without_database_is_a_503_with_a_time_to_come_back(away: None) -> None:
    answer = Client(raise_request_exception=False).get("/thu-vien/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Hệ thống tạm nghỉ ít phút" in answer.content.decode()
