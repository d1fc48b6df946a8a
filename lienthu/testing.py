"""What tests of all modules share."""

import os
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).resolve().parent.parent


def shared_data(path: str = "") -> Path:
    """A file or folder of the collected real data; the test is skipped, visibly, where it is absent.

    The data lies in ``shared/data`` beside the checkout, or where ``LIENTHU_SHARED_DATA`` points.
    """
    root = Path(os.environ.get("LIENTHU_SHARED_DATA") or _CHECKOUT.parent / "shared" / "data")
    found = root / path
    if not found.exists():
        pytest.skip(f"shared data not here: {found}")
    return found
