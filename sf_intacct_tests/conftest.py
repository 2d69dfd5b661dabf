"""Property tests try the same examples every time, and no test is judged by a clock."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from sf_intacct_tests.postgres import served

settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL, started for this session."""
    with served() as url:
        yield url
