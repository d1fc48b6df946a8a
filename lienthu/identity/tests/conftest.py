import pytest

from lienthu.identity.tests.factories import Cast, make_cast


@pytest.fixture
def cast(db) -> Cast:
    """The fixed cast in its network."""
    return make_cast()
