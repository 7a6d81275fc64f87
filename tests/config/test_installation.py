"""The installation's own checks, and commands that must not start a database."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from config import checks, locale_check
from config.browser import fetch
from config.commands import needs_database
from config.datadir import secret_key
from partnerships.pictures import world


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


def test_maps_without_countries_are_told_with_the_remedy(settings, tmp_path) -> None:
    settings.BROWSER_PACKAGES = tmp_path
    [warning] = checks.shapes_of_countries_are_installed(None)
    assert "make install" in warning.hint
    package = tmp_path / "node_modules" / "world-atlas"
    package.mkdir(parents=True)
    assert checks.shapes_of_countries_are_installed(None), "an empty folder draws nothing"
    for detail in world.GRIDS:
        (package / f"countries-{detail}.json").touch()
    assert checks.shapes_of_countries_are_installed(None) == []


def test_packages_are_fetched_by_the_machines_npm_or_by_one_from_pypi(monkeypatch) -> None:
    versions = iter(["v20.1.0\n", "v16.9.0\n"])
    monkeypatch.setattr(fetch, "run", lambda command: SimpleNamespace(stdout=next(versions)))
    monkeypatch.setattr(fetch.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert fetch.own_npm() == ["/usr/bin/npm"]
    assert fetch.own_npm() is None, "too old to read the lock file"
    monkeypatch.setattr(fetch.shutil, "which", lambda name: None)
    assert fetch.own_npm() is None


def test_without_npm_the_installation_goes_on_and_says_so(monkeypatch, tmp_path, capsys) -> None:
    def refused(*args, **kwargs):
        raise subprocess.CalledProcessError(1, "npm", stderr="npm error network")

    monkeypatch.setattr(fetch.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(fetch, "own_npm", lambda: ["npm"])
    monkeypatch.setattr(fetch, "run", refused)
    assert fetch.main() == 1
    assert "npm error network" in capsys.readouterr().err
