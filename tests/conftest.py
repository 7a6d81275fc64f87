"""Fixtures that every room's tests share."""

import json
import os
from collections.abc import Callable
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Country
from partnerships.querysets.document_texts import forget_texts
from partnerships.search.tsquery import compile_clauses
from tests.plugins.emptying import remember_seed

QUERY_COUNTS = Path(__file__).parent / "query_counts.json"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        remember_seed()


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture(autouse=True)
def media_of_the_test(settings, tmp_path):
    """Files that a test stores vanish with it."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def no_texts_remembered():
    """Whether documents can be searched is asked anew by each test."""
    forget_texts()


@pytest.fixture(autouse=True)
def countries_stand(request):
    """Where a test that commits had to empty every table, the countries of the migration went too."""
    marked = request.node.get_closest_marker("django_db")
    asked = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not marked and not asked:
        return
    if asked:
        request.getfixturevalue("db")
    if not Country.objects.exists():
        import_module("partnerships.migrations.0003_pairs_and_countries").seed_countries(apps, None)


@pytest.fixture
def counted_queries(monkeypatch) -> Callable:
    """Hold a block's number of SQL statements against the committed figure.

    ``with counted_queries("GET /agreements/"): …`` fails when the figure in ``query_counts.json``
    differs. ``ENTENTE_COUNT_QUERIES=write`` (without xdist) writes the figure instead: commit it
    with the reason for the change.
    """

    # Looked up now and then: by whichever question comes first.
    monkeypatch.setattr("partnerships.search.answers._known_cards", lambda: 1)
    monkeypatch.setattr("partnerships.querysets.document_texts._known", (float("inf"), False))

    @contextmanager
    def counting(name: str):
        compile_clauses.cache_clear()
        with CaptureQueriesContext(connection) as captured:
            yield captured
        figures = json.loads(QUERY_COUNTS.read_text()) if QUERY_COUNTS.exists() else {}
        if os.environ.get("ENTENTE_COUNT_QUERIES") == "write":
            figures[name] = len(captured)
            QUERY_COUNTS.write_text(json.dumps(dict(sorted(figures.items())), indent=2) + "\n")
            return
        statements = "\n".join(query["sql"] for query in captured.captured_queries)
        assert name in figures, f"no figure for “{name}”; it takes {len(captured)} statements:\n{statements}"
        assert len(captured) == figures[name], (
            f"{len(captured)} statements, not {figures[name]}:\n{statements}"
        )

    return counting
