"""Reading from other machines: every fetch has limits of time and size and never reaches into private networks.

    answer = fetch(url, seconds=30, max_bytes=8 << 20)          # Fetched: status, headers, body, final_url
    with open_stream(url, seconds=600, max_bytes=1 << 30) as stream:
        for chunk in stream: ...
    answer = post(url, body=b"…", headers={…}, seconds=20)      # for gateways of messages; never redirected

All raise FetchRefused (we will not: the address, a redirect, the size) or FetchFailed (it did not work: time, network,
an error status); `sentence(error)` says either in words. Nothing else in the product opens a connection to an address
that a person or another machine named; what does not speak HTTP asks `checked_addresses` and connects to its answer.
"""

from lienthu.kernel.fetching.addresses import checked_addresses
from lienthu.kernel.fetching.errors import FetchError, FetchFailed, FetchRefused, sentence
from lienthu.kernel.fetching.transport import Fetched, Stream, fetch, open_stream, post

__all__ = [
    "FetchError",
    "FetchFailed",
    "FetchRefused",
    "Fetched",
    "Stream",
    "checked_addresses",
    "fetch",
    "open_stream",
    "post",
    "sentence",
]
