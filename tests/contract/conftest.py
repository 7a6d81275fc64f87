"""What the tests of the contract share: the description as it is now, and a registry that is served."""

import os
from collections.abc import Iterator

import pytest

from tests.contract.release import describe
from tests.contract.served import Registry, serve_copy


@pytest.fixture(scope="session")
def description() -> dict:
    """The description as it is generated now; a warning fails."""
    return describe()


@pytest.fixture(scope="session")
def served(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Registry]:
    """A served registry with the demonstration; the tests of a run share it, so they only add."""
    name = f"served_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"
    with django_db_blocker.unblock(), serve_copy(tmp_path_factory.mktemp("served"), name) as registry:
        yield registry
