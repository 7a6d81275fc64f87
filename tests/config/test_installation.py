"""The installation's own checks, and commands that must not start a database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from config import checks, locale_check
from config.commands import needs_database
from config.datadir import secret_key


def test_production_settings_pass_the_deployment_check(manage: Callable) -> None:
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING",
        HTTPS="true", ALLOWED_HOSTS="registry.example.org",
        SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first = secret_key(folder)
    assert len(first) > 50
    assert secret_key(folder) == first
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("migrate", True), ("shell", True), ("check --database default", True), ("check", False),
        ("help", False), ("", False), ("migrate --help", False), ("serve", False),
        ("collectstatic --noinput", False),
    ],
)  # fmt: skip
def test_which_commands_start_the_database(words: str, expected: bool) -> None:
    assert needs_database(["manage.py", *words.split()]) is expected


@pytest.mark.django_db
def test_the_c_locale_is_refused_with_the_remedy(monkeypatch) -> None:
    assert checks.database_is_fit(None, ["default"]) == []
    monkeypatch.setattr(locale_check, "_QUESTION", "SELECT 140000, 'LATIN1', 'C'")
    problems = locale_check.database_problems(connection)
    assert len(problems) == 3
    assert "15 or newer" in problems[0]
    assert "TEMPLATE template0" in problems[2]
    assert [error.id for error in checks.database_is_fit(None, ["default"])] == ["config.E002"] * 3


def test_psycopg_3_is_refused(monkeypatch) -> None:
    assert checks.psycopg2_is_the_driver(None) == []
    monkeypatch.setattr(locale_check.importlib.util, "find_spec", lambda name: object())
    [error] = checks.psycopg2_is_the_driver(None)
    assert "pip uninstall psycopg" in error.msg
