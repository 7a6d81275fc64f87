"""The two health addresses say what is true."""

import pytest
from django.db import OperationalError

from config import health


def test_healthz_asks_nothing_of_the_database(client) -> None:
    response = client.get("/healthz")  # pytest-django would refuse a query here
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert not response.cookies


@pytest.mark.django_db
def test_readyz_when_all_is_well(client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok", "locale": "ok", "migrations": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("database", OperationalError("secret host name")),
        ("locale", "LC_CTYPE is C"),
        ("migrations", "2 not applied"),
    ],
)
def test_readyz_names_what_fails(client, monkeypatch, name: str, outcome) -> None:
    def check() -> str:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setitem(health._CHECKS, name, check)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert [key for key, value in response.json()["checks"].items() if value != "ok"] == [name]
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_pending_migrations_are_seen(monkeypatch) -> None:
    monkeypatch.setattr("config.health.MigrationExecutor.migration_plan", lambda self, targets: [1, 2])
    assert health._migrations() == "2 not applied"
