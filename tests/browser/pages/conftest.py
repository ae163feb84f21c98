"""The sample site behind a loopback address, built once for all tests of its pages."""

from collections.abc import Iterator

import pytest

from ..chromium import served
from .sample import Sample


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    sample = Sample(tmp_path_factory.mktemp("sample"))
    with served(sample.out) as address:
        sample.origin = address.rstrip("/")
        yield sample
