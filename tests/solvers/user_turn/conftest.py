"""What tests of servers of completions share."""

from collections.abc import Iterator

import pytest

from .loopback import Loopback, serving


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with serving() as server:
        yield server
